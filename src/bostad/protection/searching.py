"""Looking for a case: by its whole number, among one's own, a few times in a while. There is no other search.

The statute (SoLPUF 15 section) allows a case number and nothing about people. A miss looks the same whether there is no
such case or it is somebody else's (S06); what is kept is that somebody searched, never for what.
"""

from datetime import UTC, datetime, timedelta
from math import ceil
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import Invalid, TooMany
from bostad.needs.pages import own_case_numbered
from bostad.protection.tables import CaseSearch
from bostad.records import Sessions
from bostad.words import say

WINDOW = timedelta(minutes=5)
COUNTS_KEPT = timedelta(days=1)
MOST = 20
"""Searches in a window: ample for work, and of no use for going through numbers."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def find_case(sessions: Sessions, case_number: str, *, by: Actor, at: datetime) -> UUID:
    """Give the id of one's own case with exactly this number, closed ones too; refuse every other number alike."""
    count_search(sessions, by=by, at=at)
    with sessions.begin() as db:
        case_id = own_case_numbered(db, case_number, by=by, on=at.date())
        record(db, "case.searched", by=by, at=at, subject=case_id, found=case_id is not None)
    if case_id is None:
        raise Invalid({"case_number": say("None of your cases has exactly this number.")})
    return case_id


def count_search(sessions: Sessions, *, by: Actor, at: datetime) -> None:
    """Count a try of a case number in a transaction of its own, before it is made; the next window begins at nought."""
    start = at - (at - _EPOCH) % WINDOW
    first = insert(CaseSearch).values(id=uuid4(), user_id=by.id, window_start=start, times=1)
    counted = first.on_conflict_do_update(
        index_elements=[col(CaseSearch.user_id), col(CaseSearch.window_start)],
        set_={"times": col(CaseSearch.times) + 1},
    ).returning(col(CaseSearch.times))
    with sessions.begin() as db:
        times: int = db.execute(counted).scalar_one()
    if times > MOST:
        minutes = ceil((start + WINDOW - at) / timedelta(minutes=1))
        raise TooMany("There have been too many tries. Wait %(minutes)s min and try again.", minutes=minutes)


def forget_old_counts(sessions: Sessions, *, at: datetime) -> int:
    """Delete the counts of windows long past; count them. That there was a search stands in the log."""
    with sessions.begin() as db:
        old = delete(CaseSearch).where(col(CaseSearch.window_start) < at - COUNTS_KEPT).returning(col(CaseSearch.id))
        return len(db.execute(old).all())
