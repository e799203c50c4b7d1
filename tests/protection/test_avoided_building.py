"""A building that is avoided since a home in it was proposed."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bostad.errors import OutOfStep
from bostad.needs.answers import NamedArea
from bostad.needs.avoiding import avoid_named
from bostad.needs.tables import Card
from bostad.placements import service
from bostad.placements.by_hand import place_by_hand
from tests.factories import NOON
from tests.worlds import World


@pytest.mark.parametrize("how", ["release", "by hand"])
def test_a_building_avoided_since_is_refused_in_the_transaction_that_would_share(world: World, how: str) -> None:
    """S05, I05: what stands proposed is looked at again, under lock, before anything is promised or shared."""
    placement = world.proposal()
    need, home = world.again_need(placement), world.home(building="Provtornet")
    avoided = "Provhuset" if how == "release" else "Provtornet"
    area = NamedArea.model_validate({"kind": "building", "municipality": "9901", "name": avoided})
    avoid_named(world.sessions, need.case_id, area, by=world.worker, at=NOON)
    acts: dict[str, Callable[[], object]] = {
        "release": lambda: service.release(world.sessions, placement.id, by=world.worker, at=NOON),
        "by hand": lambda: place_by_hand(world.sessions, need.case_id, home.id, "Nära", by=world.worker, at=NOON),
    }

    with pytest.raises(OutOfStep):
        acts[how]()
    with world.sessions() as db:
        assert db.exec(select(Card)).all() == []
