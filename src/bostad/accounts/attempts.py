"""How often something may be tried: counted by the database, so that all processes share one count (S25)."""

from datetime import UTC, datetime, timedelta
from math import ceil
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from bostad.accounts.tables import Attempt
from bostad.accounts.tokens import hash_of
from bostad.errors import TooMany
from bostad.records import Sessions

WINDOW = timedelta(minutes=5)
PER_USER = 10
PER_ADDRESS = 30
PER_NAME = 60
"""A person tries from where she is (S25); an office shares one address; and a name that many addresses try is slowed
down only far above what a stranger needs to keep its owner out."""

PROOFS = {WINDOW: 5, timedelta(hours=1): 20, timedelta(hours=24): 50}
"""How many tries of a second factor one person has in so long a time (S25): too few to guess six digits."""
LONGEST_WINDOW = max(PROOFS)

TOLD_AFTER = 5
"""How many failures in a day somebody is told of at her next sign-in: more than one's own mistakes of a morning."""
DAY = timedelta(hours=24)

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def count_attempt(sessions: Sessions, *, username: str, address: str, at: datetime) -> None:
    """Count one try of a password or a code, before it is looked at; raises TooMany when there were enough.

    The rows are counted in one transaction of their own, so that tries at the same moment wait for each other
    and a try that fails is counted all the same. Nobody is locked out: the next window begins at nought. A name that
    nobody has is counted like any other (S06).
    """
    limits = {
        hash_of(f"user {username} at {address}"): PER_USER,
        hash_of(f"address {address}"): PER_ADDRESS,
        hash_of(f"user {username}"): PER_NAME,
    }
    start = _start(WINDOW, at)
    with sessions.begin() as db:
        exceeded = [_count(db, key, start) > limits[key] for key in sorted(limits)]
    if any(exceeded):
        raise _wait_until(start + WINDOW, at)


def count_proof(sessions: Sessions, user_id: UUID, *, at: datetime) -> None:
    """Count one try of a second factor, before it is looked at; raises TooMany when there were enough (S25).

    It is counted by the person alone: nobody comes so far who has not given her password.
    """
    with sessions.begin() as db:
        ends = [
            start + window
            for window, most in PROOFS.items()
            if _count(db, _proof_key(user_id, window), start := _start(window, at)) > most
        ]
    if ends:
        raise _wait_until(max(ends), at)


def forget_proof(db: Session, user_id: UUID, *, at: datetime) -> None:
    """Take back one try, since it was right: who proves who she is often is not kept waiting."""
    for window in PROOFS:
        this = update(Attempt).where(col(Attempt.key) == _proof_key(user_id, window), col(Attempt.times) > 0)
        db.execute(this.where(col(Attempt.window_start) == _start(window, at)).values(times=col(Attempt.times) - 1))


def is_to_be_told(db: Session, what: str, *, at: datetime) -> bool:
    """Count one failure within the caller's transaction, and tell whether it is the one she is to be told at."""
    return _count(db, hash_of(f"failed {what}"), _start(DAY, at)) == TOLD_AFTER


def _proof_key(user_id: UUID, window: timedelta) -> str:
    return hash_of(f"proof {user_id} {window.total_seconds():.0f}")


def _start(window: timedelta, at: datetime) -> datetime:
    return at - (at - _EPOCH) % window


def _wait_until(end: datetime, at: datetime) -> TooMany:
    minutes = ceil((end - at) / timedelta(minutes=1))
    return TooMany("There have been too many tries. Wait %(minutes)s min and try again.", minutes=minutes)


def _count(db: Session, key: str, start: datetime) -> int:
    """Add one; keys are counted in a fixed order, so that two tries never wait for each other crosswise."""
    first = insert(Attempt).values(id=uuid4(), key=key, window_start=start, times=1)
    counted = first.on_conflict_do_update(
        index_elements=[col(Attempt.key), col(Attempt.window_start)], set_={"times": col(Attempt.times) + 1}
    ).returning(col(Attempt.times))
    times: int = db.execute(counted).scalar_one()
    return times
