"""The only ways to a home: each knows who asks, and a stranger is told nothing (S06)."""

from datetime import date
from typing import NoReturn
from uuid import UUID

from sqlalchemy import ColumnElement, exists, literal
from sqlmodel import Session, col, select

from bostad.accounts.access import SOCIAL_ROLES, Actor, Role
from bostad.agreements.service import in_force
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.errors import Invalid, Missing, NotAllowed
from bostad.homes.tables import Home
from bostad.words import say


def visible_to(by: Actor) -> ColumnElement[bool]:
    """Give the condition on Home that this person may read it: her company's, or published under her board's lines."""
    if by.role is Role.HOUSING_STAFF:
        return col(Home.company_id) == by.organisation_id
    if by.role in SOCIAL_ROLES:
        under_ours = exists().where(
            col(QuotaLine.id) == col(Home.line_id),
            col(Agreement.id) == col(QuotaLine.agreement_id),
            col(Agreement.board_id) == by.organisation_id,
        )
        return under_ours.correlate(Home)
    return literal(False)


def home_for(db: Session, home_id: UUID, *, by: Actor) -> Home:
    """Give a home to read."""
    return db.exec(select(Home).where(Home.id == home_id, visible_to(by))).one_or_none() or _none()


def home_for_change(db: Session, home_id: UUID, *, by: Actor) -> Home:
    """Lock a home for the staff of its company; the board reads it."""
    query = select(Home).where(Home.id == home_id, visible_to(by)).with_for_update()
    home = db.exec(query).one_or_none() or _none()
    company_of(by)
    return home


def line_for_homes(db: Session, line_id: UUID, month: date, *, by: Actor, on: date) -> QuotaLine:
    """Give a line of the company's own that homes can be published under; its agreement stays in force meanwhile."""
    query = select(Agreement, QuotaLine).join(QuotaLine).where(QuotaLine.id == line_id)
    found = db.exec(query.where(Agreement.company_id == company_of(by))).one_or_none()
    if found is None:
        raise Invalid({"line_id": say("Choose one of the lines of your agreements.")})
    agreement, line = found
    if not in_force(db, agreement.id, max(on, month)):
        raise Invalid({"line_id": say("This agreement is not in force, so no homes can be published under it.")})
    return line


def company_of(by: Actor) -> UUID:
    """Give the company that housing staff act for; nobody else publishes homes."""
    if by.role is not Role.HOUSING_STAFF:
        raise NotAllowed("Only the staff of the housing company can do that.")
    return by.organisation_id


def _none() -> NoReturn:
    raise Missing("There is no such home among yours.")
