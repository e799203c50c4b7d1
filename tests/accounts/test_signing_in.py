from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.answers import ChangePassword, ChoosePassword
from bostad.accounts.passwords import Cost, Passwords
from bostad.accounts.sessions import actor_for_token
from bostad.accounts.signing_in import change_password, choose_password, password_hash_of, sign_in
from bostad.accounts.tables import OneTimeCode, Organisation, SignedIn, User
from bostad.accounts.tokens import hash_of, read_code, written_code
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, TooMany
from bostad.records import Sessions
from bostad.zones.logins import Login
from tests.factories import NOON, CompanyFactory, UserFactory, actor
from tests.people import CHEAP, HASHED, PASSWORD, from_browser, given
from tests.roles import in_role

CODE = written_code(b"0123456789")


def test_the_right_password_begins_a_session_whose_token_is_kept_nowhere(sessions: Sessions, rows: Session) -> None:
    """S20. ASVS V7.2.2."""
    user = UserFactory(password_hash=HASHED, role=Role.UNIT_MANAGER)

    who = sign_in(sessions, given(user.username), CHEAP, browser=from_browser("secret"), at=NOON)

    assert (who.id, who.role) == (user.id, Role.UNIT_MANAGER)
    assert rows.exec(select(SignedIn.token_hash)).all() == [hash_of("secret")]
    assert actor_for_token(sessions, "secret", at=NOON) is not None


def test_case_and_spaces_around_a_user_name_do_not_matter(sessions: Sessions, rows: Session) -> None:
    """U19."""
    user = UserFactory(username="anna", password_hash=HASHED)

    assert sign_in(sessions, given("  Anna "), CHEAP, browser=from_browser(), at=NOON).id == user.id


def test_the_token_a_browser_came_with_is_dead_after_sign_in(sessions: Sessions, rows: Session) -> None:
    """S22: a session fixed in advance is worth nothing, whoever's it was."""
    attacker, user = UserFactory(password_hash=HASHED), UserFactory(password_hash=HASHED)
    sign_in(sessions, given(attacker.username), CHEAP, browser=from_browser("planted"), at=NOON)

    sign_in(sessions, given(user.username), CHEAP, browser=from_browser("fresh", instead_of="planted"), at=NOON)

    assert actor_for_token(sessions, "planted", at=NOON) is None
    assert actor_for_token(sessions, "fresh", at=NOON) is not None


def test_unknown_disabled_uninvited_and_mistaken_are_told_the_same(sessions: Sessions, rows: Session) -> None:
    """S06, S25. ASVS V6.3.8."""
    right = UserFactory(password_hash=HASHED)
    disabled = UserFactory(password_hash=HASHED, disabled_at=NOON)
    invited = UserFactory(password_hash=None)
    tries = [
        ("nobody", PASSWORD),
        (right.username, "wrong"),
        (disabled.username, PASSWORD),
        (invited.username, PASSWORD),
    ]
    told = set()
    for username, password in tries:
        with pytest.raises(Invalid) as refused:
            sign_in(sessions, given(username, password), CHEAP, browser=from_browser(), at=NOON)
        told.add(str(refused.value.fields))

    assert len(told) == 1
    assert rows.exec(select(SignedIn)).all() == []
    assert [row.action for row in rows.exec(select(AuditRow))] == ["session.refused"] * 4


def test_the_eleventh_try_for_a_user_within_five_minutes_is_not_looked_at(sessions: Sessions, rows: Session) -> None:
    """S25: even the right password waits, and the message says how long. ASVS V6.3.1."""
    user = UserFactory(password_hash=HASHED)
    for number in range(10):
        with pytest.raises(Invalid):
            sign_in(sessions, given(user.username, f"wrong {number}"), CHEAP, browser=from_browser(), at=NOON)

    with pytest.raises(TooMany, match="Wait 5 min"):
        sign_in(sessions, given(user.username), CHEAP, browser=from_browser(), at=NOON)
    with pytest.raises(TooMany, match="Wait 2 min"):
        sign_in(sessions, given(user.username), CHEAP, browser=from_browser(), at=NOON + timedelta(minutes=3))
    assert (
        sign_in(sessions, given(user.username), CHEAP, browser=from_browser(), at=NOON + timedelta(minutes=5)).id
        == user.id
    )


def test_a_name_that_nobody_has_is_limited_like_any_other(sessions: Sessions, rows: Session) -> None:
    """S06."""
    for _ in range(10):
        with pytest.raises(Invalid):
            sign_in(sessions, given("nobody"), CHEAP, browser=from_browser(), at=NOON)

    with pytest.raises(TooMany):
        sign_in(sessions, given("nobody"), CHEAP, browser=from_browser(), at=NOON)


def test_a_stranger_elsewhere_does_not_keep_a_person_out(sessions: Sessions, rows: Session) -> None:
    """S25: limits without lock-out."""
    user = UserFactory(password_hash=HASHED)
    for _ in range(10):
        with pytest.raises(Invalid):
            sign_in(sessions, given(user.username, "wrong"), CHEAP, browser=from_browser(address="far away"), at=NOON)

    assert sign_in(sessions, given(user.username), CHEAP, browser=from_browser(), at=NOON).id == user.id


def test_the_thirty_first_try_from_an_address_is_not_looked_at(sessions: Sessions, rows: Session) -> None:
    """S25."""
    for number in range(30):
        with pytest.raises(Invalid):
            sign_in(sessions, given(f"user{number}"), CHEAP, browser=from_browser(), at=NOON)
    user = UserFactory(password_hash=HASHED)

    with pytest.raises(TooMany):
        sign_in(sessions, given(user.username), CHEAP, browser=from_browser(), at=NOON)
    assert sign_in(sessions, given(user.username), CHEAP, browser=from_browser(address="other"), at=NOON).id == user.id


