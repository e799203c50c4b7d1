"""Whether a case stands open to somebody in an emergency: by the database's clock, to the second (I12)."""

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import col

from bostad.accounts.access import Actor
from bostad.needs.tables import Case
from bostad.oversight.tables import EmergencyOpening


def opened_in_emergency(by: Actor, *, to_change: bool = False) -> ColumnElement[bool]:
    """Give the condition on Case that this person has opened it for some hours that are not over.

    A case with heightened protection is open to named people only, whenever it got its protection.
    """
    hers = exists().where(
        col(EmergencyOpening.case_id) == col(Case.id),
        col(EmergencyOpening.user_id) == by.id,
        col(EmergencyOpening.until) > func.clock_timestamp(),
        *([col(EmergencyOpening.may_change)] if to_change else []),
    )
    return hers & ~col(Case.heightened)
