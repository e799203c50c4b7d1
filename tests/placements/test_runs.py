"""What a run proposes, what it leaves alone, and when it does not commit."""

from datetime import date

import pytest
from sqlmodel import select

from bostad.homes.tables import Home
from bostad.needs.household import Risk
from bostad.placements import service
from bostad.placements.endings import pause_need
from bostad.placements.lifecycle import Stage
from bostad.placements.proposing import Busy, run_matching
from bostad.placements.reasons import Closed
from bostad.placements.tables import WhyNot
from tests.factories import NOON
from tests.worlds import World


def test_what_is_put_to_a_household_is_not_taken_away_by_a_run(world: World) -> None:
    placement = world.proposal(waiting_since=date(2026, 9, 1))
    service.put_to_household(world.sessions, placement.id, by=world.worker, at=NOON)
    world.need(risk=Risk.ACUTE)
    world.run()
    assert world.again(placement).stage is Stage.PROPOSED


def test_a_proposal_nobody_was_told_of_gives_way_to_someone_before_in_the_order(world: World) -> None:
    placement = world.proposal()
    acute = world.need(risk=Risk.ACUTE)
    world.run()
    overtaken, now = world.again(placement), world.placement_of(acute)
    assert overtaken.closed_because is Closed.BETTER_PLAN
    assert now is not None
    assert now.home_id == placement.home_id


def test_a_pre_empted_pair_may_be_proposed_again(world: World) -> None:
    placement = world.proposal()
    acute = world.need(risk=Risk.ACUTE)
    world.run()
    pause_need(world.sessions, acute.case_id, by=world.worker, at=NOON)
    world.run()
    back = world.placement_of(world.again_need(placement))
    assert back is not None
    assert back.home_id == placement.home_id


def test_every_need_without_a_home_learns_why_not(world: World) -> None:
    without_consent, unlucky = world.need(consent=False), world.need(rent_max=1_000)
    world.home()
    world.run()
    with world.sessions() as db:
        reasons = {row.need_id: row.reason for row in db.exec(select(WhyNot)).all()}
    assert reasons == {without_consent.id: "no_consent", unlucky.id: "no_home_fits"}


def test_a_need_whose_worker_has_not_opted_in_takes_no_part(world: World) -> None:
    need = world.need(opted_in=False)
    world.home()
    world.run()
    assert world.placement_of(need) is None


def test_a_run_on_old_data_does_not_commit(world: World) -> None:
    """I16: something changed while the run thought."""
    need, home = world.need(), world.home()

    def change_while_thinking() -> float:
        with world.sessions.begin() as db:
            db.get_one(Home, home.id).rent += 1
        return 0.0

    with pytest.raises(Busy):
        run_matching(world.sessions, world.board.id, at=NOON, stopwatch=change_while_thinking)
    assert world.placement_of(need) is None
    world.run()
    assert world.placement_of(need) is not None
