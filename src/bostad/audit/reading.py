"""Writing down that something was read: who, what, when, why and which fields (S66).

The rule for looking again: a reading is written at the first look, and then not again for the same person, page,
subject, fields and list within ten minutes. So a page that asks by itself, or is opened and left and opened, leaves one
row, and the log stays a thing that can be read.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from bostad.accounts.access import Actor
from bostad.audit.purposes import Purpose
from bostad.audit.reveals import LIMITED, check_reveals
from bostad.audit.service import record
from bostad.audit.tables import RecentReading
from bostad.records import Sessions

AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page showed. Why it was read the database knows where there is a case; elsewhere the page says it."""

    action: str
    fields: tuple[str, ...]
    subject: UUID | None = None
    purpose: Purpose | None = None
    listed: Sequence[UUID] | None = None

    def fingerprint(self) -> str:
        """Hash what makes two readings the same."""
        listed = sorted(map(str, self.listed or ()))
        return hashlib.sha256(repr((self.action, self.subject, self.fields, listed)).encode()).hexdigest()


def seen(sessions: Sessions, reading: Reading, *, by: Actor, at: datetime, limited: bool = False) -> bool:
    """Write a reading down, unless the same was written within ten minutes; tell whether a row was added.

    Where it is `limited`, one household too many in an hour raises TooMany, and nothing is written (S58). It is counted
    behind the chain's head, which one writer holds at a time: two pages at once do not slip through together.
    """
    with sessions.begin() as db:
        is_new = _is_new(db, reading.fingerprint(), by, at)
        if is_new:
            record(
                db,
                reading.action,
                by=by,
                at=at,
                subject=reading.subject,
                purpose=reading.purpose,
                listed=reading.listed,
                fields=list(reading.fields),
            )
            if limited and by.role in LIMITED:
                check_reveals(db, at=at)
        return is_new


def forget_old_readings(sessions: Sessions, *, at: datetime) -> None:
    """Throw away what is needed no longer for the rule; the log itself stays as it is."""
    with sessions.begin() as db:
        db.execute(delete(RecentReading).where(col(RecentReading.at) < at - AGAIN_AFTER))


def _is_new(db: Session, what: str, by: Actor, at: datetime) -> bool:
    """Note the moment; two tabs that ask at once wait for each other, and one of them finds it noted."""
    first = insert(RecentReading).values(id=uuid4(), actor_id=by.id, what=what, at=at)
    noted = first.on_conflict_do_update(
        index_elements=[col(RecentReading.actor_id), col(RecentReading.what)],
        set_={"at": at},
        where=col(RecentReading.at) <= at - AGAIN_AFTER,
    ).returning(col(RecentReading.id))
    return db.execute(noted).one_or_none() is not None
