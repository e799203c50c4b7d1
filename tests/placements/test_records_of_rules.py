"""A run in which side rules bite is kept with the proof that belongs to them, and judged by it."""

import json
import zlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from bostad.agreements.tables import LineMonth, QuotaLine
from bostad.cli.runs import check
from bostad.needs.tables import Case
from bostad.placements.apart import OtherCase, keep_apart
from bostad.placements.records import faults_of, kept_of
from bostad.placements.run_states import Apart
from bostad.placements.tables import RunRecord
from bostad.records import Sessions
from tests import factories
from tests.factories import NOON
from tests.worlds import World


def capped(world: World) -> None:
    """Let one building, whose homes lie in two lines, hold one household: neither line's quota says so."""
    with world.writing():
        other = factories.LineFactory(agreement=world.agreement, building_cap=1)
        factories.LineMonthFactory(line=other, agreed=2, delivered=1, approved=1)
        factories.HomeFactory(line=other, company=world.company, building="Hus A")
    with world.sessions.begin() as db:
        db.get_one(QuotaLine, world.line.id).building_cap = 1
    world.need(), world.need()
    world.home(building="Hus A")


def kept_apart(world: World) -> None:
    """Keep two households apart who would otherwise both live in one building."""
    one, other = world.need(), world.need()
    world.home(building="Hus A"), world.home(building="Hus A")
    with world.sessions() as db:
        number = db.get_one(Case, other.case_id).case_number
    answers = OtherCase(case_number=number, scope=Apart.BUILDING)
    keep_apart(world.sessions, one.case_id, answers, by=world.worker, at=NOON)


@pytest.fixture(params=[capped, kept_apart])
def bitten(world: World, request: pytest.FixtureRequest) -> World:
    """Let one of two households go without, for no other reason than a side rule."""
    with world.sessions.begin() as db:
        db.exec(select(LineMonth)).one().agreed = 2
    request.param(world)
    return world


def record_of(db: Session, run_id: UUID) -> RunRecord:
    return db.exec(select(RunRecord).where(RunRecord.run_id == run_id)).one()


def spoil_proof(sessions: Sessions, run_id: UUID, change: Callable[[dict[str, Any]], None]) -> None:
    with sessions.begin() as db:
        row = record_of(db, run_id)
        said = json.loads(zlib.decompress(row.proof))
        change(said)
        row.proof = zlib.compress(json.dumps(said).encode())


def test_its_proof_is_kept_and_shows_without_a_solver_why_one_went_without(
    bitten: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """I14."""
    run_id = bitten.run()
    with bitten.sessions() as db:
        kept = kept_of(db, run_id)
    assert kept.plan.side_proof is not None
    assert (kept.plan.proof, kept.plan.proven, len(kept.plan.placements)) == (None, True, 1)
    assert kept.plan.side_proof.by_search == (), "nobody is left out on a solver's word"
    assert faults_of(bitten.sessions, run_id) == []
    assert check(bitten.sessions, [run_id]) == 0
    assert f"{run_id}: holds" in capsys.readouterr().out


def no_way_of_knowing(said: dict[str, Any]) -> None:
    """Take out all that keeps anybody out."""
    said["side"] |= {"relaxations": [], "tariffs": []}


def too_high(said: dict[str, Any]) -> None:
    """Claim that every plan costs more than this one does."""
    said["side"]["least"] += 1000


def gone(said: dict[str, Any]) -> None:
    """Leave no proof of either kind."""
    said["side"] = None


@pytest.mark.parametrize("change", [no_way_of_knowing, too_high, gone])
def test_a_proof_that_was_spoiled_is_caught(bitten: World, change: Callable[[dict[str, Any]], None]) -> None:
    run_id = bitten.run()
    spoil_proof(bitten.sessions, run_id, change)
    assert faults_of(bitten.sessions, run_id) != []
    assert check(bitten.sessions, [run_id]) == 1


def test_a_plan_that_breaks_the_rule_is_caught(bitten: World) -> None:
    """Whoever went without is written in with the home that the rule keeps from her."""
    run_id = bitten.run()
    with bitten.sessions.begin() as db:
        row = record_of(db, run_id)
        said = json.loads(zlib.decompress(row.problem))
        ((need, placed),) = row.plan.items()
        (other,) = (who for who, _, _ in said["needs"] if who != need)
        (empty,) = (home for home in said["homes"] if home["home"] != placed["home"])
        row.plan = {**row.plan, other: {**placed, "nth": 1, "home": empty["home"], "line": empty["line"]}}
    faults = faults_of(bitten.sessions, run_id)
    assert any("building" in fault for fault in faults), faults
