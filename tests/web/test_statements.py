"""Each page asks the database a fixed number of questions: as many for twenty rows as for one, and not more than here.

A number here is what the page takes when what it can show is there; the session and the log are in it. Whoever needs
one more says so by raising it.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.records import Sessions
from tests.browsing import Browser
from tests.factories import UserFactory
from tests.web.statements import statements
from tests.worlds import World, make_world

Browse = Callable[[User | None], Browser]
MANY = 20
MOST = {
    "a case with a proposal": 25,
    "a case without": 18,
    "the worker's list": 12,
    "free homes beside a case": 18,
    "the company's list": 7,
    "the company's homes": 7,
    "the manager's overview": 19,
}


@pytest.fixture
def world(sessions: Sessions) -> World:
    return make_world(sessions, per_month=3 * MANY)


@pytest.fixture
def manager(world: World) -> User:
    with world.writing():
        manager: User = UserFactory(organisation_id=world.board.id, organisation=None, role=Role.UNIT_MANAGER)
    with world.sessions.begin() as db:
        db.get_one(User, manager.id).unit_id = world.unit_id
    return manager


def grow(world: World, by: int) -> None:
    """Add so many cards that are shared, and as many households and homes that still wait."""
    for _ in range(by):
        world.released()
    for _ in range(by):
        world.home(municipality="9902")
        world.need(rent_max=1_000)


def asked(engine: Engine, browser: Browser, address: str) -> int:
    """Count what a page asks when it is opened again: at the first time its reading is written down too."""
    assert browser.get(address).status_code == 200
    with statements(engine) as seen:
        browser.get(address)
    return len(seen)


def test_a_page_asks_as_much_for_twenty_rows_as_for_one(
    engine: Engine, world: World, manager: User, browse: Browse
) -> None:
    """E28, U40: no page asks once for each row that it shows."""
    proposal = world.proposal()
    waits, case_id = world.need(municipalities=["9902"], opted_in=False), world.again_need(proposal).case_id
    worker, leader, company = browse(world.worker_user), browse(manager), browse(world.staff_user)

    def took() -> dict[str, int]:
        return {
            "a case with a proposal": asked(engine, worker, f"/cases/{case_id}"),
            "a case without": asked(engine, worker, f"/cases/{waits.case_id}"),
            "the worker's list": asked(engine, worker, "/cases"),
            "free homes beside a case": asked(engine, worker, f"/cases/{waits.case_id}/homes"),
            "the company's list": asked(engine, company, "/to-answer"),
            "the company's homes": asked(engine, company, "/homes"),
            "the manager's overview": asked(engine, leader, "/overview"),
        }

    grow(world, 1)
    few = took()
    grow(world, MANY - 1)
    many = took()

    assert many == few
    assert {page: count for page, count in few.items() if count > MOST[page]} == {}


def test_a_page_is_of_its_sessions_moment_and_a_change_of_when_it_has_arrived(
    engine: Engine, world: World, browse: Browse
) -> None:
    """I12, S06: the clock is the database's, read once for a page; who sends a change slowly is not earlier for it."""
    browser = browse(world.worker_user)
    token = browser.token()
    with statements(engine) as seen:
        browser.get("/me")
    of_a_page = sum("clock_timestamp" in statement for statement in seen)
    with statements(engine) as seen:
        sent = {"_csrf_token": token, "locale": "sv"}
        answer = browser.client.post("/me/language", data=sent, follow_redirects=False)
    assert (of_a_page, answer.status_code) == (1, 303)
    assert sum("clock_timestamp" in statement for statement in seen) == 2
