"""Figures by household type: the board's, as of the month's beginning, and nothing that tells of fewer than five."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import update
from sqlmodel import col

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.errors import NotAllowed
from bostad.monitoring.households import HouseholdFigures, HouseholdType, household_figures, household_type
from bostad.monitoring.suppression import Breakdown, suppressed
from bostad.needs.tables import Case
from bostad.records import Sessions
from tests.browsing import Browser, words
from tests.factories import NOON, TODAY, UserFactory, actor
from tests.monitoring.test_overview import moved_in
from tests.worlds import World, make_world

Browse = Callable[[User | None], Browser]


@pytest.fixture
def manager(world: World) -> User:
    return a_manager(world)


def a_manager(world: World) -> User:
    with world.writing():
        user: User = UserFactory(
            organisation=None, organisation_id=world.board.id, unit_id=world.unit_id, role=Role.UNIT_MANAGER
        )
    return user


def figures(world: World, manager: User, *, months: int = 1) -> HouseholdFigures:
    later = (NOON + timedelta(days=31 * months)).date()
    return household_figures(world.sessions, by=actor(manager, world.board), on=later)


@pytest.mark.parametrize("parts", [2, 3, 4])
def test_no_number_that_is_withheld_can_be_worked_out(parts: int) -> None:
    """S07: every table that could lie behind what is told is tried, and each number withheld could be another."""
    behind: dict[Breakdown, list[tuple[int, ...]]] = {}
    for counts in product(range(12 if parts < 4 else 9), repeat=parts):
        behind.setdefault(suppressed(counts), []).append(counts)
    for told, tables in behind.items():
        withheld = [place for place, count in enumerate(told.parts) if count is None]
        assert all(len({table[place] for table in tables}) > 1 for place in withheld), (told, tables)


def test_what_is_told_is_true_and_never_under_five() -> None:
    """S07."""
    for counts in product(range(10), repeat=3):
        told = suppressed(counts)
        assert told.total in {None, sum(counts)}
        assert all(part in {None, count} for part, count in zip(told.parts, counts, strict=True))
        assert all(part is None or part >= 5 for part in (told.total, *told.parts))


def test_every_household_has_a_type() -> None:
    types = [household_type(adults, children) for adults, children in ((1, 0), (1, 2), (1, 3), (2, 0), (3, 1))]
    assert types == list(HouseholdType)


def test_those_who_wait_are_counted_by_type(world: World, manager: User) -> None:
    for adults, ages, count in ((1, [4], 6), (1, [2, 5, 9], 5), (2, [], 7)):
        for _ in range(count):
            world.need(adults=adults, child_ages=ages)
    found = figures(world, manager)
    assert {line.kind: line.waiting for line in found.lines} == {
        HouseholdType.ALONE: None,
        HouseholdType.ALONE_WITH_FEW: 6,
        HouseholdType.ALONE_WITH_MANY: None,  # the smallest of those that could be told
        HouseholdType.TOGETHER: 7,
        HouseholdType.TOGETHER_WITH_CHILDREN: None,
    }
    assert found.waiting == 18


def test_those_who_moved_in_are_told_with_their_mean_wait_when_they_are_many_enough(sessions: Sessions) -> None:
    world = make_world(sessions, per_month=20)
    for adults, waited, count in ((1, 100, 6), (2, 50, 5)):
        for _ in range(count):
            moved_in(world, TODAY, adults=adults, couples=adults - 1, waiting_since=TODAY - timedelta(days=waited))
    found = figures(world, a_manager(world))
    told = {line.kind: (line.moved_in, line.mean_wait) for line in found.lines if line.moved_in is not None}
    assert told == {HouseholdType.ALONE: (6, 100.0)}
    assert (found.waiting, found.moved_in) == (None, 11)


def test_a_household_that_came_this_month_is_not_seen_until_the_next(world: World, manager: User) -> None:
    for _ in range(6):
        world.need(adults=2, child_ages=[])
    assert not figures(world, manager, months=0).tells
    assert figures(world, manager).tells


def test_a_case_with_heightened_protection_is_in_no_breakdown(world: World, manager: User) -> None:
    needs = [world.need(adults=2, child_ages=[]) for _ in range(6)]
    for _ in range(9):
        world.need(adults=1, child_ages=[])
    before = figures(world, manager)
    assert before.waiting == 15
    with world.sessions.begin() as db:
        db.execute(update(Case).where(col(Case.id) == needs[0].case_id).values(heightened=True))
    assert figures(world, manager).waiting == 14


def test_the_page_is_the_managers(world: World, manager: User, browse: Browse) -> None:
    browser = browse(manager)
    browser.post("/me/language", locale="en")
    assert "Too few households" in words(browser.get("/report/households"))
    assert browse(world.worker_user).get("/report/households").status_code == 403
    with pytest.raises(NotAllowed):
        household_figures(world.sessions, by=world.worker, on=NOON.date())
