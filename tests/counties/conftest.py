"""Two boards that are matched together, and a third that is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.counties.answers import Decision, NewCountyRun
from bostad.counties.service import draft_run, join_run
from bostad.needs.tables import Need
from bostad.placements.tables import Placement
from bostad.records import Sessions
from bostad.zones.logins import Login
from tests.conftest import KnownAs
from tests.factories import NOON, TODAY, ConsentFactory, UserFactory, actor
from tests.worlds import World, make_world

DECISION = Decision(reference="SN 2026/77", decided_on=TODAY)
Known = Callable[[User], Sessions]


@dataclass
class County:
    """Two boards in one county run, each with a company of its own, and a board apart."""

    first: World
    second: World
    apart: World
    run_id: UUID

    def manager(self, world: World) -> Actor:
        """Give a unit manager of a board."""
        with world.writing():
            user = UserFactory(organisation=world.board, unit_id=world.unit_id, role=Role.UNIT_MANAGER)
        return actor(user, world.board)

    def need(self, world: World, host: World, **facts: Any) -> Need:
        """Open a need at one board with consent to the other board's company too."""
        need = world.need(**facts)
        with world.writing():
            ConsentFactory(need=need, company=host.company, by=world.worker_user)
        return need

    def across(self, **facts: Any) -> Placement:
        """Give the proposal of the second board's home to a new household of the first's."""
        need, home = self.need(self.first, self.second, **facts), self.second.home()
        self.first.run()
        found = self.first.placement_of(need)
        assert found is not None
        assert (found.home_id, found.host_id) == (home.id, self.second.board.id)
        return found


def joined(sessions: Sessions, *, every: bool = False) -> County:
    """Let two boards decide to be matched together, or every one of the three."""
    first, second, apart = make_world(sessions), make_world(sessions), make_world(sessions)
    county = County(first, second, apart, UUID(int=0))
    boards = [second.board.id, *([apart.board.id] if every else [])]
    answers = NewCountyRun(name="Provlänet", boards=boards, valid_from=TODAY, **DECISION.model_dump())
    county.run_id = draft_run(sessions, answers, by=county.manager(first), at=NOON)
    join_run(sessions, county.run_id, DECISION, by=county.manager(second), at=NOON)
    if every:
        join_run(sessions, county.run_id, DECISION, by=county.manager(apart), at=NOON)
    return county


@pytest.fixture
def county(sessions: Sessions) -> County:
    return joined(sessions)


@pytest.fixture
def known(known: KnownAs) -> Known:
    """Give a person's way into the database as the boards' pages have it."""
    return lambda user: known(user, Login.SOCIAL)
