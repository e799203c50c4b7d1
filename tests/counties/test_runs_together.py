"""A run of two boards: from a proposal across them to the keys, and what leaving does."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bostad.agreements.joint import Decision as JointDecision
from bostad.agreements.joint import decide
from bostad.counties.service import join_run, leave_run
from bostad.errors import OutOfStep
from bostad.needs.household import ContractForm
from bostad.needs.loading import companies
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.placements.by_hand import place_by_hand
from bostad.placements.lifecycle import Stage
from bostad.placements.proposing import Busy, run_matching
from bostad.placements.reasons import Closed
from bostad.placements.records import faults_of
from bostad.placements.tables import MatchingRun, Placement, RunRecord
from tests.counties.conftest import DECISION, County, Known
from tests.factories import NOON

FIRST_HAND = Contract(contract=ContractForm.FIRST_HAND, contract_from=date(2026, 12, 1))


def test_a_household_gets_its_keys_to_another_boards_home(county: County, known: Known) -> None:
    """S29, F05: each side in its own login role; the quota that counts is that of the board whose agreement it is."""
    placement = county.across()
    worker, social = county.first.worker, known(county.first.worker_user)
    service.put_to_household(social, placement.id, by=worker, at=NOON)
    service.release(social, placement.id, by=worker, at=NOON)
    assert county.second.tally().released == 1
    assert county.first.tally().released == 0
    card = county.first.card_of(placement)
    assert card.company_id == county.second.company.id
    assert county.first.board.name in card.content["contact"]

    sessions, staff = county.first.sessions, county.second.staff
    service.reserve(sessions, placement.id, by=staff, at=NOON)
    service.sign(sessions, placement.id, FIRST_HAND, by=staff, at=NOON)
    service.hand_over(social, placement.id, date(2026, 12, 1), by=worker, at=NOON + timedelta(days=20))

    assert county.first.again(placement).stage is Stage.MOVED_IN
    assert county.second.tally().signed == 1


def test_a_declined_home_of_another_board_is_given_back_to_it(county: County, known: Known) -> None:
    placement = county.across()
    social = known(county.first.worker_user)
    service.release(social, placement.id, by=county.first.worker, at=NOON)
    service.call_off(social, placement.id, Closed.OTHER_HOME, by=county.first.worker, at=NOON)
    assert county.second.tally().released == 0


def test_one_run_has_a_part_for_each_board_and_is_judged_as_a_whole(county: County) -> None:
    placement = county.across()
    county.second.need()
    county.second.run(NOON + timedelta(hours=1))
    with county.first.sessions() as db:
        parts = db.exec(select(MatchingRun).where(MatchingRun.started_at > NOON)).all()
        record = db.exec(select(RunRecord).where(RunRecord.made_at > NOON)).one()
    figures = {part.board_id: (part.needs, part.homes, part.placed) for part in parts}
    assert figures == {county.first.board.id: (1, 0, 1), county.second.board.id: (1, 1, 0)}
    assert faults_of(county.first.sessions, record.run_id) == []
    assert county.first.again(placement).stage is Stage.PROPOSED


def test_two_runs_of_boards_in_one_county_never_overlap(county: County) -> None:
    """I16: the run of one is the run of both."""
    county.need(county.first, county.second)
    county.second.home()
    seen = []

    def begin_another() -> float:
        with pytest.raises(Busy):
            run_matching(county.first.sessions, county.second.board.id, at=NOON, stopwatch=lambda: 0.0)
        seen.append(1)
        return 0.0

    run_matching(county.first.sessions, county.first.board.id, at=NOON, stopwatch=begin_another)
    assert seen


def test_a_run_in_which_a_board_leaves_is_made_again(county: County) -> None:
    """I16: what was thought of two boards is not written for one."""
    need, manager = county.need(county.first, county.second), county.manager(county.second)
    county.second.home()
    left: list[int] = []

    def leave() -> float:
        if not left:
            left.append(1)
            leave_run(county.first.sessions, county.run_id, by=manager, at=NOON)
        return 0.0

    with pytest.raises(Busy):
        run_matching(county.first.sessions, county.first.board.id, at=NOON, stopwatch=leave)
    assert county.first.placement_of(need) is None
    county.first.run()
    assert county.first.placement_of(need) is None


def test_leaving_takes_back_what_nobody_was_told_of_and_nothing_else(county: County) -> None:
    placement = county.across()
    told = county.need(county.first, county.second)
    with county.second.sessions.begin() as db:
        tally = county.second.tally()
        db.get_one(type(tally), tally.id).agreed = 2
    county.second.home()
    county.first.run()
    promised = county.first.placement_of(told)
    assert promised is not None
    service.put_to_household(county.first.sessions, promised.id, by=county.first.worker, at=NOON)

    leave_run(county.first.sessions, county.run_id, by=county.manager(county.second), at=NOON)
    with pytest.raises(OutOfStep):
        service.put_to_household(county.first.sessions, placement.id, by=county.first.worker, at=NOON)
    county.second.run()

    assert county.first.again(placement).closed_because is Closed.BETTER_PLAN
    service.release(county.first.sessions, promised.id, by=county.first.worker, at=NOON)
    assert county.second.tally().released == 1


def test_a_board_whose_joint_matching_is_off_has_no_part(county: County) -> None:
    placement = county.across()
    with county.second.sessions.begin() as db:
        off = JointDecision(decided_on=DECISION.decided_on, reference="SN 2026/9")
        decide(db, county.second.board.id, off, on=False, by=None, at=NOON)
    county.second.run()
    assert county.first.again(placement).closed_because is Closed.BETTER_PLAN
    county.first.run()
    assert county.first.placement_of(county.first.again_need(placement)) is None


def test_consent_may_name_the_companies_of_every_board_that_has_joined(county: County, known: Known) -> None:
    social = known(county.first.worker_user)
    with social() as db:
        found = {company.id for company in companies(db, board_id=county.first.board.id)}
    assert found == {county.first.company.id, county.second.company.id}
    leave_run(county.first.sessions, county.run_id, by=county.manager(county.second), at=NOON)
    with social() as db:
        assert [company.id for company in companies(db, board_id=county.first.board.id)] == [county.first.company.id]
    join_run(county.first.sessions, county.run_id, DECISION, by=county.manager(county.second), at=NOON)


def test_nobody_places_by_hand_in_a_home_that_anothers_household_is_to_have(county: County, known: Known) -> None:
    placement = county.across()
    need = county.second.need()
    with pytest.raises(OutOfStep):
        place_by_hand(
            known(county.second.worker_user),
            need.case_id,
            placement.home_id,
            "Nära skolan",
            by=county.second.worker,
            at=NOON,
        )


def test_no_placement_begins_between_boards_that_are_not_matched_together(county: County) -> None:
    """I05: the database refuses it, and one that hides whose home it is."""
    need, home = county.need(county.first, county.apart), county.apart.home()
    facts = {"need_id": need.id, "home_id": home.id, "company_id": county.apart.company.id, "proposed_at": NOON}
    for host, refusal in ((county.apart.board.id, "not matched together"), (None, "whose home")):
        row = Placement(**facts, board_id=county.first.board.id, host_id=host, stage_since=NOON)
        with pytest.raises(IntegrityError, match=refusal), county.first.sessions.begin() as db:
            db.add(row)
