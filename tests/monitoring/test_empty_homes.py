"""Why homes stay empty, in numbers: nothing too small is ever stored, and nobody but the manager reads it."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.errors import NotAllowed
from bostad.monitoring.empty_homes import empty_homes_page
from bostad.placements.few import FEWEST, told
from bostad.placements.tables import EmptyHomeFigure
from tests.browsing import Browser, words
from tests.factories import UserFactory, actor
from tests.worlds import World

Browse = Callable[[User | None], Browser]


@pytest.fixture
def manager(world: World) -> User:
    with world.writing():
        user: User = UserFactory(
            organisation=None, organisation_id=world.board.id, unit_id=world.unit_id, role=Role.UNIT_MANAGER
        )
    return user


def test_neither_a_number_nor_what_it_leaves_may_be_under_five() -> None:
    """S07, complementary suppression: 38 of 40 would tell of the other two."""
    shown = [number for number in range(41) if told(number, of=40) is not None]
    assert shown == list(range(FEWEST, 36))
    assert all(told(number, of=9) is None for number in range(10))


def test_a_home_that_stays_empty_tells_how_many_each_rule_keeps_from_it(world: World, manager: User) -> None:
    for _ in range(6):
        world.need(rent_max=3_000)
    for _ in range(7):
        world.need(rent_max=8_000, rooms_min=5)
    home = world.home(rent=7_000)
    world.run()
    (empty,) = empty_homes_page(world.sessions, by=actor(manager, world.board)).homes
    assert (empty.id, empty.fits) == (home.id, None)
    assert {str(rule): count for rule, count in empty.failing} == {
        "the rent is above their ceiling": 6,
        "it has too few rooms": 7,
    }


def test_what_is_too_small_is_never_stored(world: World) -> None:
    world.need(rent_max=3_000)
    world.home(rent=7_000)
    world.run()
    with world.sessions() as db:
        figure = db.exec(select(EmptyHomeFigure)).one()
    assert (figure.fits, set(figure.failing.values())) == (None, {None})


def test_a_home_that_somebody_gets_has_no_figures(world: World) -> None:
    world.proposal()
    with world.sessions() as db:
        assert db.exec(select(EmptyHomeFigure)).all() == []


def test_the_page_is_the_managers(world: World, manager: User, browse: Browse) -> None:
    for _ in range(10):
        world.need(rent_max=3_000)
    for _ in range(10):
        world.need(rent_max=8_000, rooms_min=5)
    world.home(rent=7_000)
    world.run()
    browser = browse(manager)
    browser.post("/me/language", locale="en")
    assert "10 households: the rent is above their ceiling" in words(browser.get("/report/empty-homes"))
    assert browse(world.worker_user).get("/report/empty-homes").status_code == 403
    with pytest.raises(NotAllowed):
        empty_homes_page(world.sessions, by=world.worker)
