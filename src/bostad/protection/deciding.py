"""What waits for a second person: disclosures without consent, exclusions and protection that somebody wants ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation, User
from bostad.needs.consent import FieldGroup
from bostad.needs.loading import ENDED, decided_by, led_by
from bostad.needs.tables import Case, Need
from bostad.protection.tables import BlockedCompany, DisclosureRequest, ExcludedStaff
from bostad.records import Sessions
from bostad.words import Sentence, Word, say


class DecisionKind(Word):
    """What is to be decided, as it stands in an address."""

    NECESSITY = "disclosure", say("Disclosure without consent")
    EXCLUSION = "exclusion", say("An exclusion is to end")
    PROTECTION = "protection", say("Heightened protection is to end")


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide: whose case by its number, what it means, and who asked."""

    kind: DecisionKind
    id: UUID
    case_number: str
    what: Sentence
    asked_by: str
    groups: tuple[FieldGroup, ...] = ()
    because: str | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A disclosure without consent that has been decided: who asked, who answered, and how."""

    at: datetime
    case_number: str
    company: str
    asked_by: str
    decided_by: str
    granted: bool


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """What waits for this person, and for a manager every disclosure without consent in the unit, with its count."""

    waiting: tuple[Decision, ...]
    decided: tuple[Decided, ...]
    this_year: int


def decisions(sessions: Sessions, *, by: Actor, at: datetime) -> DecisionsPage:
    """Give the page. That it was read, `web/reads.py` writes down."""
    with sessions() as db:
        waiting = tuple(_waiting(db, by, at.date()))
        decided = _decided(db, by) if by.role is Role.UNIT_MANAGER else ()
    year = sum(one.granted and one.at.year == at.year for one in decided)
    return DecisionsPage(waiting, decided, year)


def waiting_for(sessions: Sessions, *, by: Actor, on: date) -> int:
    """Count what waits for this person."""
    with sessions() as db:
        return len(tuple(_waiting(db, by, on)))


def _waiting(db: Session, by: Actor, on: date) -> Iterator[Decision]:
    may = decided_by(by, on) & col(Case.closed_at).is_(None)
    yield from _disclosures(db, led_by(by) & col(Case.closed_at).is_(None), by)
    yield from _companies(db, may, by)
    yield from _people(db, may, by)
    asked = select(Case, User.name).join(User, col(User.id) == Case.lift_asked_by)
    for case, asker in db.exec(asked.where(may, col(Case.heightened), col(Case.lift_asked_by) != by.id)).all():
        what = say("The case is to be like any other: in the unit's lists, and open to its manager.")
        yield Decision(DecisionKind.PROTECTION, case.id, case.case_number, what, asker)


def _disclosures(db: Session, may: ColumnElement[bool], by: Actor) -> Iterator[Decision]:
    query = (
        select(DisclosureRequest, Case, Organisation.name, User.name)
        .join(Need, col(Need.id) == DisclosureRequest.need_id)
        .join(Case, col(Case.id) == Need.case_id)
        .join(Organisation, col(Organisation.id) == DisclosureRequest.company_id)
        .join(User, col(User.id) == DisclosureRequest.asked_by)
        .where(may, col(DisclosureRequest.decided_at).is_(None), col(DisclosureRequest.asked_by) != by.id)
        .order_by(col(DisclosureRequest.asked_at))
    )
    for request, case, company, asker in db.exec(query).all():
        yield Decision(
            DecisionKind.NECESSITY,
            request.id,
            case.case_number,
            say("%(company)s is to see something without the household's consent.", company=company),
            asker,
            tuple(group for group in FieldGroup if group.value in request.field_groups),
            request.because,
            request.ends_on,
        )


def _companies(db: Session, may: ColumnElement[bool], by: Actor) -> Iterator[Decision]:
    query = (
        select(BlockedCompany.id, Case, Organisation.name, User.name)
        .join(Need, col(Need.id) == BlockedCompany.need_id)
        .join(Case, col(Case.id) == Need.case_id)
        .join(Organisation, col(Organisation.id) == BlockedCompany.company_id)
        .join(User, col(User.id) == BlockedCompany.lift_asked_by)
        .where(may, col(BlockedCompany.lifted_by).is_(None), col(BlockedCompany.lift_asked_by) != by.id)
        .where(col(Need.state).not_in(ENDED))
        .order_by(col(BlockedCompany.id))
    )
    for row_id, case, company, asker in db.exec(query).all():
        what = say("%(company)s is no longer to be excluded.", company=company)
        yield Decision(DecisionKind.EXCLUSION, row_id, case.case_number, what, asker)


def _people(db: Session, may: ColumnElement[bool], by: Actor) -> Iterator[Decision]:
    query = (
        select(ExcludedStaff, Case, Organisation.name, User.name)
        .join(Need, col(Need.id) == ExcludedStaff.need_id)
        .join(Case, col(Case.id) == Need.case_id)
        .join(Organisation, col(Organisation.id) == ExcludedStaff.company_id)
        .join(User, col(User.id) == ExcludedStaff.lift_asked_by)
        .where(may, col(ExcludedStaff.lifted_by).is_(None), col(ExcludedStaff.lift_asked_by) != by.id)
        .where(col(Need.state).not_in(ENDED))
        .order_by(col(ExcludedStaff.id))
    )
    for row, case, company, asker in db.exec(query).all():
        what = say("%(name)s at %(company)s is no longer to be excluded.", name=row.name, company=company)
        yield Decision(DecisionKind.EXCLUSION, row.id, case.case_number, what, asker)


def _decided(db: Session, by: Actor) -> tuple[Decided, ...]:
    asker, decider = aliased(User), aliased(User)
    query: Any = (
        select(DisclosureRequest, Case, Organisation.name, asker.name)
        .add_columns(col(decider.name))
        .join(Need, col(Need.id) == DisclosureRequest.need_id)
        .join(Case, col(Case.id) == Need.case_id)
        .join(Organisation, col(Organisation.id) == DisclosureRequest.company_id)
        .join(asker, col(asker.id) == DisclosureRequest.asked_by)
        .join(decider, col(decider.id) == DisclosureRequest.decided_by)
        .where(led_by(by))
        .order_by(col(DisclosureRequest.decided_at).desc())
    )
    return tuple(
        Decided(request.decided_at, case.case_number, company, asked, answered, bool(request.granted))
        for request, case, company, asked, answered in db.exec(query).all()
        if request.decided_at
    )
