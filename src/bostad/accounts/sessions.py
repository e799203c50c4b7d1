"""The life of a session: begun at sign-in, kept alive by use, ended by the person, the clock or an administrator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, update
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.proofs import FRESH_FOR, HALFWAY
from bostad.accounts.tables import Organisation, SignedIn, User
from bostad.accounts.tokens import hash_of
from bostad.audit.service import record
from bostad.records import Sessions

IDLE_MINUTES = dict.fromkeys(Role, 30) | {Role.HOUSING_STAFF: 15}
"""Housing staff sit in open offices; social workers are called away in the middle of a long form (S21)."""
LONGEST = timedelta(hours=10)
"""A working day: nobody is asked twice in one, and nothing stays open over night (S21)."""
SEEN_EVERY = timedelta(seconds=10)
"""How exactly a session's last use is known; a row written at every request would cost more than it tells."""
REMEMBERED = timedelta(hours=24)
"""How long after its end a session still says whose answers arrived too late (U35)."""


@dataclass(frozen=True, slots=True)
class SessionNow:
    """A session that holds, and for how long if nothing happens: a length, since browsers' clocks are not ours.

    While `proved` is false the second factor is still wanted, and nothing else can be done. `fresh` tells whether it
    was proved so short a while ago that what is sensitive may be done (S23). Of somebody `keyed` only a passkey proves
    it (S18); `by_code` tells that she has proved a code a short while ago, with which she may make her first passkey.
    """

    token_hash: str
    at: datetime
    """When it was looked up: the moment of the request."""
    left: timedelta
    locale: str
    proved: bool
    fresh: bool
    keyed: bool = False
    by_code: bool = False


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser that somebody is signed in with."""

    id: UUID
    started_at: datetime
    seen_at: datetime
    is_here: bool


def begin_session(db: Session, user: User, token: str, *, at: datetime, proved_at: datetime | None) -> None:
    """Add a session for a person whose password was just proved; only the token's hash is kept."""
    db.add(SignedIn(user_id=user.id, token_hash=hash_of(token), started_at=at, seen_at=at, proved_at=proved_at))


def renew_as_proved(db: Session, token_hash: str, token: str, *, at: datetime, whole: bool = True) -> bool:
    """Note that the second factor was proved, under a token that nobody has seen; the one before is dead (S22).

    It is not `whole` while a passkey is still wanted besides the code.
    """
    this = update(SignedIn).where(col(SignedIn.token_hash) == token_hash, col(SignedIn.ended_at).is_(None))
    values = {"token_hash": hash_of(token), "proved_at" if whole else "code_at": at, "seen_at": at}
    return db.execute(this.values(values).returning(col(SignedIn.id))).first() is not None


def actor_for_token(
    sessions: Sessions, token: str, *, at: datetime, keyed: Collection[Role] = ()
) -> tuple[Actor, SessionNow] | None:
    """Find who holds a token and note that she is here; None when it is unknown, ended, timed out or its user disabled.

    `keyed` are the roles that only a passkey proves. Asked at every request and never remembered, so that what ended
    is dead at the next one (S11, S22).
    """
    with sessions.begin() as db:
        return actor_now(db, token, at=at, keyed=keyed)


def actor_now(
    db: Session, token: str, *, at: datetime, keyed: Collection[Role] = ()
) -> tuple[Actor, SessionNow] | None:
    """Find the same within the caller's transaction, which has read the clock already."""
    found = _open_session(db, hash_of(token))
    if found is None:
        return None
    row, user, organisation = found
    if at >= _end_of(row, user):
        return None
    _note_use(db, row, at)
    now = SessionNow(
        row.token_hash,
        at=at,
        left=_end_of(row, user) - at,
        locale=user.locale,
        proved=row.proved_at is not None,
        fresh=_is_fresh(row.proved_at, at),
        keyed=user.role in keyed,
        by_code=_is_fresh(row.code_at, at),
    )
    return actor_of(user, organisation), now


def timed_out_user(sessions: Sessions, token: str, *, at: datetime) -> UUID | None:
    """Tell whose session the clock ended a short while ago, so that what she sends can be kept for her.

    A session that she or an administrator ended tells nothing, nor does a disabled user's.
    """
    with sessions() as db:
        found = _open_session(db, hash_of(token))
    if found is None or found[0].proved_at is None:
        return None
    row, user, _ = found
    ended = _end_of(row, user)
    return user.id if ended <= at < ended + REMEMBERED else None


def sign_out(sessions: Sessions, token_hash: str, *, by: Actor, at: datetime) -> None:
    """End one browser's session."""
    with sessions.begin() as db:
        if end_one(db, token_hash, at=at):
            record(db, "session.ended", by=by, at=at, subject=by.id)


def end_one(db: Session, token_hash: str, *, at: datetime) -> bool:
    """End the session of one token within the caller's transaction; tell whether it was open."""
    return bool(_end(db, col(SignedIn.token_hash) == token_hash, at=at))


def open_sessions(db: Session, user: User, *, at: datetime, here: str = "") -> tuple[OpenSession, ...]:
    """List where somebody is signed in, last used first; `here` is the hash of the token of who looks."""
    this = select(SignedIn).where(SignedIn.user_id == user.id, col(SignedIn.ended_at).is_(None))
    rows = db.exec(this.order_by(col(SignedIn.seen_at).desc(), col(SignedIn.id))).all()
    return tuple(
        OpenSession(row.id, row.started_at, row.seen_at, row.token_hash == here)
        for row in rows
        if at < _end_of(row, user)
    )


def end_session(db: Session, user_id: UUID, session_id: UUID, *, at: datetime) -> bool:
    """End one session of one user within the caller's transaction; tell whether it was open."""
    return bool(_end(db, col(SignedIn.user_id) == user_id, col(SignedIn.id) == session_id, at=at))


def end_all_of(db: Session, user_id: UUID, *, at: datetime) -> int:
    """End every session of one user within the caller's transaction; give how many there were."""
    return _end(db, col(SignedIn.user_id) == user_id, at=at)


def actor_of(user: User, organisation: Organisation) -> Actor:
    """Give the actor that a user is."""
    return Actor(user.id, user.name, user.role, organisation.id, organisation.name, user.unit_id, organisation.kind)


_OPEN = (
    select(SignedIn, User, Organisation)
    .join(User, col(User.id) == col(SignedIn.user_id))
    .join(Organisation, col(Organisation.id) == col(User.organisation_id))
    .where(col(SignedIn.token_hash) == bindparam("token_hash"))
    .where(col(SignedIn.ended_at).is_(None), col(User.disabled_at).is_(None))
)
"""Asked at every request, and so put together once."""


def _open_session(db: Session, token_hash: str) -> tuple[SignedIn, User, Organisation] | None:
    return db.exec(_OPEN, params={"token_hash": token_hash}).one_or_none()


def _end(db: Session, *which: ColumnElement[bool], at: datetime) -> int:
    still_open = col(SignedIn.ended_at).is_(None)
    ended = update(SignedIn).where(*which, still_open).values(ended_at=at).returning(col(SignedIn.id))
    return len(db.execute(ended).all())


def _end_of(row: SignedIn, user: User) -> datetime:
    """Give the moment the clock ends a session that is not used again."""
    if row.proved_at is None:
        return row.started_at + HALFWAY
    return min(row.seen_at + timedelta(minutes=IDLE_MINUTES[user.role]), row.started_at + LONGEST)


def _is_fresh(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and at < moment + FRESH_FOR


def _note_use(db: Session, row: SignedIn, at: datetime) -> None:
    if at - row.seen_at >= SEEN_EVERY:
        row.seen_at = at
        db.add(row)
