"""Counting in the ledger: the database does it, under one lock, and never past what was agreed (I03).

What is promised and signed is counted where a placement changes its stage, by a trigger (`adapters/wall_ledger.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bostad.agreements.quota import Tally
from bostad.agreements.states import Counter
from bostad.agreements.tables import LineMonth
from bostad.answers import asked
from bostad.errors import OutOfStep

QUOTA_KEPT = "ck_line_month_quota_kept"
USED_UP = asked("The month's quota is used up.")


def ensure_month(db: Session, line_id: UUID, month: date) -> LineMonth:
    """Lock the quota and give a month's row, made if need be with every month between it and those that are kept."""
    count(db, line_id, month, Counter.DELIVERED, 0)
    return db.exec(select(LineMonth).where(LineMonth.line_id == line_id, LineMonth.month == month)).one()


def count(db: Session, line_id: UUID, month: date, counter: Counter, change: int) -> None:
    """Add to one of a month's counters. OutOfStep when the line's quota, or the agreement's over its lines, is used up.

    A promise in one month takes from what the months after it have been given, and those are kept too.
    """
    values = {"line": line_id, "month": month, "counter": counter.value, "change": change}
    _keep(db, "select count_homes(:line, :month, :counter, :change)", values)


def recount(db: Session, line_id: UUID, month: date) -> None:
    """Give a line's months from this one on what the line now says, and carry over anew."""
    _keep(db, "select ledger_anew(:line, :month)", {"line": line_id, "month": month})


def flush_within_quota(db: Session) -> None:
    """Write what a session holds; OutOfStep when a placement's new stage finds the month's quota used up."""
    with _quota_in_words():
        db.flush()


def tally(row: LineMonth) -> Tally:
    """Give a row's numbers to reckon with."""
    return Tally(row.agreed, row.carried, row.delivered, row.approved, row.released, row.signed)


def _keep(db: Session, statement: str, values: dict[str, object]) -> None:
    with _quota_in_words():
        db.flush()
        db.connection().execute(text(statement), values)
    for row in list(db.identity_map.values()):
        if isinstance(row, LineMonth):
            db.expire(row)


@contextmanager
def _quota_in_words() -> Iterator[None]:
    try:
        yield
    except IntegrityError as broken:
        if getattr(getattr(broken.orig, "diag", None), "constraint_name", None) == QUOTA_KEPT:
            raise OutOfStep(USED_UP) from None
        raise
