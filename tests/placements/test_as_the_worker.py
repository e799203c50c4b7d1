"""Runs, answers and what is kept of them, in the role that the worker logs in as: it may do all of it and no less."""

from sqlmodel import select

from bostad.accounts.access import Role
from bostad.agreements.joint import Decision, switch
from bostad.agreements.tables import LineMonth
from bostad.cli.runs import check
from bostad.needs.tables import Case
from bostad.placements.answering import answer, forget_answers
from bostad.placements.apart import OtherCase, keep_apart
from bostad.placements.asking import OtherAnswer, ask_other_answer
from bostad.placements.proposing import run_matching
from bostad.placements.records import faults_of, forget_old
from bostad.placements.run_states import Apart
from bostad.placements.tables import MatchingRun, Question
from bostad.records import Sessions
from bostad.zones.logins import Login
from tests.factories import NOON, TODAY, UserFactory, actor
from tests.roles import in_role
from tests.worlds import World


def run_as_the_worker(world: World) -> Sessions:
    sessions = in_role(world.sessions, Login.WORKER)
    run_matching(sessions, world.board.id, at=NOON, stopwatch=lambda: 0.0)
    return sessions


def test_a_run_is_made_kept_judged_and_forgotten(world: World) -> None:
    one, other = world.need(), world.need(rent_max=1_000)
    world.home(building="Hus A")
    with world.sessions.begin() as db:
        db.exec(select(LineMonth)).one().agreed = 2
        answers = OtherCase(case_number=db.get_one(Case, other.case_id).case_number, scope=Apart.BUILDING)
    keep_apart(world.sessions, one.case_id, answers, by=world.worker, at=NOON)
    sessions = run_as_the_worker(world)
    assert world.placement_of(one) is not None
    with world.sessions() as db:
        run = db.exec(select(MatchingRun)).one()
    assert faults_of(sessions, run.id) == []
    assert check(sessions) == 0
    assert forget_old(sessions, at=NOON.replace(year=2027)) == 1


def test_a_run_stands_down(world: World) -> None:
    placement = world.proposal()
    with world.writing():
        manager = UserFactory(
            organisation=None, organisation_id=world.board.id, unit_id=world.unit_id, role=Role.UNIT_MANAGER
        )
    decision = Decision(decided_on=TODAY, reference="SN 1")
    switch(world.sessions, decision, on=False, by=actor(manager, world.board), at=NOON)
    run_as_the_worker(world)
    assert world.again(placement).closed_because == "joint_off"


def test_a_question_is_answered_and_forgotten(world: World) -> None:
    need, home = world.need(rent_max=3_000), world.home()
    sessions = run_as_the_worker(world)
    asked = ask_other_answer(world.sessions, need.case_id, OtherAnswer(rent_max=9_000), by=world.worker, at=NOON)
    answer(sessions, asked, at=NOON)
    with world.sessions() as db:
        assert db.get_one(Question, asked).answer["home"] == str(home.id)
    assert forget_answers(sessions, at=NOON.replace(year=2027)) == 1
