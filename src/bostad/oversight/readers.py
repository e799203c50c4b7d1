"""Who has read this case: for the data-protection officer by its number, and for the manager of its unit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation, User
from bostad.audit.purposes import Purpose
from bostad.audit.service import record
from bostad.audit.tables import AuditRow
from bostad.audit.words import action_in_words
from bostad.errors import Invalid, Missing
from bostad.needs.loading import led_by
from bostad.needs.tables import Case, with_number
from bostad.oversight.incident import about
from bostad.oversight.states import Reason
from bostad.protection.searching import count_search
from bostad.records import Sessions
from bostad.words import Sentence, say

MOST = 2_000
"""Rows of one page or one extract, the newest first (S64)."""


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """One thing that was done or read: by whom is told within one's own organisation, else by which organisation."""

    number: int
    at: datetime
    who: str
    action: Sentence
    purpose: Purpose | None
    fields: tuple[str, ...]
    in_list: bool


@dataclass(frozen=True, slots=True)
class ReadersPage:
    """Everything the log has about one case, the newest first."""

    case_id: UUID
    case_number: str
    rows: tuple[ReaderRow, ...]
    is_whole: bool


def find_readers(sessions: Sessions, case_number: str, *, by: Actor, at: datetime) -> UUID:
    """Give the id of a case whose log this person may read, by its exact number; the search is logged, hit or miss."""
    count_search(sessions, by=by, at=at)
    with sessions.begin() as db:
        numbered = with_number(db, by.organisation_id, " ".join(case_number.split()))
        case_id = db.exec(select(Case.id).where(numbered, overseen_by(by))).one_or_none()
        record(db, "readers.sought", by=by, at=at, subject=case_id, purpose=_purpose(by), found=case_id is not None)
    if case_id is None:
        raise Invalid({"case_number": say("There is no case with exactly this number.")})
    return case_id


def readers_page(sessions: Sessions, case_id: UUID, *, by: Actor) -> ReadersPage:
    """Show who has done or read what in one case."""
    with sessions() as db:
        return _page(db, case_id, by)


def take_out(sessions: Sessions, case_id: UUID, reason: Reason, *, by: Actor, at: datetime) -> ReadersPage:
    """Give the same for an extract; that it was taken out, and what for, is logged (S64)."""
    with sessions.begin() as db:
        page = _page(db, case_id, by)
        facts: dict[str, Any] = {"reason": reason, "rows": len(page.rows)}
        record(db, "readers.extracted", by=by, at=at, subject=case_id, purpose=_purpose(by), **facts)
        return page


def overseen_by(by: Actor) -> ColumnElement[bool]:
    """Give the condition on Case that this person may see who read it."""
    officer = and_(literal(by.role is Role.DATA_PROTECTION_OFFICER), col(Case.board_id) == by.organisation_id)
    return or_(officer, led_by(by))


def who(row: AuditRow, name: str | None, organisation: str | None, by: Actor) -> str:
    """Name a person of one's own organisation; of another's, her organisation; the service itself by its name."""
    if row.actor_id is None:
        return "bostad"
    return (name if row.organisation_id == by.organisation_id else None) or organisation or "–"


def _page(db: Session, case_id: UUID, by: Actor) -> ReadersPage:
    case = db.exec(select(Case).where(Case.id == case_id, overseen_by(by))).one_or_none()
    if case is None:
        raise Missing("There is no such case among yours.")
    query = (
        select(AuditRow, col(User.name), col(Organisation.name))
        .join(User, col(User.id) == col(AuditRow.actor_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(AuditRow.organisation_id), isouter=True)
        .where(about([case_id]))
    )
    found = db.exec(query.order_by(col(AuditRow.number).desc()).limit(MOST + 1)).all()
    rows = tuple(_shown(row, who(row, name, organisation, by)) for row, name, organisation in found[:MOST])
    return ReadersPage(case.id, case.case_number, rows, is_whole=len(found) <= MOST)


def _shown(row: AuditRow, person: str) -> ReaderRow:
    return ReaderRow(
        number=row.number,
        at=row.at,
        who=person,
        action=action_in_words(row.action),
        purpose=Purpose(row.purpose) if row.purpose in set(Purpose) else None,
        fields=tuple(str(name) for name in row.facts.get("fields", ())),
        in_list=row.case_id is None,
    )


def _purpose(by: Actor) -> Purpose:
    return Purpose.OVERSIGHT if by.role is Role.DATA_PROTECTION_OFFICER else Purpose.REVIEW
