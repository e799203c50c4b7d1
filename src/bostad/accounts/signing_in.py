"""Proving who one is, the first step: by a password, or once by a code that buys a new one."""

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bostad.accounts.access import Actor
from bostad.accounts.answers import ChangePassword, ChoosePassword, SignIn
from bostad.accounts.attempts import count_attempt, is_to_be_told
from bostad.accounts.guessing import weakness
from bostad.accounts.news import tell
from bostad.accounts.passwords import Passwords
from bostad.accounts.proofs import News
from bostad.accounts.sessions import actor_of, begin_session, end_all_of, end_one
from bostad.accounts.tables import Credential, OneTimeCode, Organisation, Unit, User
from bostad.accounts.tokens import hash_of, read_code
from bostad.audit.service import record
from bostad.errors import Invalid, OutOfStep
from bostad.records import Sessions
from bostad.words import say


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a password comes from: the token drawn for it, the one it came with, and a keyed hash of its address."""

    token: str
    instead_of: str | None
    address: str


def sign_in(sessions: Sessions, given: SignIn, passwords: Passwords, *, browser: Browser, at: datetime) -> Actor:
    """Begin a session that wants the second factor, under a token nobody has seen; the browser's former one ends (S22).

    An unknown user, a disabled one and a wrong password are answered alike, in words and in time (S06).
    The slow hashing is done with no transaction open; what it was done on is looked at again under a lock.
    """
    count_attempt(sessions, username=given.username, address=browser.address, at=at)
    with sessions() as db:
        user = db.exec(_enabled(given.username)).one_or_none()
        kept = password_hash_of(db, user.id) if user else None
    if not passwords.match(given.password, kept) or kept is None:
        _refuse(sessions, user, given.username, at)
    renewed = passwords.hash(given.password) if passwords.is_dated(kept) else kept

    with sessions.begin() as db:
        user = db.exec(_enabled(given.username).with_for_update()).one_or_none()
        if user is None or password_hash_of(db, user.id) != kept:
            raise OutOfStep("Your account was changed while you signed in. Try again.")
        set_password(db, user.id, renewed)
        if browser.instead_of:
            end_one(db, hash_of(browser.instead_of), at=at)
        begin_session(db, user, browser.token, at=at, proved_at=None)
        actor = _actor(db, user)
        record(db, "password.proved", by=actor, at=at, subject=user.id)
    return actor


def choose_password(
    sessions: Sessions, given: ChoosePassword, passwords: Passwords, *, address: str, at: datetime
) -> None:
    """Spend a one-time code on a password; every session of before is ended."""
    count_attempt(sessions, username=given.username, address=address, at=at)
    with sessions() as db:
        _, user = _open_code(db, given, at)
        words = _words_around(db, user)
    chosen = _hashed(given.new_password, user.username, words, passwords)
    with sessions.begin() as db:
        code, user = _open_code(db, given, at)
        code.spent_at = at
        set_password(db, user.id, chosen)
        end_all_of(db, user.id, at=at)
        record(db, "password.chosen", by=_actor(db, user), at=at, subject=user.id)


def change_password(
    sessions: Sessions, given: ChangePassword, passwords: Passwords, *, browser: Browser, by: Actor, at: datetime
) -> None:
    """Replace a password by somebody who knows it; every session is ended and this browser's begins anew (S22).

    Whoever comes here has proved her second factor a short while ago (S23), so the new session is proved too.
    """
    with sessions() as db:
        user, kept = db.get_one(User, by.id), password_hash_of(db, by.id)
        words = _words_around(db, user)
    count_attempt(sessions, username=user.username, address=browser.address, at=at)
    if not passwords.match(given.password, kept):
        raise Invalid({"password": say("This is not your password.")})
    chosen = _hashed(given.new_password, user.username, words, passwords)
    with sessions.begin() as db:
        user = db.get_one(User, by.id, with_for_update=True)
        if user.disabled_at is not None or password_hash_of(db, user.id) != kept:
            raise OutOfStep("Your account was changed while you signed in. Try again.")
        set_password(db, user.id, chosen)
        end_all_of(db, user.id, at=at)
        begin_session(db, user, browser.token, at=at, proved_at=at)
        record(db, "password.changed", by=by, at=at, subject=user.id)


def password_hash_of(db: Session, user_id: UUID) -> str | None:
    """Give the hash of a person's password, if she has one."""
    return db.exec(select(Credential.password_hash).where(Credential.user_id == user_id)).one_or_none()


def set_password(db: Session, user_id: UUID, hashed: str) -> None:
    """Keep a password's hash in place of the one before."""
    row = insert(Credential).values(id=uuid4(), user_id=user_id, password_hash=hashed)
    db.execute(row.on_conflict_do_update(index_elements=[col(Credential.user_id)], set_={"password_hash": hashed}))


def drop_password(db: Session, user_id: UUID) -> None:
    """Take a person's password away."""
    db.execute(delete(Credential).where(col(Credential.user_id) == user_id))


def _enabled(username: str) -> SelectOfScalar[User]:
    return select(User).where(User.username == username, col(User.disabled_at).is_(None))


def _open_code(db: Session, given: ChoosePassword, at: datetime) -> tuple[OneTimeCode, User]:
    """Lock the user and the code that she was given; whatever does not fit is told alike."""
    user = db.exec(_enabled(given.username).with_for_update()).one_or_none()
    this = select(OneTimeCode).where(OneTimeCode.code_hash == hash_of(read_code(given.code)))
    code = db.exec(this.where(col(OneTimeCode.spent_at).is_(None), col(OneTimeCode.ends_at) > at)).one_or_none()
    if user is None or code is None or code.user_id != user.id:
        raise Invalid({"code": say("This code does not work here. It may be used or too old: ask for a new one.")})
    return code, user


def _actor(db: Session, user: User) -> Actor:
    return actor_of(user, db.get_one(Organisation, user.organisation_id))


def _refuse(sessions: Sessions, user: User | None, username: str, at: datetime) -> NoReturn:
    """Write the refusal down, also for a name that nobody has, and say the one sentence there is (S06)."""
    with sessions.begin() as db:
        if is_to_be_told(db, f"password of {username}", at=at) and user:
            tell(db, user.id, News.WRONG_PASSWORDS, by=None, at=at)
        whose = user.organisation_id if user else None
        record(db, "session.refused", by=None, at=at, subject=user.id if user else None, organisation=whose)
    raise Invalid({"username": say("The user name and the password do not belong together. Check both.")})


def _words_around(db: Session, user: User) -> list[str]:
    """Give the names that whoever guesses this person's password would try."""
    return [user.name, *db.exec(select(Organisation.name)).all(), *db.exec(select(Unit.name)).all()]


def _hashed(password: str, username: str, words: list[str], passwords: Passwords) -> str:
    weak = weakness(password, username, words)
    if weak:
        raise Invalid({"new_password": weak})
    return passwords.hash(password)
