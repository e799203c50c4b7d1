"""A household that moved in long ago, and the people who decide whether its case goes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.keeping.answers import Decision
from bostad.keeping.review import review
from bostad.keeping.rules import Finding, Kept
from bostad.keeping.service import answer_kept, record_decision
from bostad.keeping.tables import RetentionLine
from bostad.needs.household import ContractForm
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.records import Sessions
from bostad.zones.logins import Login
from tests import factories
from tests.factories import NOON, actor
from tests.roles import in_role
from tests.worlds import World

YEARS = 5
LATER = NOON + timedelta(days=YEARS * 366)
"""A day on which everything that happened at NOON is five years ago."""


@dataclass
class Town:
    """The world, five years on."""

    world: World
    manager_user: User
    officer_user: User

    @property
    def sessions(self) -> Sessions:
        return self.world.sessions

    @property
    def manager(self) -> Actor:
        return actor(self.manager_user, self.world.board)

    @property
    def officer(self) -> Actor:
        return actor(self.officer_user, self.world.board)

    def decide(self, kept: Kept = Kept.NOTHING, *, extract_first: bool = False, years: int = YEARS) -> None:
        decision = Decision(
            valid_from=date(2026, 1, 1), years=years, kept=kept, extract_first=extract_first, reference="SN 2026/7 § 4"
        )
        record_decision(self.sessions, decision, by=self.manager, at=NOON)

    def moved_in(self) -> UUID:
        """Give the case of a household that got its keys at NOON."""
        placement = self.world.reserved()
        contract = Contract(contract=ContractForm.FIRST_HAND, contract_from=NOON.date())
        service.sign(self.sessions, placement.id, contract, by=self.world.staff, at=NOON)
        service.hand_over(self.sessions, placement.id, NOON.date(), by=self.world.worker, at=NOON)
        return self.world.again_need(placement).case_id

    def answered(self, case_id: UUID, *, kept: bool = False) -> UUID:
        answer_kept(self.sessions, case_id, kept=kept, by=self.world.worker, at=NOON)
        return case_id

    def review(self, at: datetime = LATER) -> int:
        return review(in_role(self.sessions, Login.WORKER), self.world.board.id, at=at)

    def finding(self, case_id: UUID) -> Finding:
        with self.sessions() as db:
            return Finding(db.exec(select(RetentionLine.finding).where(RetentionLine.case_id == case_id)).one())


def make_town(world: World) -> Town:
    with world.writing():
        manager = factories.UserFactory(organisation_id=world.board.id, organisation=None, role=Role.UNIT_MANAGER)
        manager.unit_id = world.unit_id
        officer = factories.UserFactory(
            organisation_id=world.board.id, organisation=None, role=Role.DATA_PROTECTION_OFFICER
        )
    with world.sessions.begin() as db:
        db.get_one(User, manager.id).unit_id = world.unit_id
    manager.unit_id = world.unit_id
    return Town(world, manager, officer)


@pytest.fixture
def town(world: World) -> Town:
    return make_town(world)


@pytest.fixture
def real_town(real_world: World) -> Town:
    return make_town(real_world)
