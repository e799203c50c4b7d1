"""The only ways to a case: each knows who asks, and a stranger is told nothing (S06).

Whoever locks more than one thing locks in this order: case, need, consent, placement, home, quota, audit.
"""

from collections.abc import Sequence
from datetime import date
from typing import NoReturn
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, literal, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bostad.accounts.access import Actor, OrganisationKind, Role
from bostad.accounts.tables import Organisation, User
from bostad.agreements.tables import Agreement
from bostad.counties.loading import partners_of
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.needs.states import NeedState
from bostad.needs.tables import Case, Consent, Deputy, Need
from bostad.oversight.opened import opened_in_emergency
from bostad.words import say

ENDED = frozenset({NeedState.HOUSED, NeedState.CLOSED})


def open_to(by: Actor, on: date) -> ColumnElement[bool]:
    """Give the condition on Case that this person may read it: she works with it, or opened it in an emergency.

    Heightened protection knows no emergency: only its named people, the social worker and who stands in, open it.
    """
    return _on_side(by) & (_works_with(by, on) | opened_in_emergency(by))


def open_to_change(by: Actor, on: date) -> ColumnElement[bool]:
    """Give the condition on Case that this person may change it on a day: an emergency opens it to read, or more."""
    return _on_side(by) & (_works_with(by, on) | opened_in_emergency(by, to_change=True))


def _on_side(by: Actor) -> ColumnElement[bool]:
    return and_(_has_role(by, Role.SOCIAL_WORKER), col(Case.board_id) == by.organisation_id)


def _works_with(by: Actor, on: date) -> ColumnElement[bool]:
    """Give the condition on Case that it is this person's own, or that she stands in."""
    deputised = exists().where(
        col(Deputy.case_id) == col(Case.id), col(Deputy.user_id) == by.id, col(Deputy.until) >= on
    )
    return or_(col(Case.worker_id) == by.id, deputised)


def led_by(by: Actor) -> ColumnElement[bool]:
    """Give the condition on Case that it belongs to the unit this person manages and is not closed to her too."""
    of_the_unit = and_(col(Case.board_id) == by.organisation_id, col(Case.unit_id) == by.unit_id)
    return and_(_has_role(by, Role.UNIT_MANAGER), of_the_unit, _ordinary())


def passed_on_by(by: Actor, on: date) -> ColumnElement[bool]:
    """Give the condition on Case that this person may say who works with it: its social worker or the unit's manager.

    With heightened protection it is anyone of the named people: no manager could find it if its worker fell ill.
    """
    own = col(Case.worker_id) == by.id
    return or_(_on_side(by) & (own | (col(Case.heightened) & _works_with(by, on))), led_by(by))


def decided_by(by: Actor, on: date) -> ColumnElement[bool]:
    """Give the condition on Case that this person may be the second of two who decide (S24); her board first."""
    may = or_(_on_side(by) & _works_with(by, on), led_by(by))
    return and_(col(Case.board_id) == by.organisation_id, may)


def _ordinary() -> ColumnElement[bool]:
    return col(Case.heightened).is_(False)


def case_for(db: Session, case_id: UUID, *, by: Actor, on: date) -> Case:
    """Give a case to read, to the one who works with it."""
    return _one_case(db, case_id, open_to(by, on), lock=False)


def is_open_to_change(db: Session, case_id: UUID, *, by: Actor, on: date) -> bool:
    """Tell whether this person may change a case that she may read."""
    return db.exec(select(Case.id).where(col(Case.id) == case_id, open_to_change(by, on))).one_or_none() is not None


def case_for_change(db: Session, case_id: UUID, *, by: Actor, on: date) -> Case:
    """Lock a case for the one who works with it. A closed case can be read, not changed."""
    case = _one_case(db, case_id, open_to_change(by, on), lock=True)
    _refuse_closed(case)
    return case


def case_to_pass_on(db: Session, case_id: UUID, *, by: Actor, on: date) -> Case:
    """Lock a case for the one who may say who works with it."""
    case = _one_case(db, case_id, passed_on_by(by, on), lock=True)
    _refuse_closed(case)
    return case


def case_to_decide(db: Session, case_id: UUID, *, by: Actor, on: date) -> Case:
    """Lock a case for the one who may be the second of two who decide in it."""
    case = _one_case(db, case_id, decided_by(by, on), lock=True)
    _refuse_closed(case)
    return case


