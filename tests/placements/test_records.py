"""What a run leaves behind: the seconds of each stage, its plan and proof to be judged again, and no list of people."""

import json
import zlib
from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from bostad.agreements.tables import LineMonth
from bostad.cli.runs import check
from bostad.needs.stays import AvoidKind
from bostad.needs.tables import AvoidArea
from bostad.placements import service
from bostad.placements.proposing import run_matching
from bostad.placements.records import HELD_FOR, NotKept, faults_of, forget_old, last_kept
from bostad.placements.run_states import RunStage
from bostad.placements.tables import MatchingRun, RunRecord
from bostad.sealing.tables import HouseholdKey
from tests.factories import NOON
from tests.worlds import World


@pytest.fixture
def busy(world: World) -> World:
    """Let somebody hold a promise, two wait for one home, and one keep clear of a district."""
    promised = world.proposal()
    service.put_to_household(world.sessions, promised.id, by=world.worker, at=NOON)
    with world.sessions.begin() as db:
        db.exec(select(LineMonth)).one().agreed = 3
    afraid = world.need(child_ages=[4, 9])
    with world.sessions.begin() as db:
        db.add(AvoidArea(need_id=afraid.id, kind=AvoidKind.DISTRICT, municipality="9901", name="Kanariedalen"))
    world.need()
    world.home(rooms=3, district="Fabelby")
    return world


LATER = NOON.replace(hour=13)


def record_of(world: World) -> RunRecord:
    with world.sessions() as db:
        return db.exec(select(RunRecord).order_by(col(RunRecord.made_at).desc(), col(RunRecord.id)).limit(1)).one()


def test_a_run_notes_the_seconds_of_each_stage_and_is_at_none_when_it_is_done(world: World) -> None:
    world.need()
    world.home()
    run_id = world.run()
    with world.sessions() as db:
        run = db.get_one(MatchingRun, run_id)
    assert run.seconds.keys() == {stage.value for stage in RunStage}
    assert (run.stage, run.finished_at, run.placed, run.proven) == (None, NOON, 1, True)


def test_while_it_goes_on_everybody_can_see_what_it_does(world: World) -> None:
    world.need()
    world.home()
    seen: list[str | None] = []

    def look() -> float:
        with world.sessions() as db:
            seen.append(db.exec(select(MatchingRun.stage).where(col(MatchingRun.finished_at).is_(None))).one())
        return 0.0

    run_matching(world.sessions, world.board.id, at=NOON, stopwatch=look)
    assert list(dict.fromkeys(seen)) == list(RunStage)


def test_what_was_kept_of_a_run_is_judged_again_without_the_solver(busy: World) -> None:
    """I14: the fingerprint, every rule of every pair, and the proof."""
    run_id = busy.run(LATER)
    assert faults_of(busy.sessions, run_id) == []
    with busy.sessions() as db:
        kept = last_kept(db, busy.board.id)
    assert kept is not None
    assert kept.plan.proof is not None
    assert len(kept.plan.placements) == 2


def test_a_record_that_was_changed_is_caught(busy: World, capsys: pytest.CaptureFixture[str]) -> None:
    run_id = busy.run(LATER)
    with busy.sessions.begin() as db:
        row = db.exec(select(RunRecord).where(RunRecord.run_id == run_id)).one()
        said = json.loads(zlib.decompress(row.problem))
        said["homes"][0]["rent"] += 1
        row.problem = zlib.compress(json.dumps(said).encode())
    assert faults_of(busy.sessions, run_id) != []
    assert check(busy.sessions, [run_id]) == 1
    assert "9901-" not in capsys.readouterr().out, "no case number on a terminal"


def test_a_plan_that_was_changed_is_caught(busy: World) -> None:
    run_id = busy.run(LATER)
    with busy.sessions.begin() as db:
        row = db.exec(select(RunRecord).where(RunRecord.run_id == run_id)).one()
        first, *_ = row.plan
        row.plan = {need: placed for need, placed in row.plan.items() if need != first}
    assert faults_of(busy.sessions, run_id) != []


def test_nothing_of_a_household_lies_open_in_what_is_kept(busy: World) -> None:
    """S43: what the run was told of a household is sealed with its own key."""
    busy.run(LATER)
    row = record_of(busy)
    plain = zlib.decompress(row.problem).decode() + json.dumps(row.plan)
    for secret in ("Kanariedalen", "9901-2026-", "child_ages", "rent_max"):
        assert secret not in plain


def test_when_a_households_key_is_gone_the_run_can_no_longer_be_judged(busy: World) -> None:
    """I17: deletion is complete; the figures of the run stay."""
    run_id = busy.run(LATER)
    with busy.sessions.begin() as db:
        one = db.exec(select(HouseholdKey.case_id).limit(1)).one()
        db.execute(delete(HouseholdKey).where(col(HouseholdKey.case_id) == one))
    with pytest.raises(NotKept):
        faults_of(busy.sessions, run_id)
    assert check(busy.sessions) == 0


def test_what_is_kept_is_kept_for_a_month(busy: World) -> None:
    busy.run(LATER)
    assert forget_old(busy.sessions, at=NOON + HELD_FOR) == 0
    assert forget_old(busy.sessions, at=LATER + HELD_FOR) == 1
    assert forget_old(busy.sessions, at=LATER + HELD_FOR + timedelta(seconds=1)) == 1
    with busy.sessions() as db:
        assert db.exec(select(RunRecord)).all() == []
        assert len(db.exec(select(MatchingRun)).all()) == 2
