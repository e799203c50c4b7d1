"""Which cases a list showed, for the log: the same conditions that the lists themselves go by."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from bostad.accounts.access import Actor
from bostad.needs.loading import led_by, open_to
from bostad.needs.tables import Case
from bostad.records import Sessions


def cases_worked_with(sessions: Sessions, *, by: Actor, on: date) -> Sequence[UUID]:
    """Give the cases of a social worker's own list."""
    with sessions() as db:
        return db.exec(select(Case.id).where(open_to(by, on), col(Case.closed_at).is_(None))).all()


def cases_led(sessions: Sessions, *, by: Actor) -> Sequence[UUID]:
    """Give the cases of a unit manager's list."""
    with sessions() as db:
        return db.exec(select(Case.id).where(led_by(by), col(Case.closed_at).is_(None))).all()
