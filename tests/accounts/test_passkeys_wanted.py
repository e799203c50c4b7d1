"""S18: whoever reads cases, or says who may, is proved by a passkey and by nothing else."""

import html
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from httpx import Response
from litestar import Litestar
from sqlmodel import Session, col, select

from bostad.accounts import service
from bostad.accounts.access import KEYED_ROLES, OrganisationKind, Role
from bostad.accounts.starting_over import agree, ask_start_over, requests_to_decide
from bostad.accounts.tables import Authenticator, OneTimeCode, Organisation, Passkey, RecoveryCode, SignedIn, User
from bostad.accounts.tokens import hash_of, written_code
from bostad.app import create_app
from bostad.records import Sessions, clock
from tests.accounts.soft_key import SoftKey
from tests.browsing import HOST, Browser, words
from tests.conftest import SETTINGS
from tests.factories import BoardFactory, UnitFactory, UserFactory, actor
from tests.people import CHEAP, HASHED, PASSWORD, code_now
from tests.roles import databases_of

CODE = written_code(b"0123456789")
HERE = {"origin": HOST, "domain": "testserver.local"}
People = Callable[[Role], User]


@pytest.fixture
def app(sessions: Sessions) -> Litestar:
    """Put the web together as in production: a code is not enough."""
    strict = replace(SETTINGS, codes_suffice=False)
    return create_app(strict, databases_of(sessions), passwords=CHEAP, schema_is_current=lambda: True)


@pytest.fixture
def board(rows: Session) -> Organisation:
    made: Organisation = BoardFactory()
    return made


@pytest.fixture
def person(board: Organisation) -> People:
    """Make people who have a password and an app, and have been here."""

    def make(role: Role) -> User:
        company = role is Role.HOUSING_STAFF
        home = BoardFactory(kind=OrganisationKind.HOUSING_COMPANY) if company else board
        unit = UnitFactory(board=home)
        entered = datetime(2026, 1, 1, tzinfo=UTC)
        made: User = UserFactory(organisation=home, unit=unit, role=role, password_hash=HASHED, entered_at=entered)
        return made

    return make


@pytest.mark.parametrize("role", sorted(KEYED_ROLES))
def test_with_an_app_alone_one_is_led_to_make_a_passkey_before_anything_else(
    role: Role, app: Litestar, rows: Session, person: People
) -> None:
    """S18: the database too knows nobody until the passkey is made."""
    user, browser, key = person(role), Browser(app), SoftKey()

    shown = browser.sign_in(user.username, to="/me")
    assert (shown.url.path, "inloggningsnyckel" in words(shown)) == ("/second-step/new", True)
    assert "data-passkey=" in shown.text
    assert "/second-step/new/app" not in shown.text
    assert browser.get("/me").url.path == "/second-step/new"
    session = rows.exec(select(SignedIn).where(col(SignedIn.ended_at).is_(None))).one()
    assert (session.proved_at, session.code_at is None) == (None, False)

    made = _make(browser, browser.get("/second-step/new?next=/me"), key)
    assert made.url.path == "/me"
    assert rows.exec(select(RecoveryCode)).all() == []
    browser.post("/sign-out")

    browser.post("/sign-in", username=user.username, password=PASSWORD, next="/me", follow=False)
    asked = browser.get("/second-step?next=/me")
    assert _use(browser, asked, key).url.path == "/me"


def test_a_browser_without_passkeys_or_scripts_is_told_which_ones_have_them(app: Litestar, person: People) -> None:
    """ASVS 3.1.1 and 3.7.5: the sentence stands on the page, and the script takes it away where there are passkeys.

    ASVS V3.7.5.
    """
    shown = Browser(app).sign_in(person(Role.SOCIAL_WORKER).username)

    assert "data-no-passkeys" in shown.text
    assert "Firefox 119" in words(shown)
    assert "hidden" in shown.text.partition("data-passkeys")[2].partition(">")[0]


def test_whoever_cannot_make_a_passkey_here_can_leave_the_computer_to_the_next(app: Litestar, person: People) -> None:
    """S20: the session of the first step is not left open for a quarter of an hour; one button ends it."""
    browser = Browser(app)
    shown = browser.sign_in(person(Role.SOCIAL_WORKER).username)

    assert 'action="/sign-out"' in shown.text
    browser.post("/sign-out")
    assert browser.get("/second-step/new").url.path == "/sign-in"


def test_who_lets_homes_goes_on_with_a_code(app: Litestar, person: People) -> None:
    browser = Browser(app)

    assert browser.sign_in(person(Role.HOUSING_STAFF).username, to="/me").url.path == "/me"


