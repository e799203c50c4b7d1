"""What the unit manager's first page holds: her unit's cases, her board's places, and nobody else's."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bostad.accounts.tables import User
from bostad.errors import NotAllowed
from bostad.monitoring.pages import Overview, overview
from bostad.needs.household import ContractForm
from bostad.needs.states import ClosedBecause, NeedState, PausedBecause
from bostad.needs.stays import PlaceKind
from bostad.needs.tables import Need, ShelterPlace, ShelterStay
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.placements.endings import close_case
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import Closed, Side
from bostad.placements.tables import Placement
from tests.factories import NOON, TODAY, CaseFactory, NeedFactory, UnitFactory, UserFactory, actor
from tests.monitoring.conftest import People
from tests.worlds import World

LATER = NOON + timedelta(days=30)
CONTRACT = Contract(contract=ContractForm.FIRST_HAND, contract_from=date(2026, 12, 1))


def seen_by(world: World, user: User, at: datetime = NOON) -> Overview:
    return overview(world.sessions, by=actor(user), at=at)


def places(world: World, *codes: str) -> list[ShelterPlace]:
    with world.sessions.begin() as db:
        made = [ShelterPlace(board_id=world.board.id, kind=PlaceKind.SHELTER, code=code) for code in codes]
        db.add_all(made)
    return made


def stay(world: World, need: Need, place: ShelterPlace | None = None, **facts: Any) -> None:
    with world.sessions.begin() as db:
        place_id = place.id if place else None
        db.add(ShelterStay(case_id=need.case_id, kind=PlaceKind.SHELTER, place_id=place_id, **facts))


def in_another_unit(world: World, **facts: Any) -> Need:
    """Open a need in another unit of the same board."""
    with world.writing():
        unit = UnitFactory(organisation_id=world.board.id, board=None)
        worker = UserFactory(organisation_id=world.board.id, organisation=None, unit=unit)
        case = CaseFactory(unit=unit, worker=worker)
        need: Need = NeedFactory(case=case, **facts)
    return need


def moved_in(world: World, on: date, **need: Any) -> Placement:
    """Take one household all the way to its keys."""
    placement = world.proposal(**need)
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)
    service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)
    service.sign(world.sessions, placement.id, CONTRACT, by=world.staff, at=NOON)
    end = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    service.hand_over(world.sessions, placement.id, on, by=world.worker, at=end)
    return placement


def lose_one(world: World, because: Closed) -> None:
    """Lose a placement like one that there is."""
    with world.sessions.begin() as db:
        facts = db.exec(select(Placement)).all()[0].model_dump(exclude={"id", "stage", "closed_because"})
        db.add(Placement(**facts, stage=Stage.CLOSED, closed_because=because))


def test_the_units_needs_stand_with_number_stage_worker_and_days_longest_first(world: World, people: People) -> None:
    waiting = world.need(waiting_since=TODAY - timedelta(days=10), state=NeedState.DRAFT)
    paused = world.need(
        waiting_since=TODAY - timedelta(days=90), state=NeedState.PAUSED, paused_because=PausedBecause.BY_WORKER
    )
    proposed = world.proposal(waiting_since=TODAY - timedelta(days=40))

    needs = seen_by(world, people.manager).needs

    assert [(need.days, need.stage, need.worker) for need in needs] == [
        (90, NeedState.PAUSED, world.worker_user.name),
        (40, Stage.PROPOSED, world.worker_user.name),
        (10, NeedState.DRAFT, world.worker_user.name),
    ]
    assert [need.case_id for need in needs] == [paused.case_id, world.again_need(proposed).case_id, waiting.case_id]
    assert [need.late for need in needs] == [(), (), ()]


def test_what_is_late_is_marked(world: World, people: People) -> None:
    world.need(move_in_by=TODAY - timedelta(days=1), consent=False)
    world.need(move_in_by=TODAY, consent=False)
    world.proposal()

    now, later = (seen_by(world, people.manager, at) for at in (NOON, LATER))

    assert sorted(str(late) for need in now.needs for late in need.late) == ["Had to move by 2026-11-20"]
    assert now.late == 1
    assert later.late == 3
    assert [line.overdue for line in later.ledger] == [1]


def test_a_closed_case_and_a_household_that_has_moved_in_wait_no_more(world: World, people: People) -> None:
    need = world.need(consent=False)
    close_case(world.sessions, need.case_id, ClosedBecause.MOVED, by=world.worker, at=NOON)
    moved_in(world, TODAY)

    found = seen_by(world, people.manager)

    assert (found.needs, found.going_on.count) == ((), 0)
    assert len(found.ended.waits) == 1, "a case closed in another way is no wait that ended in a home"


def test_waits_that_ended_are_counted_apart_from_those_that_go_on(world: World, people: People) -> None:
    """domain.md 4.1: open waits are cut off, and would make the average lie."""
    placement = moved_in(world, TODAY, waiting_since=TODAY - timedelta(days=100))
    stay(world, world.again_need(placement), since=TODAY - timedelta(days=70), until=TODAY)
    world.need(waiting_since=TODAY - timedelta(days=1_000), consent=False)

    found = seen_by(world, people.manager)

    assert (found.ended.waits, found.ended.mean) == ((100,), 100)
    assert (found.ended.median, found.ended.p90) == (None, None)
    assert found.in_shelter.waits == (70,)
    assert (found.going_on.count, found.going_on.longest) == (1, 1_000)


def test_a_wait_that_ended_more_than_a_year_ago_is_no_longer_counted(world: World, people: People) -> None:
    moved_in(world, TODAY)

    on_the_day, before = (
        seen_by(world, people.manager, NOON + timedelta(days=days)).ended.waits for days in (365, 364)
    )

    assert (len(before), len(on_the_day)) == (1, 0)


def test_places_tell_since_when_who_is_ready_and_which_are_free(world: World, people: People) -> None:
    first, second, third, _ = places(world, "S1", "S2", "S3", "S4")
    mine, ready, other = world.need(consent=False), world.need(consent=False), in_another_unit(world)
    stay(world, mine, first, since=date(2026, 11, 1))
    stay(world, ready, second, since=date(2026, 10, 1), ready_since=date(2026, 11, 11))
    stay(world, other, third, since=date(2026, 9, 1))

    found = seen_by(world, people.manager)

    assert [(place.code, place.days, place.ready_days) for place in found.places] == [
        ("S1", 20, None),
        ("S2", 51, 10),
        ("S3", 81, None),
        ("S4", None, None),
    ]
    assert (found.occupied, found.ready) == (3, 1)


def test_a_place_is_free_again_when_the_stay_has_ended(world: World, people: People) -> None:
    (place,) = places(world, "S1")
    stay(world, world.need(consent=False), place, since=date(2026, 11, 1), until=date(2026, 11, 20))

    assert seen_by(world, people.manager).occupied == 0


def test_the_ledger_says_what_is_still_to_come_this_month(world: World, people: People) -> None:
    assert [line.to_come for line in seen_by(world, people.manager).ledger] == [1]
    world.home()

    (line,) = seen_by(world, people.manager).ledger

    assert (line.line.now.agreed, line.line.now.delivered, line.line.now.approved, line.to_come) == (1, 1, 1, 0)


def test_lost_placements_are_counted_by_side_and_replaced_proposals_are_not(world: World, people: People) -> None:
    declined = world.proposal()
    service.decline(world.sessions, declined.id, Closed.OTHER_HOME, by=world.worker, at=NOON)
    for because in (Closed.LET_ELSEWHERE, Closed.LET_ELSEWHERE, Closed.BETTER_PLAN):
        lose_one(world, because)

    lost = seen_by(world, people.manager).lost

    assert [(one.side, one.because, one.count) for one in lost] == [
        (Side.HOUSEHOLD, Closed.OTHER_HOME, 1),
        (Side.COMPANY, Closed.LET_ELSEWHERE, 2),
    ]
    assert seen_by(world, people.manager, NOON + timedelta(days=366)).lost == ()


def test_another_unit_of_the_board_sees_the_places_and_the_ledger_and_no_case(world: World, people: People) -> None:
    """S05, S06: the teammate's page holds nothing of this unit's cases, not even as a number."""
    (place,) = places(world, "S1")
    placement = moved_in(world, TODAY)
    waiting = world.need(consent=False)
    stay(world, waiting, place, since=TODAY)
    lose_one(world, Closed.TOO_DEAR)

    found = seen_by(world, people.other_unit)

    assert (found.needs, found.lost, found.ended.waits, found.going_on.count) == ((), (), (), 0)
    assert [one.code for one in found.places] == ["S1"]
    assert len(found.ledger) == 1
    assert world.again_need(placement).state is NeedState.HOUSED


def test_another_board_sees_nothing_of_this_one(world: World, people: People) -> None:
    """S06."""
    places(world, "S1")
    world.proposal()

    found = seen_by(world, people.stranger)

    assert (found.needs, found.places, found.ledger, found.lost) == ((), (), (), ())


@pytest.mark.parametrize("role", ["worker", "staff", "officer", "administrator"])
def test_nobody_else_reads_the_overview(world: World, people: People, role: str) -> None:
    with pytest.raises(NotAllowed):
        seen_by(world, getattr(people, role))