def test_signing_in_renews_a_hash_of_an_older_cost(sessions: Sessions, rows: Session) -> None:
    dearer = Passwords(Cost(memory_kib=16, passes=1, lanes=1))
    user = UserFactory(password_hash=HASHED)

    sign_in(sessions, given(user.username), dearer, browser=from_browser(), at=NOON)

    kept = password_hash_of(rows, user.id)
    assert kept is not None
    assert not dearer.is_dated(kept)


def test_a_code_buys_one_password_and_is_spent(sessions: Sessions, rows: Session) -> None:
    user = _with_code(rows)

    choose_password(sessions, _choice(user), CHEAP, address="here", at=NOON)

    assert sign_in(sessions, given(user.username), CHEAP, browser=from_browser(), at=NOON).id == user.id
    with pytest.raises(Invalid) as refused:
        choose_password(sessions, _choice(user), CHEAP, address="here", at=NOON)
    assert list(refused.value.fields) == ["code"]


@pytest.mark.parametrize("typed", [CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " "), f"  {CODE}\t"])
def test_a_code_is_read_however_it_is_typed(typed: str, sessions: Sessions, rows: Session) -> None:
    """U19."""
    user = _with_code(rows)

    choose_password(sessions, _choice(user, code=typed), CHEAP, address="here", at=NOON)

    assert CHEAP.match(PASSWORD, password_hash_of(rows, user.id))


def test_digits_that_look_like_letters_are_read_as_the_letters() -> None:
    """U19."""
    assert read_code("o0i1-aaaa") == "OOII-AAAA"


def test_a_code_that_is_old_wrong_or_somebody_elses_is_told_the_same(sessions: Sessions, rows: Session) -> None:
    """S06."""
    user, other = _with_code(rows), UserFactory()
    too_late = NOON + timedelta(hours=72)
    told = set()
    for choice, at in [(_choice(user), too_late), (_choice(user, code="AAAA-AAAA"), NOON), (_choice(other), NOON)]:
        with pytest.raises(Invalid) as refused:
            choose_password(sessions, choice, CHEAP, address="here", at=at)
        told.add(str(refused.value.fields))

    assert len(told) == 1


def test_guessing_codes_is_limited(sessions: Sessions, rows: Session) -> None:
    """S25."""
    user = _with_code(rows)
    for _ in range(10):
        with pytest.raises(Invalid):
            choose_password(sessions, _choice(user, code="AAAA"), CHEAP, address="here", at=NOON)

    with pytest.raises(TooMany):
        choose_password(sessions, _choice(user), CHEAP, address="here", at=NOON)


def test_a_weak_password_spends_no_code(sessions: Sessions, rows: Session) -> None:
    """S46."""
    user = _with_code(rows)

    with pytest.raises(Invalid) as refused:
        choose_password(sessions, _choice(user, new_password="lösenord2026"), CHEAP, address="here", at=NOON)

    assert list(refused.value.fields) == ["new_password"]
    assert rows.exec(select(OneTimeCode.spent_at)).one() is None


def test_the_names_of_organisations_here_make_no_password(sessions: Sessions, rows: Session) -> None:
    """S46, ASVS 6.2.11: as the door finds them, which is who looks. ASVS V6.2.11."""
    user = _with_code(rows)
    chosen, door = _choice(user, new_password="Kvissleby 2026!!"), in_role(sessions, Login.DOOR)
    CompanyFactory(name="Kvissleby Hus AB")
    rows.commit()

    with pytest.raises(Invalid):
        choose_password(door, chosen, CHEAP, address="here", at=NOON)

    rows.execute(update(Organisation).values(name="Another"))
    rows.commit()
    choose_password(door, chosen, CHEAP, address="here", at=NOON)


def test_changing_a_password_signs_all_other_browsers_out(sessions: Sessions, rows: Session) -> None:
    """S22. ASVS V7.4.3."""
    user = UserFactory(password_hash=HASHED)
    for token in ("office", "home"):
        sign_in(sessions, given(user.username), CHEAP, browser=from_browser(token), at=NOON)
    change = ChangePassword(password=PASSWORD, new_password="cold and so sweet")

    change_password(sessions, change, CHEAP, browser=from_browser("renewed"), by=actor(user), at=NOON)

    alive = [token for token in ("office", "home", "renewed") if actor_for_token(sessions, token, at=NOON)]
    assert alive == ["renewed"]
    assert (
        sign_in(sessions, given(user.username, "cold and so sweet"), CHEAP, browser=from_browser("next"), at=NOON).id
        == user.id
    )


def test_a_password_is_changed_only_by_somebody_who_knows_it(sessions: Sessions, rows: Session) -> None:
    """ASVS V6.2.3."""
    user = UserFactory(password_hash=HASHED)
    change = ChangePassword(password="not it", new_password="cold and so sweet")

    with pytest.raises(Invalid) as refused:
        change_password(sessions, change, CHEAP, browser=from_browser(), by=actor(user), at=NOON)

    assert list(refused.value.fields) == ["password"]


def _with_code(rows: Session) -> User:
    user: User = UserFactory()
    rows.add(OneTimeCode(user_id=user.id, code_hash=hash_of(CODE), ends_at=NOON + timedelta(hours=72)))
    rows.commit()
    return user


def _choice(user: User, *, code: str = CODE, new_password: str = PASSWORD) -> ChoosePassword:
    return ChoosePassword(username=user.username, code=code, new_password=new_password)
