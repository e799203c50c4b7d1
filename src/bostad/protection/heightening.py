"""Heightened protection: a case open to named people only, in no list but theirs. One sets it, two end it (S24)."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, select

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import NotAllowed, OutOfStep
from bostad.needs.loading import case_for_change, case_to_decide, case_to_pass_on
from bostad.needs.tables import Case, Deputy
from bostad.records import Sessions


def heighten(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Close a case to everybody but its social worker and those who stand in. Why is not asked and kept nowhere."""
    with sessions.begin() as db:
        case = case_to_pass_on(db, case_id, by=by, on=at.date())
        if case.heightened:
            raise OutOfStep("This case has heightened protection already.")
        if not _somebody_stands_in(db, case, at.date()):
            raise OutOfStep("Let somebody stand in first, who can open the case if its social worker falls ill.")
        case.heightened, case.lift_asked_by, case.lifted_by = True, None, None
        record(db, "case.heightened", by=by, at=at, subject=case.id)


def ask_to_lift_protection(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Ask for the protection to end; another of the named people decides."""
    with sessions.begin() as db:
        case = case_for_change(db, case_id, by=by, on=at.date())
        if not case.heightened or case.lift_asked_by is not None:
            raise OutOfStep("There is nothing to ask for: it is asked for already, or the case is like any other.")
        case.lift_asked_by = by.id
        record(db, "case.lift_asked", by=by, at=at, subject=case.id)


def decide_on_protection(sessions: Sessions, case_id: UUID, *, lift: bool, by: Actor, at: datetime) -> None:
    """Be the second person: let the protection end, or let it stand."""
    with sessions.begin() as db:
        case = case_to_decide(db, case_id, by=by, on=at.date())
        if not case.heightened or case.lift_asked_by is None:
            raise OutOfStep("This has been decided already.")
        if case.lift_asked_by == by.id:
            raise NotAllowed("You asked for this yourself. Somebody else must decide.")
        if lift:
            case.heightened, case.lifted_by = False, by.id
        else:
            case.lift_asked_by = None
        record(db, "case.lifted" if lift else "case.kept_heightened", by=by, at=at, subject=case.id)


def _somebody_stands_in(db: Session, case: Case, on: date) -> bool:
    named = select(Deputy.id).where(Deputy.case_id == case.id, Deputy.until >= on)
    return db.exec(named).first() is not None
