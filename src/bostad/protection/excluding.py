"""People at a company who must not hear of a household, and how an exclusion ends: by two, or not at all (S05, S24).

A social worker names a person as she knows her. She is not told whether there is such an account: that would let her
go through a company's staff by guessing. The database compares the names whenever something is read, so that a person
who is hired next year is kept out too.
"""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.needs.changing import noticed
from bostad.needs.consent import is_live
from bostad.needs.loading import case_to_decide, company, need_for_change, not_yours
from bostad.needs.states import NeedState
from bostad.needs.tables import Consent, Need
from bostad.protection.answers import NamedPerson
from bostad.protection.closed import closed_companies
from bostad.protection.tables import BlockedCompany, ExcludedStaff
from bostad.records import Sessions
from bostad.words import say

Exclusion = BlockedCompany | ExcludedStaff


def exclude_person(sessions: Sessions, case_id: UUID, answers: NamedPerson, *, by: Actor, at: datetime) -> None:
    """Keep one person at a company from everything about a household. The same name twice counts once."""
    name = " ".join(answers.person.split())
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        where = company(db, answers.company_id, board_id=need.board_id)
        known = select(ExcludedStaff).where(ExcludedStaff.need_id == need.id, ExcludedStaff.company_id == where.id)
        row = next((one for one in db.exec(known).all() if one.name.casefold() == name.casefold()), None)
        row = row or ExcludedStaff(need_id=need.id, company_id=where.id, name=name)
        row.lift_asked_by = row.lifted_by = None
        db.add(row)
        refuse_agreed(db, need, {where.id}, field="person", on=at.date())
        noticed(db, need, at=at)
        record(db, "exclusion.named", by=by, at=at, subject=need.id, version=need.version)


def ask_to_lift(sessions: Sessions, case_id: UUID, exclusion_id: UUID, *, by: Actor, at: datetime) -> None:
    """Ask for an exclusion to end; it holds until somebody else agrees. In a draft it ends at once."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        row = _exclusion(db, exclusion_id)
        if row is None or row.need_id != need.id or row.lifted_by is not None:
            raise Missing("This exclusion is no longer on the list.")
        end_or_ask(db, need, row, by=by)
        noticed(db, need, at=at)
        record(db, "exclusion.lift_asked", by=by, at=at, subject=need.id)


def end_or_ask(db: Session, need: Need, row: Exclusion, *, by: Actor) -> None:
    """Take an exclusion out of a draft, which nobody has acted on; of any other need ask a second person first."""
    if need.state is NeedState.DRAFT:
        db.delete(row)
    elif row.lift_asked_by is None:
        row.lift_asked_by = by.id


def decide_to_lift(sessions: Sessions, exclusion_id: UUID, *, lift: bool, by: Actor, at: datetime) -> None:
    """Be the second person: let an exclusion end, or let it stand."""
    with sessions.begin() as db:
        found = _exclusion(db, exclusion_id) or not_yours()
        case_id = db.exec(select(Need.case_id).where(Need.id == found.need_id)).one()
        case_to_decide(db, case_id, by=by, on=at.date())
        need = db.exec(select(Need).where(Need.id == found.need_id).with_for_update()).one()
        db.refresh(found, with_for_update=True)
        if found.lift_asked_by is None or found.lifted_by is not None:
            raise OutOfStep("This has been decided already.")
        if found.lift_asked_by == by.id:
            raise NotAllowed("You asked for this yourself. Somebody else must decide.")
        if lift:
            found.lifted_by = by.id
        else:
            found.lift_asked_by = None
        noticed(db, need, at=at)
        record(db, "exclusion.lifted" if lift else "exclusion.kept", by=by, at=at, subject=need.id)


def refuse_agreed(db: Session, need: Need, companies: set[UUID], *, field: str, on: date) -> None:
    """Refuse to close a company out beside a consent that holds: withdrawing that also stops what goes on with it."""
    db.flush()
    closed = closed_companies(db, [need.id]).get(need.id, frozenset()) & companies
    held = select(Consent).where(Consent.need_id == need.id, col(Consent.company_id).in_(closed))
    if any(is_live(consent, on) for consent in db.exec(held).all()):
        told = say("Withdraw the consent to this company first. That stops everything with it at once.")
        raise Invalid({field: told})


def _exclusion(db: Session, exclusion_id: UUID) -> Exclusion | None:
    return db.get(BlockedCompany, exclusion_id) or db.get(ExcludedStaff, exclusion_id)
