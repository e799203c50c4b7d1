"""Letting somebody go on past the limit of households in an hour: a manager does, never herself; the log says so (S58).

Whoever has a manager is let go on by her. The officer and the managers have none: another manager of the board does.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.audit.reveals import LIFTED, LIFTED_FOR, REACHED
from bostad.audit.service import record
from bostad.audit.tables import AuditRow
from bostad.errors import Missing, OutOfStep
from bostad.records import Sessions

NOBODYS = (Role.DATA_PROTECTION_OFFICER, Role.UNIT_MANAGER)
"""The roles whose people no manager leads."""


def may_be_lifted(reached_at: datetime, user: User | None, by: Actor, at: datetime) -> bool:
    """Tell whether this person may let that one go on, while it matters."""
    if user is None or user.id == by.id or user.organisation_id != by.organisation_id:
        return False
    leads = user.unit_id == by.unit_id or user.role in NOBODYS
    return by.role is Role.UNIT_MANAGER and leads and at < reached_at + LIFTED_FOR


def lift_limit(sessions: Sessions, user_id: UUID, *, by: Actor, at: datetime) -> None:
    """Let a colleague who has just reached the limit go on for an hour."""
    with sessions.begin() as db:
        user = db.get(User, user_id)
        if user is None or not may_be_lifted(at, user, by, at):
            raise Missing("We can't find that user.")
        reached = select(AuditRow.number).where(AuditRow.action == REACHED, AuditRow.subject_id == user_id)
        if db.exec(reached.where(col(AuditRow.at) > at - LIFTED_FOR).limit(1)).first() is None:
            raise OutOfStep("This person has not reached the limit in the last hour.")
        record(db, LIFTED, by=by, at=at, subject=user_id)
