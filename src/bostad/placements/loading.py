"""The only ways to a placement. Locks are taken in the house's order: need, consent, placement, home, quota, audit."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, literal, or_
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.answers import asked
from bostad.errors import Missing
from bostad.homes.tables import Home
from bostad.needs.loading import open_to
from bostad.needs.tables import Card, Case, Consent, Need
from bostad.placements.lifecycle import Stage
from bostad.placements.tables import Placement

NOT_HERE = asked("There is no such placement among yours.")


@dataclass(frozen=True, slots=True)
class Locked:
    """A placement with all it stands on, locked for a change."""

    placement: Placement
    need: Need
    home: Home
    line: QuotaLine
    agreement: Agreement


def visible_to(by: Actor, on: date) -> ColumnElement[bool]:
    """Give the condition on Placement that this person may know about it.

    The housing side knows of a placement from the moment a card is shared with it, and only while consent holds; of a
    contract it has signed, it knows in any case.
    """
    if by.role is Role.HOUSING_STAFF:
        shared = exists().where(
            col(Card.id) == col(Placement.card_id),
            col(Card.withdrawn_at).is_(None),
            col(Consent.need_id) == col(Placement.need_id),
            col(Consent.company_id) == col(Placement.company_id),
            col(Consent.revoked_at).is_(None),
            col(Consent.ends_on) >= on,
        )
        bound = col(Placement.stage).in_((Stage.SIGNED, Stage.MOVED_IN))
        return and_(col(Placement.company_id) == by.organisation_id, or_(shared, bound))
    if by.role is Role.SOCIAL_WORKER:
        mine = exists().where(
            col(Need.id) == col(Placement.need_id), col(Case.id) == col(Need.case_id), open_to(by, on)
        )
        return and_(col(Placement.board_id) == by.organisation_id, mine)
    return literal(False)


def lock_placement(db: Session, placement_id: UUID, *, by: Actor | None, on: date) -> Locked:
    """Lock a placement and what it stands on; a stranger is told that it is not there (S06). None is the service."""
    seen = visible_to(by, on) if by else literal(True)
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
    home = db.exec(select(Home).where(Home.id == placement.home_id).with_for_update()).one()
    line = db.get_one(QuotaLine, home.line_id)
    agreement = db.exec(select(Agreement).where(Agreement.id == line.agreement_id).with_for_update(read=True)).one()
    return Locked(placement, need, home, line, agreement)


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
