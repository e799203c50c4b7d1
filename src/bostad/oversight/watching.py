"""The worker's watch on reading: each hour of each person is held against her own habit and against a limit (S58)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from bostad.audit.service import record
from bostad.audit.tables import AuditRow
from bostad.oversight.unusual import unusual, usual_of
from bostad.records import Sessions

HOUR = timedelta(hours=1)
HABIT = timedelta(days=28)
ALARM = "reading.unusual"


def watch_reading(sessions: Sessions, *, at: datetime) -> int:
    """Write an alarm for everybody whose last hour was unusual, once in an hour; count the alarms."""
    alarms = 0
    with sessions() as db:
        active = list(_active(db, at))
    for actor_id in active:
        with sessions.begin() as db:
            alarms += _judge(db, actor_id, at)
    return alarms


def _judge(db: Session, actor_id: UUID, at: datetime) -> int:
    """Write the alarm for one person: to her own organisation, and to each board whose cases she read."""
    rows = db.exec(select(AuditRow).where(*_read_by(actor_id, at - HOUR, at))).all()
    cases = {row.case_id for row in rows if row.case_id is not None}  # a list's line shows a number, no household
    found = unusual(len(rows), len(cases), usual_of(_habit(db, actor_id, at - HOUR)))
    if found is None or _is_told(db, actor_id, at):
        return 0
    boards = {one for row in rows for one in (row.organisation_id, row.board_id) if one is not None}
    for board in sorted(boards):
        facts: dict[str, Any] = {"reads": found.reads, "cases": found.cases, "usual": found.usual}
        record(db, ALARM, by=None, at=at, subject=actor_id, organisation=board, **facts)
    return 1


def _active(db: Session, at: datetime) -> Iterator[UUID]:
    query = select(AuditRow.actor_id).where(*_reading(at - HOUR, at), col(AuditRow.actor_id).is_not(None)).distinct()
    yield from (one for one in db.exec(query).all() if one is not None)


def _habit(db: Session, actor_id: UUID, until: datetime) -> list[int]:
    """Count what she read in each hour of the last weeks in which she read anything."""
    hour = func.date_trunc("hour", col(AuditRow.at))
    query = select(func.count()).where(*_read_by(actor_id, until - HABIT, until)).group_by(hour)
    return list(db.exec(query).all())


def _is_told(db: Session, actor_id: UUID, at: datetime) -> bool:
    told = select(AuditRow.number).where(
        AuditRow.action == ALARM, AuditRow.subject_id == actor_id, col(AuditRow.at) > at - HOUR
    )
    return db.exec(told).first() is not None


def _read_by(actor_id: UUID, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(AuditRow.actor_id) == actor_id, *_reading(since, until))


def _reading(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Give the condition on AuditRow that it is a reading of a time: of a page, a print or a list."""
    kinds = or_(*(col(AuditRow.action).like(f"%.{kind}") for kind in ("read", "printed", "listed")))
    return (kinds, col(AuditRow.at) > since, col(AuditRow.at) <= until)
