"""One's own page: second factors, recovery codes, and where one is signed in."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.proofs import RECOVERY_CODES
from bostad.accounts.tables import Authenticator, Passkey, RecoveryCode, SignedIn, User
from bostad.accounts.tokens import hash_of
from tests.browsing import Browser, words
from tests.factories import NOON, BoardFactory, UserFactory
from tests.people import HASHED

Browse = Callable[[User | None], Browser]
CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{2,4}){6}")


@pytest.fixture
def user(rows: Session) -> User:
    made: User = UserFactory(organisation=BoardFactory(), password_hash=HASHED)
    return made


def test_the_only_second_factor_cannot_be_removed_one_of_two_can(browse: Browse, rows: Session, user: User) -> None:
    browser = browse(user)
    assert browser.post("/me/app/remove").status_code == 403
    key = _key(rows, user)

    assert browser.post("/me/app/remove").status_code == 200
    assert browser.post(f"/me/passkeys/{key.id}/remove").status_code == 403

    assert rows.exec(select(Authenticator)).all() == []
    assert len(rows.exec(select(Passkey)).all()) == 1


def test_somebody_elses_passkey_is_as_good_as_absent(browse: Browse, rows: Session, user: User) -> None:
    """S06."""
    theirs = _key(rows, UserFactory(password_hash=HASHED))

    assert browse(user).post(f"/me/passkeys/{theirs.id}/remove").status_code == 404
    assert len(rows.exec(select(Passkey)).all()) == 1


def test_new_recovery_codes_are_shown_once_and_end_the_old_ones(browse: Browse, rows: Session, user: User) -> None:
    rows.add(RecoveryCode(user_id=user.id, code_hash=hash_of("AAAA")))
    rows.commit()
    browser = browse(user)

    shown = browser.post("/me/recovery-codes")

    codes = CODE.findall(shown.text)
    kept = rows.exec(select(RecoveryCode.code_hash)).all()
    assert len(codes) == RECOVERY_CODES
    assert sorted(kept) == sorted(map(hash_of, codes))
    assert CODE.findall(browser.get("/me").text) == []


def test_one_of_several_sessions_is_ended_and_the_others_go_on(browse: Browse, rows: Session, user: User) -> None:
    """S22; this browser's own stands there without a button."""
    here, there, third = browse(user), browse(user), browse(user)
    page = here.get("/me").text
    ends = re.findall(r'action="(/me/sessions/[^"]+/end)"', page)
    gone = rows.exec(select(SignedIn).where(SignedIn.token_hash == hash_of(there.client.cookies["bostad"]))).one()

    here.post(f"/me/sessions/{gone.id}/end")

    assert (len(ends), f"/me/sessions/{gone.id}/end" in ends) == (2, True)
    assert [one.get("/me", follow_redirects=False).status_code for one in (here, there, third)] == [200, 303, 200]


def test_an_administrator_ends_one_of_a_users_sessions_and_sees_what_she_has(
    browse: Browse, rows: Session, user: User
) -> None:
    admin = UserFactory(organisation_id=user.organisation_id, role=Role.ADMINISTRATOR)
    browser, theirs = browse(admin), browse(user)
    _key(rows, user)
    page = browser.get(f"/users/{user.id}")
    (end,) = re.findall(rf'action="(/users/{user.id}/sessions/[^"]+/end)"', page.text)

    browser.post(end)

    assert "Inloggningsnycklar 1" in words(page) or "Passkeys 1" in words(page)
    assert theirs.get("/me", follow_redirects=False).status_code == 303


def test_nobody_ends_a_session_of_another_organisation(browse: Browse, rows: Session, user: User) -> None:
    """S06."""
    theirs, stranger = browse(user), browse(UserFactory(role=Role.ADMINISTRATOR))
    session = rows.exec(select(SignedIn).where(SignedIn.user_id == user.id)).one()

    answers = [
        stranger.post(f"/users/{user.id}/sessions/{session.id}/end").status_code,
        stranger.post(f"/me/sessions/{session.id}/end", follow=False).status_code,
    ]

    assert answers == [404, 303]
    assert theirs.get("/me").status_code == 200


def _key(rows: Session, user: User) -> Passkey:
    key = Passkey(user_id=user.id, name="My key", credential_id=user.id.bytes, public_key=b"k", added_at=NOON)
    rows.add(key)
    rows.commit()
    return key
