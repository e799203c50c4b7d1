"""A run beside people at work: it never writes what is no longer so, and rules about others hold when two are quick."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from bostad.agreements.tables import LineMonth, QuotaLine
from bostad.homes.states import HomeState, WithdrawnBecause
from bostad.homes.tables import Home
from bostad.needs.tables import Need
from bostad.placements.by_hand import place_by_hand
from bostad.placements.proposing import Busy
from bostad.placements.tables import Placement
from tests.factories import NOON
from tests.placements.test_races import at_once
from tests.worlds import World

PATIENCE_SECONDS = 30


def until_somebody_waits_for_a_lock(world: World) -> None:
    """Wait until another session stands at a row that is held."""
    query = text(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with world.sessions() as db:
            if db.execute(query).scalar_one():
                return
        assert time.monotonic() < deadline, "nobody came to the lock"
        time.sleep(0.02)


def withdraw(db: Session, home: Home) -> None:
    row = db.get_one(Home, home.id, with_for_update=True)
    row.state, row.withdrawn_because = HomeState.WITHDRAWN, WithdrawnBecause.LET_ELSEWHERE


def leave(db: Session, need: Need) -> None:
    db.get_one(Need, need.id, with_for_update=True).opted_in = False


@pytest.mark.parametrize("what", ["home", "need"])
def test_what_changes_while_a_run_waits_for_its_locks_is_seen(real_world: World, what: str) -> None:
    """I16: the row was read, somebody held it, and it is something else when the lock comes."""
    world = real_world
    need, home = world.need(), world.home()
    change: Callable[[Session], None] = (
        (lambda db: withdraw(db, home)) if what == "home" else (lambda db: leave(db, need))
    )
    with ThreadPoolExecutor(1) as threads:
        with world.sessions.begin() as db:
            change(db)
            db.flush()
            running = threads.submit(world.run)
            until_somebody_waits_for_a_lock(world)
        with pytest.raises(Busy):
            running.result(PATIENCE_SECONDS)
    assert world.placement_of(need) is None


def test_a_building_is_not_filled_twice_by_two_at_once(real_world: World) -> None:
    """Two needs, two homes, no row in common, and room for one."""
    world = real_world
    with world.sessions.begin() as db:
        db.get_one(QuotaLine, world.line.id).building_cap = 1
        db.exec(select(LineMonth)).one().agreed = 4
    pairs = [(world.need(), world.home(building="Hus A")) for _ in range(4)]
    acts = [
        lambda pair=pair: place_by_hand(world.sessions, pair[0].case_id, pair[1].id, "Nära", by=world.worker, at=NOON)
        for pair in pairs
    ]
    assert at_once(*acts) == ["OutOfStep"] * 3 + ["done"]
    with world.sessions() as db:
        assert len(db.exec(select(Placement)).all()) == 1