def test_whoever_has_a_passkey_is_asked_for_it_and_no_code_is_taken(
    app: Litestar, rows: Session, person: People
) -> None:
    """S18: a false page could ask her for a code, of the app or on paper; for a passkey it asks in vain.

    ASVS V6.3.3.
    """
    user, browser, key = person(Role.ADMINISTRATOR), Browser(app), SoftKey()
    _make(browser, browser.sign_in(user.username, to="/me"), key)
    rows.add(RecoveryCode(user_id=user.id, code_hash=hash_of(CODE)))
    rows.commit()
    browser.post("/sign-out")

    asked = browser.post("/sign-in", username=user.username, password=PASSWORD, next="/me")
    assert 'name="code"' not in asked.text
    for code in (code_now(), CODE):
        assert browser.post("/second-step", code=code).status_code == 422
    for address in ("/second-step/new", "/me", "/users"):
        assert browser.get(address).url.path == "/second-step"

    refused = browser.post("/second-step/new/passkey", name="Another", answer=SoftKey(id=b"another").made(b"x" * 32))
    assert refused.url.path == "/second-step"
    assert len(rows.exec(select(Passkey)).all()) == 1


def test_neither_app_nor_recovery_codes_are_set_up_where_they_prove_nothing(
    app: Litestar, rows: Session, person: People
) -> None:
    browser = Browser(app)
    _make(browser, browser.sign_in(person(Role.SOCIAL_WORKER).username, to="/me"), SoftKey())

    assert browser.post("/me/recovery-codes").status_code == 403
    assert browser.post("/second-step/new/app", code="123456").status_code == 403
    assert rows.exec(select(RecoveryCode)).all() == []
    assert "/me/recovery-codes" not in browser.get("/me").text


def test_the_last_passkey_stays_whatever_else_there_is(app: Litestar, rows: Session, person: People) -> None:
    """An app that was set up before is no second factor any more, and may go."""
    browser = Browser(app)
    _make(browser, browser.sign_in(person(Role.UNIT_MANAGER).username, to="/me"), SoftKey())
    only = rows.exec(select(Passkey)).one()

    assert browser.post(f"/me/passkeys/{only.id}/remove").status_code == 403
    assert "/me/passkeys" not in browser.get("/me").text
    browser.post("/me/app/remove")
    assert rows.exec(select(Authenticator)).all() == []

    _make(browser, browser.get("/second-step/new?next=/me"), SoftKey(id=b"in a drawer"))
    rows.expire_all()
    browser.post(f"/me/passkeys/{only.id}/remove")
    assert [key.credential_id for key in rows.exec(select(Passkey)).all()] == [b"in a drawer"]


def test_two_others_help_her_back_in_who_has_lost_her_passkey_and_one_alone_cannot(
    app: Litestar, sessions: Sessions, rows: Session, person: People
) -> None:
    """S24: a code from one administrator buys a password and stops at the passkey; from two it leads to a new one."""
    anna, first, second = (person(role) for role in (Role.SOCIAL_WORKER, Role.ADMINISTRATOR, Role.ADMINISTRATOR))
    hers, at = Browser(app), clock(sessions)
    _make(hers, hers.sign_in(anna.username, to="/me"), SoftKey())

    service.reset_user(sessions, anna.id, code=CODE, by=actor(first), at=at)
    thief = Browser(app)
    _spend(thief, anna.username)
    assert thief.get("/me").url.path == "/second-step"
    assert 'name="code"' not in thief.get("/second-step").text

    ask_start_over(sessions, anna.id, by=actor(first), at=at)
    (request,) = requests_to_decide(sessions, by=actor(second), at=at)
    rows.execute(OneTimeCode.__table__.delete())  # type: ignore[attr-defined]
    rows.commit()
    agree(sessions, request.id, code=CODE, by=actor(second), at=at)
    back = Browser(app)
    _spend(back, anna.username)
    shown = back.get("/second-step?next=/me")
    assert shown.url.path == "/second-step/new"
    told = _make(back, shown, SoftKey(id=b"the new one"))
    assert told.url.path == "/news"


def _spend(browser: Browser, username: str) -> None:
    browser.post("/code", username=username, code=CODE, new_password=PASSWORD)
    browser.post("/sign-in", username=username, password=PASSWORD, next="/me", follow=False)


def _make(browser: Browser, shown: Response, key: SoftKey) -> Response:
    answer = key.made(_challenge(shown), **HERE)
    return browser.post("/second-step/new/passkey", name="Dator", answer=answer, next="/me")


def _use(browser: Browser, asked: Response, key: SoftKey) -> Response:
    return browser.post("/second-step/passkey", answer=key.used(_challenge(asked), **HERE), next="/me")


def _challenge(answer: Response) -> bytes:
    """Give the challenge that stands on a page."""
    found = re.search(r'data-options="([^"]+)"', answer.text)
    assert found is not None
    challenge = str(json.loads(html.unescape(found.group(1)))["challenge"])
    return urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))
