"""A world with a case, its manager, a colleague who may have to open it, and the board's data-protection officer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from sqlmodel import col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.audit.tables import AuditRow
from bostad.needs.tables import Case, Need
from bostad.oversight.answers import EmergencyAnswers, Hours
from bostad.oversight.states import Emergency
from bostad.records import clock
from tests.factories import UnitFactory, UserFactory, actor
from tests.worlds import World


@dataclass(frozen=True)
class Watched:
    """One case, and everybody who has something to do with who reads it."""

    world: World
    need: Need
    number: str
    colleague: User
    manager: User
    other_manager: User
    officer: User

    @property
    def case_id(self) -> UUID:
        return self.need.case_id

    @property
    def now(self) -> datetime:
        return clock(self.world.sessions)

    def acting(self, user: User) -> Actor:
        return actor(user, self.world.board)

    def asking(self, **given: object) -> EmergencyAnswers:
        """Give the form as it is sent when a colleague is ill."""
        answers = {
            "case_number": self.number,
            "because": Emergency.COLLEAGUE_ILL,
            "note": "Flytten är i morgon och nycklarna saknas",
            "hours": Hours.FOUR,
        }
        return EmergencyAnswers.model_validate(answers | given)

    def rows(self, *actions: str) -> list[AuditRow]:
        """Give the log's rows with these actions, in order."""
        with self.world.sessions() as db:
            found = select(AuditRow).where(col(AuditRow.action).in_(actions)).order_by(col(AuditRow.number))
            return list(db.exec(found).all())


@pytest.fixture
def watched(world: World) -> Watched:
    need = world.need()
    with world.writing():
        unit = {"organisation_id": world.board.id, "organisation": None, "unit": None, "unit_id": world.unit_id}
        other_unit = UnitFactory(organisation_id=world.board.id, board=None)
        people = {
            "colleague": UserFactory(**unit),
            "manager": UserFactory(role=Role.UNIT_MANAGER, **unit),
            "other_manager": UserFactory(role=Role.UNIT_MANAGER, **(unit | {"unit_id": other_unit.id})),
            "officer": UserFactory(role=Role.DATA_PROTECTION_OFFICER, **(unit | {"unit_id": None})),
        }
    with world.sessions() as db:
        number = db.get_one(Case, need.case_id).case_number
    return Watched(world, need, number, **people)
