"""Joint matching is a board's decision: without it nothing is proposed jointly, and the pages say so."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import select

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation, User
from bostad.agreements.joint import Decision, standing_decision, switch
from bostad.agreements.tables import JointMatching, LineMonth
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, NotAllowed, OutOfStep
from bostad.outbox.tables import Message
from bostad.placements import service
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import Closed
from bostad.placements.tables import EmptyHomeFigure, MatchingRun, RunRecord, WhyNot
from tests.browsing import Browser, words
from tests.factories import NOON, TODAY, UnitFactory, UserFactory, actor
from tests.worlds import World

Browse = Callable[[User | None], Browser]
DECISION = Decision(decided_on=TODAY, reference="SN 2026/77")


def manager_of(world: World) -> User:
    with world.writing():
        user: User = UserFactory(
            organisation=None, organisation_id=world.board.id, unit_id=world.unit_id, role=Role.UNIT_MANAGER
        )
    return user


def switched(world: World, *, on: bool) -> None:
    switch(world.sessions, DECISION, on=on, by=actor(manager_of(world), world.board), at=NOON)


def test_when_it_is_off_a_run_proposes_nothing_and_looks_at_nobody(world: World) -> None:
    """SoLPUF 15: needs are not read together without the board's decision."""
    need = world.need()
    world.home()
    switched(world, on=False)
    run_id = world.run()
    assert world.placement_of(need) is None
    with world.sessions() as db:
        run = db.get_one(MatchingRun, run_id)
        assert (run.joint, run.input_hash, run.needs, run.failed_because) == (False, None, 0, None)
        assert db.exec(select(RunRecord)).all() == []
        assert db.exec(select(WhyNot)).all() == []
        assert db.exec(select(EmptyHomeFigure)).all() == []


def test_what_nobody_was_told_of_is_taken_back_and_what_was_put_to_a_household_stays(world: World) -> None:
    told = world.proposal(waiting_since=date(2026, 9, 1))
    service.put_to_household(world.sessions, told.id, by=world.worker, at=NOON)
    with world.sessions.begin() as db:
        db.exec(select(LineMonth)).one().agreed = 2
    untold = world.proposal()
    switched(world, on=False)
    world.run()
    assert world.again(told).stage is Stage.PROPOSED
    assert world.again(untold).closed_because is Closed.JOINT_OFF


def test_switching_it_on_again_brings_proposals_back(world: World) -> None:
    placement = world.proposal()
    switched(world, on=False)
    world.run()
    switched(world, on=True)
    world.run()
    back = world.placement_of(world.again_need(placement))
    assert back is not None
    assert back.home_id == placement.home_id


def test_a_board_without_a_decision_does_not_match_jointly(world: World) -> None:
    with world.sessions.begin() as db:
        db.delete(db.exec(select(JointMatching)).one())
    assert standing_decision(world.sessions, by=world.worker).is_on is False
    need = world.need()
    world.home()
    world.run()
    assert world.placement_of(need) is None


def test_the_decision_is_in_the_log_and_asks_for_a_run(world: World) -> None:
    switched(world, on=False)
    with world.sessions() as db:
        row = db.exec(select(AuditRow).where(AuditRow.action == "joint.off")).one()
        assert (row.subject_id, row.facts) == (world.board.id, {"decided_on": str(TODAY)})
        assert db.exec(select(Message.key).where(Message.kind == "matching.run")).all() == [str(world.board.id)]


def test_only_a_manager_decides_once_and_not_for_tomorrow(world: World) -> None:
    with pytest.raises(NotAllowed):
        switch(world.sessions, DECISION, on=False, by=world.worker, at=NOON)
    with pytest.raises(OutOfStep):
        switched(world, on=True)
    late = Decision(decided_on=TODAY + timedelta(days=1), reference="SN 2026/78")
    with pytest.raises(Invalid):
        switch(world.sessions, late, on=False, by=actor(manager_of(world), world.board), at=NOON)


def test_another_boards_decision_is_another_boards(world: World) -> None:
    with world.writing():
        unit = UnitFactory()
        stranger = UserFactory(organisation=None, organisation_id=unit.organisation_id, unit=unit)
    with world.sessions() as db:
        board = db.get_one(Organisation, unit.organisation_id)
    assert standing_decision(world.sessions, by=actor(stranger, board)).is_on is False
    assert standing_decision(world.sessions, by=world.worker).is_on is True


def test_the_manager_switches_it_on_a_page_that_says_what_it_leads_to(world: World, browse: Browse) -> None:
    """U26."""
    browser = browse(manager_of(world))
    browser.post("/me/language", locale="en")
    assert "It is on, by decision SN 2026/1" in words(browser.get("/joint-matching"))
    asked = browser.get("/joint-matching/off")
    assert "taken back at the next run" in words(asked)
    assert browser.post("/joint-matching/off").status_code == 422
    done = browser.post("/joint-matching/off", decided_on="2026-01-15", reference="SN 2026/78")
    assert "It is off, by decision SN 2026/78" in words(done)
    assert "Joint matching is off" in words(browser.get("/overview"))
    assert browser.get("/joint-matching/maybe").status_code == 404


def test_each_case_has_its_homes_ranked_and_the_pages_say_why_nothing_is_proposed(world: World, browse: Browse) -> None:
    need, home = world.need(), world.home()
    switched(world, on=False)
    world.run()
    social = browse(world.worker_user)
    social.post("/me/language", locale="en")
    here = f"/cases/{need.case_id}"
    assert "Look at the free homes, and place by hand" in words(social.get("/cases"))
    assert "does not match cases jointly" in words(social.get(here))
    assert "Switched off for your board" in words(social.get(here))
    ranked = words(social.get(f"{here}/homes"))
    assert "does not match cases jointly" in ranked
    assert home.address in ranked
    social.post(f"{here}/homes/{home.id}", because="Enda som passar")
    placed = world.placement_of(need)
    assert placed is not None
    assert placed.home_id == home.id
