"""What somebody may not do has no button: who opened a case only to read, who may change it, and the other side."""

import re
from collections.abc import Callable

import pytest

from bostad.accounts.tables import User
from bostad.needs.tables import Case
from bostad.oversight.answers import EmergencyAnswers
from bostad.oversight.emergency import open_in_emergency
from bostad.placements.tables import Placement
from bostad.records import clock
from tests.browsing import Browser
from tests.factories import UserFactory, actor
from tests.worlds import World

Browse = Callable[[User | None], Browser]
ACTS = re.compile(
    r'(?:action|href)="(/placements/[^/"]+/[a-z_]+|/cases/[^/"]+/(?:pause|close|matching|apart|consents/new))"'
)


@pytest.fixture
def colleague(world: World) -> User:
    with world.writing():
        user: User = UserFactory(
            organisation_id=world.board.id, organisation=None, unit=None, unit_id=world.unit_id, locale="en"
        )
    return user


def opened(world: World, placement: Placement, colleague: User, *, may_change: bool) -> str:
    """Let a colleague open the placement's case in an emergency; give the case's address."""
    case_id = world.again_need(placement).case_id
    with world.sessions() as db:
        number = db.get_one(Case, case_id).case_number
    asked = {"case_number": number, "because": "acute", "note": "Hon måste flytta i kväll", "hours": "1"}
    given = EmergencyAnswers.model_validate(asked | ({"may_change": "yes"} if may_change else {}))
    open_in_emergency(world.sessions, given, by=actor(colleague, world.board), at=clock(world.sessions))
    return f"/cases/{case_id}"


def buttons(browser: Browser, address: str) -> set[str]:
    """Give what can be done from a page, by the last part of its address."""
    found = browser.get(address)
    assert found.status_code == 200
    return {act.rpartition("/")[2] for act in ACTS.findall(found.text)}


def test_who_may_only_read_has_no_button_and_no_form(world: World, colleague: User, browse: Browse) -> None:
    """U27: neither on the case's page, nor on the placement's, nor beside the free homes."""
    placement, free = world.proposal(), world.home()
    case = opened(world, placement, colleague, may_change=False)
    reader = browse(colleague)

    assert buttons(reader, case) == set()
    assert buttons(reader, f"/placements/{placement.id}") == set()
    assert f'{case}/homes/{free.id}"' not in reader.get(f"{case}/homes").text
    for move in ("decline", "release"):
        assert reader.get(f"/placements/{placement.id}/{move}").status_code == 404
    assert reader.get(f"{case}/homes/{free.id}").status_code == 404


def test_who_may_change_it_has_the_same_buttons_as_its_social_worker(
    world: World, colleague: User, browse: Browse
) -> None:
    placement = world.proposal()
    case = opened(world, placement, colleague, may_change=True)
    stands_in, worker = browse(colleague), browse(world.worker_user)

    assert buttons(stands_in, case) == buttons(worker, case) >= {"put", "decline", "release", "viewing", "pause"}
    assert buttons(stands_in, f"/placements/{placement.id}") == {"put", "decline", "release", "viewing"}


def test_each_side_has_its_own(world: World, browse: Browse) -> None:
    placement = world.released()
    worker, staff = browse(world.worker_user), browse(world.staff_user)

    assert buttons(worker, f"/placements/{placement.id}") == {"call_off", "viewing"}
    assert buttons(staff, f"/placements/{placement.id}") == {"reserve", "refuse", "viewing"}
