"""An extract of the log for an incident: whose cases one person read, or who read one case, and when (S70)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from bostad.accounts.access import OrganisationKind
from bostad.accounts.tables import Organisation, User
from bostad.audit.service import record
from bostad.audit.tables import AuditRow
from bostad.errors import Missing
from bostad.needs.tables import Case, with_number
from bostad.records import Sessions


@dataclass(frozen=True, slots=True)
class Trace:
    """One row of the log and one case it is about, or none."""

    number: int
    at: datetime
    username: str | None
    organisation: str | None
    action: str
    purpose: str | None
    case_number: str | None
    subject: UUID | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """From a moment up to another, which is not in it."""

    since: datetime
    until: datetime


def traces_of_user(sessions: Sessions, username: str, window: Window, *, at: datetime) -> list[Trace]:
    """List what one person did and read; that this was taken out is logged."""
    with sessions.begin() as db:
        user = db.exec(select(User).where(User.username == username.lower())).one_or_none()
        if user is None:
            raise Missing("There is no user with the name %(username)s.", username=username)
        found = list(_traces(db, window, col(AuditRow.actor_id) == user.id))
        _note(db, found, user.organisation_id, user.id, at)
    return found


def traces_of_case(sessions: Sessions, case_number: str, window: Window, *, at: datetime) -> list[Trace]:
    """List who did or read what in one case, by its exact number at any board; that it was taken out is logged."""
    with sessions.begin() as db:
        cases = _numbered(db, " ".join(case_number.split()))
        if not cases:
            raise Missing("There is no case with exactly this number.")
        ids = [case.id for case in cases]
        found = list(_traces(db, window, about(ids), only=frozenset(ids)))
        for case in cases:
            _note(db, found, case.board_id, case.id, at)
    return found


def about(case_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Give the condition on AuditRow that it is about one of these cases, by itself or as a line of a list."""
    return or_(col(AuditRow.case_id).in_(case_ids), col(AuditRow.listed).op("&&")(list(case_ids)))


def _traces(
    db: Session, window: Window, which: ColumnElement[bool], *, only: frozenset[UUID] | None = None
) -> Iterator[Trace]:
    """Give the rows in order, a list's once for each of its cases."""
    query = (
        select(AuditRow, col(User.username), col(Organisation.name))
        .join(User, col(User.id) == col(AuditRow.actor_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(AuditRow.organisation_id), isouter=True)
        .where(which, col(AuditRow.at) >= window.since, col(AuditRow.at) < window.until)
        .order_by(col(AuditRow.number))
    )
    rows = db.exec(query).all()
    numbers = _numbers(db, {one for row, _, _ in rows for one in _cases(row) if one is not None})
    for row, username, organisation in rows:
        for case_id in _cases(row) or [None]:
            if only is not None and case_id not in only:
                continue
            yield Trace(
                number=row.number,
                at=row.at,
                username=username,
                organisation=organisation,
                action=row.action,
                purpose=row.purpose,
                case_number=numbers.get(case_id, str(case_id)) if case_id is not None else None,
                subject=row.subject_id,
                fields=tuple(str(name) for name in row.facts.get("fields", ())),
            )


def _cases(row: AuditRow) -> list[UUID | None]:
    return [*(row.listed or ()), *([row.case_id] if row.case_id else [])]


def _numbers(db: Session, case_ids: set[UUID]) -> dict[UUID, str]:
    """Open the case numbers; a case that has been cleared is known by its id alone."""
    return {case.id: case.case_number for case in db.exec(select(Case).where(col(Case.id).in_(case_ids))).all()}


def _numbered(db: Session, case_number: str) -> list[Case]:
    boards = db.exec(select(Organisation.id).where(Organisation.kind == OrganisationKind.SOCIAL_BOARD)).all()
    if not boards:
        return []
    return list(db.exec(select(Case).where(or_(*(with_number(db, one, case_number) for one in boards)))).all())


def _note(db: Session, found: list[Trace], organisation: UUID, subject: UUID, at: datetime) -> None:
    record(db, "incident.extracted", by=None, at=at, subject=subject, organisation=organisation, rows=len(found))
