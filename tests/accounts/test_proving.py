"""The second step: which codes are right, how often, and what they open."""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
import segno
from litestar import Litestar
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.proofs import FRESH_FOR, HALFWAY, Factor
from bostad.accounts.service import disable_user
from bostad.accounts.sessions import actor_for_token, timed_out_user
from bostad.accounts.tables import Authenticator, RecoveryCode, User
from bostad.accounts.tokens import hash_of, written_code
from bostad.accounts.totp import TYPING, left_at, matching_step, new_key
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, OutOfStep, TooMany
from bostad.records import Sessions
from tests.accounts.halfway import half, now, prove
from tests.browsing import Browser
from tests.factories import NOON, UserFactory
from tests.people import APP_SECRET, HASHED, PASSWORD, code_at

Browse = Callable[[User | None], Browser]
RECOVERY = written_code(b"0123456789")
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def user(rows: Session) -> User:
    made: User = UserFactory(password_hash=HASHED)
    return made


def test_a_secret_is_given_so_that_people_apps_and_cameras_can_read_it() -> None:
    secret = b"12345678901234567890"
    key = new_key(secret, "anna.andersson")

    assert key.written == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert key.link.startswith("otpauth://totp/bostad:anna.andersson?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&")
    assert pyotp.parse_uri(key.link).generate_otp(int(NOON.timestamp()) // 30) == code_at(NOON + TYPING, secret)
    code = segno.make_qr(key.link).matrix
    drawn = [re.findall(r"h1\.0|m1 0", row) for row in key.picture.split("M")[1:]]
    assert [[step == "h1.0" for step in row] for row in drawn] == [[bool(square) for square in row] for row in code]
    assert key.size == len(code) + 8
    assert len(new_key(b"another twenty bytes", "anna.andersson").picture) == len(key.picture)


def test_a_code_is_right_for_half_a_minute_in_all() -> None:
    """S18. ASVS V6.5.5: from the sixth second after an app shows it to the fifth after it shows the next."""
    shown = NOON
    code = pyotp.TOTP(base64.b32encode(APP_SECRET).decode()).at(shown)
    moments = {second: shown + timedelta(seconds=second) for second in range(-60, 91)}

    taken = {second for second, at in moments.items() if matching_step(APP_SECRET, code, after=0, at=at) is not None}

    assert taken == set(range(5, 35))
    assert matching_step(APP_SECRET, code, after=0, at=moments[35] - timedelta(milliseconds=1)) is not None
    assert [left_at(moments[second]) for second in (5, 6, 34)] == [30, 29, 1]


def test_what_is_just_over_is_told_what_to_do(sessions: Sessions, rows: Session, user: User) -> None:
    """U14: the same words as for a wrong one, and they help: the next code works."""
    known = half(sessions, user)
    with pytest.raises(Invalid) as refused:
        prove(sessions, known, code_at(NOON - HALF_MINUTE))

    assert "take the next one" in str(refused.value.fields["code"])
    assert prove(sessions, known, code_at(NOON)) is Factor.AUTHENTICATOR


def test_the_code_renews_the_session_and_opens_it(sessions: Sessions, rows: Session, user: User) -> None:
    """S22: the token of the first step is dead after the second. ASVS V7.2.4."""
    known = half(sessions, user)
    assert (known[1].proved, known[1].fresh) == (False, False)

    assert prove(sessions, known) is Factor.AUTHENTICATOR

    assert actor_for_token(sessions, "token", at=NOON) is None
    renewed = now(sessions, "next")[1]
    assert (renewed.proved, renewed.fresh) == (True, True)
    assert now(sessions, "next", at=NOON + FRESH_FOR - timedelta(seconds=1))[1].fresh
    assert not now(sessions, "next", at=NOON + FRESH_FOR)[1].fresh
    row = rows.exec(select(AuditRow)).one()
    assert (row.action, row.facts) == ("session.begun", {"factor": "authenticator"})
    rows.expire_all()
    assert rows.get_one(User, user.id).entered_at == NOON


@pytest.mark.parametrize("back", [0, 1], ids=["the same code", "an older one"])
def test_a_code_that_was_used_is_refused_whoever_sends_it_again(
    back: int, sessions: Sessions, rows: Session, user: User
) -> None:
    """Replay: also in another session, and also the code of the half minute before. ASVS V6.5.1."""
    prove(sessions, half(sessions, user))
    again = half(sessions, user, token="thief")

    with pytest.raises(Invalid):
        prove(sessions, again, code_at(NOON - back * HALF_MINUTE))
    later = NOON + HALF_MINUTE
    assert prove(sessions, again, code_at(later), at=later, token="third") is Factor.AUTHENTICATOR


@pytest.mark.parametrize("typed", ["000000", "12345", "1234567", "abcdef", "²²²²²²", "٣٤٥٦٧٨", "-", RECOVERY])
def test_anything_else_is_refused_and_written_down(typed: str, sessions: Sessions, rows: Session, user: User) -> None:
    """ASVS V16.3.1."""
    known = half(sessions, user)

    with pytest.raises(Invalid) as refused:
        prove(sessions, known, typed)

    assert list(refused.value.fields) == ["code"]
    assert not now(sessions, "token")[1].proved
    assert rows.exec(select(AuditRow.action)).all() == ["factor.refused"]


def test_spaces_in_a_code_do_not_matter(sessions: Sessions, user: User) -> None:
    """U19."""
    code = code_at(NOON)

    assert prove(sessions, half(sessions, user), f" {code[:3]} {code[3:]} ") is Factor.AUTHENTICATOR


def test_another_persons_code_is_not_mine(sessions: Sessions, rows: Session, user: User) -> None:
    """The seal is a person's own: a secret moved to another row opens nothing."""
    other = UserFactory(password_hash=HASHED)
    mine, theirs = (
        rows.exec(select(Authenticator).where(Authenticator.user_id == one.id)).one() for one in (user, other)
    )
    mine.sealed = theirs.sealed
    rows.commit()

    with pytest.raises(Invalid):
        prove(sessions, half(sessions, user))


def test_the_database_holds_no_secret_that_can_be_read(rows: Session, user: User) -> None:
    """S43. ASVS V6.5.2."""
    assert APP_SECRET not in rows.exec(select(Authenticator.sealed)).one()


def test_a_recovery_code_works_once_however_it_is_typed(sessions: Sessions, rows: Session, user: User) -> None:
    """U19; and it is told at the next occasion that one was used. ASVS V6.5.4."""
    rows.add(RecoveryCode(user_id=user.id, code_hash=hash_of(RECOVERY)))
    rows.commit()

    assert prove(sessions, half(sessions, user), RECOVERY.lower().replace("-", " ")) is Factor.RECOVERY_CODE

    with pytest.raises(Invalid):
        prove(sessions, half(sessions, user, token="again"), RECOVERY)


@pytest.mark.parametrize(
    ("gap", "tries"),
    [(timedelta(), 5), (timedelta(minutes=2), 20), (timedelta(minutes=20), 50)],
    ids=["5 in 5 minutes", "20 in an hour", "50 in a day"],
)
def test_tries_are_counted_over_three_lengths_of_time(
    gap: timedelta, tries: int, sessions: Sessions, rows: Session, user: User
) -> None:
    """S25. ASVS V6.6.3."""
    start = NOON.replace(hour=0)
    moments = [start + turn * gap for turn in range(tries + 1)]
    told = []
    for turn, at in enumerate(moments):
        known = half(sessions, user, token=str(turn), at=at)
        with pytest.raises((Invalid, TooMany)) as refused:
            prove(sessions, known, "000000", at=at)
        told.append(refused.type)

    assert told == [Invalid] * tries + [TooMany]


def test_right_codes_are_not_counted(sessions: Sessions, rows: Session, user: User) -> None:
    """S25 limits guessing, not working."""
    for turn in range(12):
        at = NOON + turn * HALF_MINUTE
        prove(sessions, half(sessions, user, token=str(turn), at=at), at=at, token=f"next {turn}")

    assert len([row for row in rows.exec(select(AuditRow)) if row.action == "session.begun"]) == 12


def test_who_is_disabled_between_the_steps_stays_out(sessions: Sessions, rows: Session, user: User) -> None:
    """S22."""
    known = half(sessions, user)
    disable_user(sessions, user.id, by=None, at=NOON)

    with pytest.raises(OutOfStep):
        prove(sessions, known)
    assert [actor_for_token(sessions, token, at=NOON) for token in ("token", "next")] == [None, None]


def test_halfway_lasts_a_quarter_of_an_hour_whatever_is_done(sessions: Sessions, user: User) -> None:
    """S21; and nothing is kept for it afterwards, since nothing could have been written in it (U35)."""
    half(sessions, user)

    assert actor_for_token(sessions, "token", at=NOON + HALFWAY - timedelta(seconds=1)) is not None
    assert actor_for_token(sessions, "token", at=NOON + HALFWAY) is None
    assert timed_out_user(sessions, "token", at=NOON + HALFWAY) is None


@pytest.mark.parametrize("role", Role)
def test_whoever_has_given_her_password_alone_can_do_nothing_but_prove_the_rest(
    role: Role, app: Litestar, browse: Browse, rows: Session
) -> None:
    """Every page and every change of the house, with a session of one factor."""
    user, browser = UserFactory(role=role, password_hash=HASHED), browse(None)
    browser.post("/sign-in", follow=False, username=user.username, password=PASSWORD)
    doors = [
        (method, route.path)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods - {"HEAD", "OPTIONS"}
        if not handler.opt.get("public") and not route.path.startswith("/second-step")
    ]
    open_ones = {door for door in doors if not _is_led_to_second_step(browser, *door)}

    assert len(doors) > 80
    assert open_ones == set()
    shown = browser.get("/")
    assert shown.url.path == "/second-step"
    assert (shown.status_code, user.name in shown.text) == (200, False)


def _is_led_to_second_step(browser: Browser, method: str, path: str) -> bool:
    address = re.sub(r"\{[a-z_]+:str\}", "nothing", re.sub(r"\{[a-z_]+:uuid\}", str(uuid4()), path))
    answer = browser.get(address, follow_redirects=False) if method == "GET" else browser.post(address, follow=False)
    location: str = answer.headers.get("location", "")
    return location.startswith("/second-step?next=")