def latest_need(db: Session, case: Case) -> Need:
    """Give a case's need: the one that is going on, else the last there was."""
    return db.exec(_needs_of(case)).first() or not_yours()


def need_for_change(db: Session, case_id: UUID, *, by: Actor, on: date) -> Need:
    """Lock a case and its need for the one who works with it. A need that has ended stays as it is."""
    case = case_for_change(db, case_id, by=by, on=on)
    need = db.exec(_needs_of(case).with_for_update()).first() or not_yours()
    if need.state in ENDED:
        raise OutOfStep("This need has ended and can no longer be changed.")
    return need


def consent_for_change(db: Session, consent_id: UUID, *, by: Actor, on: date) -> tuple[Need, Consent]:
    """Lock a need and one of its consents, in that order, for the one who works with the case.

    Works for ended needs too: a consent can be withdrawn as long as it is there.
    """
    reachable = select(Need).join(Consent, col(Consent.need_id) == Need.id).join(Case, col(Case.id) == Need.case_id)
    query = reachable.where(col(Consent.id) == consent_id, open_to_change(by, on)).with_for_update(of=Need)
    need = db.exec(query).one_or_none() or not_yours()
    consent = db.exec(select(Consent).where(Consent.id == consent_id).with_for_update()).one()
    return need, consent


def colleague(db: Session, user_id: UUID, *, board_id: UUID) -> User:
    """Give a social worker of the board who can be given work."""
    found = db.exec(select(User).where(User.id == user_id, *_at_work(board_id))).one_or_none()
    if found is None:
        raise Invalid({"colleague_id": say("Choose one of your colleagues.")})
    return found


def colleagues(db: Session, *, board_id: UUID) -> Sequence[User]:
    """List the board's social workers, by name."""
    return db.exec(select(User).where(*_at_work(board_id)).order_by(col(User.name), col(User.id))).all()


def companies(db: Session, *, board_id: UUID) -> Sequence[Organisation]:
    """List the companies that the board has, or has had, an agreement with, or boards it has joined have; by name."""
    return db.exec(_companies_of(db, board_id).order_by(col(Organisation.name), col(Organisation.id))).all()


def company(db: Session, company_id: UUID, *, board_id: UUID) -> Organisation:
    """Give one of those companies."""
    found = db.exec(_companies_of(db, board_id).where(col(Organisation.id) == company_id)).one_or_none()
    if found is None:
        raise Invalid({"company_id": say("Choose one of the housing companies.")})
    return found


def not_yours() -> NoReturn:
    """Refuse what is absent and what is somebody else's in the same words (S06)."""
    raise Missing("There is no such case among yours.")


def social_worker(by: Actor) -> tuple[UUID, UUID]:
    """Give a social worker's board and unit; nobody else registers cases."""
    if by.role is not Role.SOCIAL_WORKER or by.unit_id is None:
        raise NotAllowed("Only a social worker who belongs to a unit can register cases.")
    return by.organisation_id, by.unit_id


def _one_case(db: Session, case_id: UUID, condition: ColumnElement[bool], *, lock: bool) -> Case:
    query = select(Case).where(col(Case.id) == case_id, condition)
    return db.exec(query.with_for_update() if lock else query).one_or_none() or not_yours()


def _needs_of(case: Case) -> SelectOfScalar[Need]:
    return select(Need).where(Need.case_id == case.id).order_by(col(Need.started_at).desc(), col(Need.id))


def _companies_of(db: Session, board_id: UUID) -> SelectOfScalar[Organisation]:
    has_agreement = exists().where(
        col(Agreement.company_id) == col(Organisation.id), col(Agreement.board_id) == board_id
    )
    elsewhere = col(Organisation.id).in_(partners_of(db, board_id))
    a_company = col(Organisation.kind) == OrganisationKind.HOUSING_COMPANY
    return select(Organisation).where(has_agreement | (elsewhere & a_company))


def _has_role(by: Actor, role: Role) -> ColumnElement[bool]:
    return literal(by.role is role)


def _refuse_closed(case: Case) -> None:
    if case.closed_at is not None:
        raise OutOfStep("This case is closed and can no longer be changed.")


def _at_work(board_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        col(User.organisation_id) == board_id,
        col(User.role) == Role.SOCIAL_WORKER,
        col(User.disabled_at).is_(None),
    )
