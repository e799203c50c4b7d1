"""Making, changing and resting agreements; what other rooms ask of them is here too."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, OrganisationKind
from bostad.accounts.tables import Organisation
from bostad.agreements.answers import AgreementAnswers, LineAnswers
from bostad.agreements.ledger import count, ensure_month, recount
from bostad.agreements.loading import agreement_for_change, agreement_to_edit, board_of, line_to_edit
from bostad.agreements.quota import month_of
from bostad.agreements.states import AgreementMove, AgreementState, next_state
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.audit.service import record
from bostad.errors import Invalid, OutOfStep
from bostad.homes.checking import recheck_line
from bostad.outbox import service as outbox
from bostad.records import Sessions
from bostad.words import say

__all__ = ["change_state", "count", "draft", "edit", "edit_line", "ensure_month", "in_force", "move"]


def draft(sessions: Sessions, answers: AgreementAnswers, *, by: Actor, at: datetime) -> UUID:
    """Begin an agreement between the manager's board and a company; nothing happens under it before it is in force."""
    with sessions.begin() as db:
        board_id = board_of(by)
        _refuse_other_than_companies(db, answers.company_id)
        _refuse_a_taken_reference(db, board_id, answers.reference, apart_from=None)
        agreement = Agreement(board_id=board_id, **answers.model_dump())
        db.add(agreement)
        record(db, "agreement.drafted", by=by, at=at, subject=agreement.id)
        return agreement.id


def edit(sessions: Sessions, agreement_id: UUID, answers: AgreementAnswers, *, by: Actor, at: datetime) -> None:
    """Change a draft, or an agreement that is paused. Its company stays the same once there are lines."""
    with sessions.begin() as db:
        agreement = agreement_to_edit(db, agreement_id, by=by)
        _refuse_a_taken_reference(db, agreement.board_id, answers.reference, apart_from=agreement_id)
        if answers.company_id != agreement.company_id:
            _refuse_other_than_companies(db, answers.company_id)
            if agreement.state is not AgreementState.DRAFT:
                raise Invalid({"company_id": say("The company cannot be changed. Make a new agreement instead.")})
        changed = _change(agreement, answers.model_dump())
        db.flush()
        for line_id in db.exec(select(QuotaLine.id).where(QuotaLine.agreement_id == agreement_id)).all():
            recount(db, line_id, month_of(at.date()))
        record(db, "agreement.edited", by=by, at=at, subject=agreement_id, fields=changed)


def add_line(sessions: Sessions, agreement_id: UUID, answers: LineAnswers, *, by: Actor, at: datetime) -> UUID:
    """Add a quota line."""
    with sessions.begin() as db:
        agreement = agreement_to_edit(db, agreement_id, by=by)
        _refuse_a_taken_code(db, agreement.id, answers.code, apart_from=None)
        line = QuotaLine(agreement_id=agreement.id, **_line_values(answers))
        db.add(line)
        record(db, "agreement.line_added", by=by, at=at, subject=agreement.id, line=str(line.id))
        return line.id


def edit_line(sessions: Sessions, line_id: UUID, answers: LineAnswers, *, by: Actor, at: datetime) -> None:
    """Change a quota line from this month on, and hold the homes under it that are not let against its new terms."""
    with sessions.begin() as db:
        agreement, line = line_to_edit(db, line_id, by=by)
        _refuse_a_taken_code(db, agreement.id, answers.code, apart_from=line_id)
        changed = _change(line, _line_values(answers))
        db.flush()
        recount(db, line_id, month_of(at.date()))
        recheck_line(db, line)
        record(db, "agreement.line_edited", by=by, at=at, subject=agreement.id, line=str(line_id), fields=changed)


def move(sessions: Sessions, agreement_id: UUID, what: AgreementMove, *, by: Actor, at: datetime) -> None:
    """Put an agreement in force, pause, resume or end it."""
    with sessions.begin() as db:
        change_state(db, agreement_id, what, by=by, at=at)


def change_state(db: Session, agreement_id: UUID, what: AgreementMove, *, by: Actor, at: datetime) -> Agreement:
    """Make the move in a transaction that does more: last in it, since it asks for a run and writes to the audit."""
    agreement = agreement_for_change(db, agreement_id, by=by)
    to = next_state(agreement.state, what)
    if what is AgreementMove.PUT_IN_FORCE:
        _refuse_unfinished(db, agreement)
    agreement.state = to
    outbox.post(db, "matching.run", key=str(agreement.board_id), at=at)
    record(db, f"agreement.{what}", by=by, at=at, subject=agreement_id, state=to)
    return agreement


def in_force(db: Session, agreement_id: UUID, on: date) -> bool:
    """Tell whether homes may be published and promised under it on a day; whoever would pause it waits for this."""
    agreement = db.exec(select(Agreement).where(Agreement.id == agreement_id).with_for_update(read=True)).one()
    begun = agreement.valid_from <= on and (agreement.valid_until is None or on <= agreement.valid_until)
    return agreement.state is AgreementState.IN_FORCE and begun


def _line_values(answers: LineAnswers) -> dict[str, Any]:
    """Give the columns: codes as plain texts, as they are stored."""
    values = answers.model_dump()
    return {name: [str(one) for one in value] if isinstance(value, list) else value for name, value in values.items()}


def _change(row: Agreement | QuotaLine, values: dict[str, Any]) -> list[str]:
    """Set what differs and give the names of it."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _refuse_unfinished(db: Session, agreement: Agreement) -> None:
    if agreement.signed_on is None:
        raise OutOfStep("Write when the agreement was signed before you put it in force.")
    if not db.exec(select(func.count()).where(QuotaLine.agreement_id == agreement.id)).one():
        raise OutOfStep("Add at least one line of homes before you put the agreement in force.")


def _refuse_other_than_companies(db: Session, company_id: UUID) -> None:
    company = db.get(Organisation, company_id)
    if company is None or company.kind is not OrganisationKind.HOUSING_COMPANY:
        raise Invalid({"company_id": say("Choose one of the housing companies.")})


def _refuse_a_taken_reference(db: Session, board_id: UUID, reference: str, *, apart_from: UUID | None) -> None:
    """Say kindly what the unique constraint would say."""
    query = select(Agreement.id).where(Agreement.board_id == board_id, Agreement.reference == reference)
    if set(db.exec(query)) - {apart_from}:
        raise Invalid({"reference": say("Another agreement has this reference number.")})


def _refuse_a_taken_code(db: Session, agreement_id: UUID, code: str, *, apart_from: UUID | None) -> None:
    query = select(QuotaLine.id).where(col(QuotaLine.agreement_id) == agreement_id, QuotaLine.code == code)
    if set(db.exec(query)) - {apart_from}:
        raise Invalid({"code": say("Another line of this agreement has this code.")})
