"""The worker's part of a deletion: one case at a time its totals are frozen, its key destroyed and its rows deleted.

Destroying the key closes what was sealed in every copy there is - in backups, in the write-ahead log, in pages not yet
overwritten - once the key that wrapped it is retired too (docs/keys.md). What stood open in its rows is gone from here
at once, and from backups when they have had their day.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, or_
from sqlalchemy import select as read
from sqlmodel import Session, SQLModel, col, select

from bostad.audit.service import record
from bostad.keeping.figures import freeze
from bostad.keeping.notes import ended_case
from bostad.keeping.review import is_preserved_board, look, profile_of
from bostad.keeping.rules import Finding
from bostad.keeping.tables import Deletion, RetentionLine
from bostad.needs.tables import Case
from bostad.outbox.service import forget_about
from bostad.placements.records import forget_household
from bostad.records import Sessions

BATCH = 100


def clear_approved(sessions: Sessions, deletion_id: UUID, *, at: datetime) -> int:
    """Delete the cases of an approved deletion and give how many. Cut short, the next call goes on where it stopped."""
    cleared = 0
    while lines := _next_lines(sessions, deletion_id):
        cleared += sum(_clear(sessions, line_id, at=at) for line_id in lines)
    with sessions.begin() as db:
        deletion = db.exec(select(Deletion).where(Deletion.id == deletion_id).with_for_update()).one()
        if deletion.approved_by and deletion.done_at is None:
            deletion.done_at = at
            record(db, "deletion.done", by=None, at=at, organisation=deletion.board_id, subject=deletion.id)
    return cleared


def rows_of(db: Session, case_id: UUID) -> dict[Table, list[Any]]:
    """Find everything that belongs to a case: its own row, and whatever refers to what belongs to it.

    The tables come in the order in which they refer to each other, what is referred to first.
    """
    found: dict[Table, list[Any]] = {}
    for table in SQLModel.metadata.sorted_tables:
        if table.name == "case_":
            found[table] = [case_id]
            continue
        belongs = [
            foreign.parent.in_(found[foreign.column.table])
            for foreign in table.foreign_keys
            if foreign.column.table in found
        ]
        if belongs:
            (key,) = table.primary_key.columns
            ids = list(db.execute(read(key).where(or_(*belongs))).scalars())
            found.update({table: ids} if ids else {})
    return found


def _next_lines(sessions: Sessions, deletion_id: UUID) -> Collection[UUID]:
    with sessions() as db:
        approved = select(Deletion.id).where(Deletion.id == deletion_id, col(Deletion.approved_by).is_not(None))
        waiting = select(RetentionLine.id).where(
            col(RetentionLine.deletion_id).in_(approved), col(RetentionLine.cleared_at).is_(None)
        )
        return db.exec(waiting.order_by(col(RetentionLine.id)).limit(BATCH)).all()


def _clear(sessions: Sessions, line_id: UUID, *, at: datetime) -> bool:
    """Delete one case, unless something has been noted in it since, or something holds it now."""
    with sessions.begin() as db:
        line = db.exec(select(RetentionLine).where(RetentionLine.id == line_id)).one()
        ended = ended_case(db, line.case_id)
        db.refresh(line, with_for_update=True)
        if line.cleared_at or line.deletion_id is None:
            return False
        if ended is None or not _still_due(db, line, *ended, at=at):
            line.deletion_id = None
            return False
        case, _ = ended
        freeze(db, case)
        line.cleared_at = at
        counted = _delete(db, case)
        record(db, "case.cleared", by=None, at=at, organisation=line.board_id, subject=line.case_id, rows=counted)
    return True


def _still_due(db: Session, line: RetentionLine, case: Case, noted: datetime, *, at: datetime) -> bool:
    standing, preserved = profile_of(db, case.board_id, at.date()), is_preserved_board(db, case.board_id, at.date())
    look(line, case, noted, standing, preserved=preserved, at=at)
    return line.finding is Finding.DUE


def _delete(db: Session, case: Case) -> Mapping[str, int]:
    """Delete everything that belongs to a case, its key among it, and what names it elsewhere; count it by table."""
    belonging = rows_of(db, case.id)
    besides = {
        "run_record": forget_household(db, case.id),
        "message": forget_about(db, [one for ids in belonging.values() for one in ids]),
    }
    db.flush()
    db.expunge(case)
    for table, ids in reversed(belonging.items()):
        (key,) = table.primary_key.columns
        db.execute(delete(table).where(key.in_(ids)))
    return {table.name: len(ids) for table, ids in belonging.items()} | besides
