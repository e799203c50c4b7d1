"""The only ways to an agreement: each knows who asks, and a stranger is told nothing (S06).

Locks are taken in the house's order: placement, home, agreement, quota, audit.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import NoReturn
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, text
from sqlmodel import Session, col, select

from bostad.accounts.access import SOCIAL_ROLES, Actor, Role
from bostad.agreements.ledger import tally
from bostad.agreements.quota import Tally
from bostad.agreements.states import EDITABLE, AgreementState
from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.errors import Missing, NotAllowed, OutOfStep
from bostad.homes.checking import lock_live

TALLIED = tuple(field.name for field in fields(Tally))


def visible_to(by: Actor) -> ColumnElement[bool]:
    """Give the condition on Agreement that this person may read it; a draft is the board's own until it is in force."""
    if by.role in SOCIAL_ROLES:
        return col(Agreement.board_id) == by.organisation_id
    if by.role is Role.HOUSING_STAFF:
        not_a_draft = col(Agreement.state) != AgreementState.DRAFT
        return and_(col(Agreement.company_id) == by.organisation_id, not_a_draft)
    return literal(False)


def agreement_for(db: Session, agreement_id: UUID, *, by: Actor) -> Agreement:
    """Give an agreement to read."""
    query = select(Agreement).where(Agreement.id == agreement_id, visible_to(by))
    return db.exec(query).one_or_none() or _none()


def agreement_for_change(db: Session, agreement_id: UUID, *, by: Actor) -> Agreement:
    """Lock an agreement for a unit manager of its board; the other party and colleagues read it."""
    query = select(Agreement).where(Agreement.id == agreement_id, visible_to(by)).with_for_update()
    agreement = db.exec(query).one_or_none() or _none()
    _refuse_all_but_managers(by)
    return agreement


def agreement_to_edit(db: Session, agreement_id: UUID, *, by: Actor) -> Agreement:
    """Lock an agreement whose terms may be changed."""
    agreement = agreement_for_change(db, agreement_id, by=by)
    if agreement.state not in EDITABLE:
        raise OutOfStep("An agreement in force is not changed. Pause it first; one that has ended stays as it is.")
    return agreement


def line_to_edit(db: Session, line_id: UUID, *, by: Actor) -> tuple[Agreement, QuotaLine]:
    """Lock a quota line whose terms may be changed, with the live homes under it and the agreement before it."""
    reachable = select(QuotaLine.agreement_id).join(Agreement).where(QuotaLine.id == line_id, visible_to(by))
    agreement_id = db.exec(reachable).one_or_none() or _none()
    _refuse_all_but_managers(by)
    lock_live(db, line_id)
    agreement = agreement_to_edit(db, agreement_id, by=by)
    lines = db.exec(select(QuotaLine).where(QuotaLine.id == line_id).with_for_update(key_share=True))
    return agreement, lines.one()


def board_of(by: Actor) -> UUID:
    """Give the board that a unit manager acts for; nobody else makes agreements."""
    _refuse_all_but_managers(by)
    return by.organisation_id


def _refuse_all_but_managers(by: Actor) -> None:
    if by.role is not Role.UNIT_MANAGER:
        raise NotAllowed("Only a unit manager of the board can change an agreement.")


def _none() -> NoReturn:
    raise Missing("There is no such agreement among yours.")


def months_kept(db: Session, line_ids: Iterable[UUID], *, by: Actor) -> dict[UUID, dict[date, Tally]]:
    """Give, by line, the months that are kept: to a company's person as they stand without what is not there for her.

    Her role cannot read the ledger itself, so that no sum tells her of a household that she must not hear of (S05).
    """
    kept: dict[UUID, dict[date, Tally]] = {line_id: {} for line_id in line_ids}
    if by.role is Role.HOUSING_STAFF:
        shown = text(f"select line_id, month, {', '.join(TALLIED)} from ledger_shown(:lines, :reader)")  # noqa: S608
        for line_id, month, *counted in db.connection().execute(shown, {"lines": list(kept), "reader": by.id}):
            kept[line_id][month] = Tally(**dict(zip(TALLIED, counted, strict=True)))
        return kept
    for row in db.exec(select(LineMonth).where(col(LineMonth.line_id).in_(kept))):
        kept[row.line_id][row.month] = tally(row)
    return kept
