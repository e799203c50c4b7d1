"""The only ways to a placement. Locks are taken in the house's order: need, consent, placement, home, quota, audit.

The two sides load it differently: the board with the need it is for, the company without; its role could not read it.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.answers import asked
from bostad.errors import Missing
from bostad.homes.tables import Home
from bostad.needs.loading import open_to, open_to_change
from bostad.needs.tables import Case, Need
from bostad.placements.lifecycle import Stage
from bostad.placements.shared import AnyPlacement, SharedPlacement
from bostad.placements.tables import Placement

NOT_HERE = asked("There is no such placement among yours.")


@dataclass(frozen=True, slots=True)
class Held:
    """A placement with what both sides know it stands on, locked for a change."""

    placement: AnyPlacement
    home: Home
    line: QuotaLine
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Locked(Held):
    """The same on the board's side, or the service's: with the need."""

    placement: Placement
    need: Need


def visible_to(by: Actor, on: date, *, to_change: bool = False) -> ColumnElement[bool]:
    """Give the condition on Placement that this person may know about it, or on the board's side change it.

    The housing side knows of a placement from the moment a card is shared with it, and only while consent holds; of a
    contract it has signed, it knows in any case. The database's own policies say the same (`bostad.zones`).
    """
    if by.role is Role.HOUSING_STAFF:
        shared = func.card_is_open(col(SharedPlacement.card_id), by.id, on)
        bound = func.card_is_bound(col(SharedPlacement.card_id), by.id)
        return and_(col(SharedPlacement.company_id) == by.organisation_id, or_(shared, bound))
    if by.role is Role.SOCIAL_WORKER:
        hers = open_to_change(by, on) if to_change else open_to(by, on)
        mine = exists().where(col(Need.id) == col(Placement.need_id), col(Case.id) == col(Need.case_id), hers)
        return and_(col(Placement.board_id) == by.organisation_id, mine)
    return literal(False)


def hold_placement(db: Session, placement_id: UUID, *, by: Actor, on: date) -> Held:
    """Lock a placement for whichever side asks; a stranger is told that it is not there (S06)."""
    if by.role is not Role.HOUSING_STAFF:
        return lock_placement(db, placement_id, by=by, on=on)
    query = select(SharedPlacement).where(col(SharedPlacement.id) == placement_id, visible_to(by, on))
    query = query.with_for_update().execution_options(populate_existing=True)
    placement = db.exec(query).one_or_none()
    if placement is None:
        raise Missing(NOT_HERE)
    return Held(placement, *_ground_of(db, placement))


def lock_placement(db: Session, placement_id: UUID, *, by: Actor | None, on: date) -> Locked:
    """Lock a placement and what it stands on, the need among it. None is the service."""
    seen = visible_to(by, on, to_change=True) if by else literal(True)
    found = db.exec(select(Placement).where(Placement.id == placement_id, seen)).one_or_none()
    if found is None:
        raise Missing(NOT_HERE)
    need = db.exec(select(Need).where(Need.id == found.need_id).with_for_update()).one()
    placement = db.exec(
        select(Placement)
        .where(Placement.id == placement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    return Locked(placement, *_ground_of(db, placement), need)


def live_of_need(db: Session, need_id: UUID) -> UUID | None:
    """Give the id of the placement that is going on for a need."""
    return db.exec(
        select(Placement.id).where(Placement.need_id == need_id, col(Placement.stage) != "closed")
    ).one_or_none()


def live_of_home(db: Session, home_id: UUID) -> UUID | None:
    """Give the id of the placement that is going on for a home."""
    return db.exec(
        select(Placement.id).where(Placement.home_id == home_id, col(Placement.stage) != "closed")
    ).one_or_none()


def is_promised(db: Session, home_id: UUID) -> bool:
    """Tell whether a household has accepted a home: from there on it stays as it was described."""
    going_on = col(Placement.stage).not_in([Stage.PROPOSED, Stage.CLOSED])
    return db.exec(select(Placement.id).where(Placement.home_id == home_id, going_on)).first() is not None


def _ground_of(db: Session, placement: AnyPlacement) -> tuple[Home, QuotaLine, Agreement]:
    home = db.exec(select(Home).where(Home.id == placement.home_id).with_for_update()).one()
    line = db.get_one(QuotaLine, home.line_id)
    agreement = db.exec(select(Agreement).where(Agreement.id == line.agreement_id).with_for_update(read=True)).one()
    return home, line, agreement
