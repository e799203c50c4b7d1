"""What a session is given to answer: kept on the server, one of each kind, for ten minutes, and good for one answer."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import ScalarSelect, delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from bostad.accounts.proofs import CHALLENGE_HOLDS, Purpose
from bostad.accounts.tables import Challenge, SignedIn
from bostad.records import Sessions


def set_challenge(sessions: Sessions, token_hash: str, purpose: Purpose, value: bytes, *, at: datetime) -> None:
    """Give a session something new to answer, in place of what it had of that kind."""
    values = {"value": value, "ends_at": at + CHALLENGE_HOLDS}
    row = insert(Challenge).values(id=uuid4(), session_id=_session(token_hash), purpose=purpose, **values)
    with sessions.begin() as db:
        db.execute(
            row.on_conflict_do_update(index_elements=[col(Challenge.session_id), col(Challenge.purpose)], set_=values)
        )


def waiting_challenge(db: Session, token_hash: str, purpose: Purpose, *, at: datetime) -> bytes | None:
    """Look at what a session was given, if it still holds."""
    this = select(Challenge.value).where(Challenge.session_id == _session(token_hash), Challenge.purpose == purpose)
    return db.exec(this.where(Challenge.ends_at > at)).one_or_none()


def take_challenge(db: Session, token_hash: str, purpose: Purpose, *, at: datetime) -> bytes | None:
    """Take what a session was given: whether its answer is right or wrong, there is no second one."""
    this = delete(Challenge).where(col(Challenge.session_id) == _session(token_hash), col(Challenge.purpose) == purpose)
    taken = db.execute(this.returning(col(Challenge.value), col(Challenge.ends_at))).one_or_none()
    return taken.value if taken and taken.ends_at > at else None


def _session(token_hash: str) -> ScalarSelect[object]:
    return select(SignedIn.id).where(SignedIn.token_hash == token_hash).scalar_subquery()
