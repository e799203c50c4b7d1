"""What the data-protection officer sees of the log: who did what and when to which thing, never what anybody wrote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.audit.service import record
from bostad.audit.tables import AuditRow
from bostad.audit.words import action_in_words
from bostad.errors import NotAllowed
from bostad.records import Sessions
from bostad.words import Sentence

PAGE = 50
LONGEST_HERE = 100_000
"""The longest chain that is checked while somebody waits for a page: a few seconds."""
SHORT = 8
HIGHEST = 2**63 - 1
"""The highest number that a row can have."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of the log."""

    number: int
    at: datetime
    who: str | None
    action: Sentence
    subject: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some rows, newest first, and the number to go on from if there are older ones."""

    rows: tuple[LogRow, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """Whether the chain holds: `broken_at` is the first row that does not, `done` is false for one too long to walk."""

    rows: int
    done: bool
    broken_at: int | None = None


def log_page(sessions: Sessions, *, before: int | None, by: Actor) -> LogPage:
    """List the newest rows of the officer's own organisation, or those before a number."""
    _refuse_others(by)
    query = (
        select(AuditRow, User.name)
        .join(User, col(User.id) == AuditRow.actor_id, isouter=True)
        .where(or_(col(AuditRow.organisation_id) == by.organisation_id, col(AuditRow.board_id) == by.organisation_id))
    )
    if before is not None:
        query = query.where(AuditRow.number < max(0, min(before, HIGHEST)))
    with sessions() as db:
        found = db.exec(query.order_by(col(AuditRow.number).desc()).limit(PAGE + 1)).all()
    rows = tuple(_shown(row, who) for row, who in found[:PAGE])
    return LogPage(rows, rows[-1].number if len(found) > PAGE else None)


def check_chain(sessions: Sessions, *, by: Actor, at: datetime) -> ChainCheck:
    """Have the database walk the chain, all organisations' rows, unless it is too long for a page; it is logged.

    The rows themselves are not read: the officer sees her own organisation's and no other.
    """
    _refuse_others(by)
    with sessions.begin() as db:
        rows, done, broken = db.execute(select(*_walked())).one()
        if done:
            record(db, "audit.checked", by=by, at=at, rows=rows, broken_at=broken)
    return ChainCheck(rows, done=done, broken_at=broken)


def _walked() -> tuple[Any, Any, Any]:
    """Name what the database's own walk gives: rows, whether they were walked, and the first that does not hold."""
    walked = func.audit_walked(LONGEST_HERE).table_valued("rows", "done", "broken")
    return walked.c.rows, walked.c.done, walked.c.broken


def _shown(row: AuditRow, who: str | None) -> LogRow:
    """Show a row: of its facts the names alone, and the names of fields where the facts list them."""
    listed = row.facts.get("fields", [])
    names = [name for name in row.facts if name != "fields"] + [str(name) for name in listed]
    return LogRow(row.number, row.at, who, action_in_words(row.action), _short(row.subject_id), tuple(names))


def _short(subject: UUID | None) -> str:
    return subject.hex[:SHORT] if subject else ""


def _refuse_others(by: Actor) -> None:
    if by.role is not Role.DATA_PROTECTION_OFFICER:
        raise NotAllowed("This page is for people with another role than yours.")
