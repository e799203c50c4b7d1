"""Heightened protection: open to named people only, in no list but theirs, and ended by two."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.monitoring.pages import overview
from bostad.needs.case_answers import Colleague, NewCase, NewDeputy
from bostad.needs.pages import case_page, my_cases
from bostad.needs.people import hand_over, name_deputy, remove_deputy
from bostad.needs.people_pages import people_page
from bostad.needs.service import start_case
from bostad.needs.tables import Case, Need
from bostad.outbox.tables import Message
from bostad.placements.endings import pause_need
from bostad.protection.deciding import decisions
from bostad.protection.disclosures import disclosures_of_board
from bostad.protection.heightening import ask_to_lift_protection, decide_on_protection, heighten
from tests.browsing import Browser
from tests.factories import NOON, TODAY
from tests.protection.people import of_the_unit
from tests.worlds import World


def closed_off(world: World, need: Need) -> Actor:
    """Give a case heightened protection, and give who stands in."""
    deputy = of_the_unit(world)
    stand_in(world, need, deputy)
    heighten(world.sessions, need.case_id, by=world.worker, at=NOON)
    return deputy


def stand_in(world: World, need: Need, deputy: Actor, at: datetime = NOON) -> None:
    answers = NewDeputy(colleague_id=deputy.id, until=at.date() + timedelta(days=30))
    name_deputy(world.sessions, need.case_id, answers, by=world.worker, at=at)


def test_only_the_named_people_open_it_and_it_stands_in_no_other_list(world: World) -> None:
    need, manager = world.need(), of_the_unit(world, Role.UNIT_MANAGER)
    deputy = closed_off(world, need)

    for named in (world.worker, deputy):
        assert case_page(world.sessions, need.case_id, by=named, on=TODAY).heightened
        assert [case.id for case in my_cases(world.sessions, by=named, on=TODAY)] == [need.case_id]
    for door in (
        lambda: people_page(world.sessions, need.case_id, by=manager, on=TODAY),
        lambda: hand_over(world.sessions, need.case_id, Colleague(colleague_id=deputy.id), by=manager, at=NOON),
        lambda: case_page(world.sessions, need.case_id, by=of_the_unit(world), on=TODAY),
    ):
        with pytest.raises(Missing):
            door()


def test_the_managers_page_is_to_the_word_what_it_would_be_without_the_case(world: World) -> None:
    """No list, no breakdown, no total that one case could be seen in."""
    manager = of_the_unit(world, Role.UNIT_MANAGER)
    before = overview(world.sessions, by=manager, at=NOON)

    closed_off(world, world.need())

    assert overview(world.sessions, by=manager, at=NOON) == before


def test_a_total_tells_of_them_only_when_they_are_too_many_to_point_at(world: World) -> None:
    """S07."""
    manager = of_the_unit(world, Role.UNIT_MANAGER)
    for expected in (0, 0, 0, 0, 5):
        closed_off(world, world.need())
        found = overview(world.sessions, by=manager, at=NOON)
        assert (found.waiting, found.needs, found.going_on.count) == (expected, (), 0)


def test_a_stranger_in_the_board_finds_what_she_finds_for_an_absent_case(
    world: World, browse: Callable[[User | None], Browser]
) -> None:
    """S06: to the byte, on every page of a case, also when she registers its number herself."""
    need = world.need()
    closed_off(world, need)
    number = case_page(world.sessions, need.case_id, by=world.worker, on=TODAY).case_number
    colleague = of_the_unit(world)
    with world.sessions() as db:
        user = db.get_one(User, colleague.id)
    stranger = browse(user)
    pages = (
        "",
        "/check",
        "/pause",
        "/close",
        "/deputies",
        "/hand-over",
        "/protection",
        "/disclosures",
        "/consents/new",
    )

    for page in pages:
        hers, absent = (stranger.get(f"/cases/{one}{page}") for one in (need.case_id, UUID(int=3)))
        assert (hers.status_code, hers.content) == (absent.status_code, absent.content) == (404, hers.content)
    found, nothing = (stranger.post("/cases/find", case_number=one) for one in (number, number[:-1] + "X"))
    assert (found.status_code, found.text) == (422, nothing.text.replace(number[:-1] + "X", number))
    assert stranger.post("/cases/new", case_number=number).status_code == 200


def test_the_named_people_are_told_that_the_number_is_taken(world: World) -> None:
    need = world.need()
    closed_off(world, need)
    number = case_page(world.sessions, need.case_id, by=world.worker, on=TODAY).case_number

    with pytest.raises(Invalid):
        start_case(world.sessions, NewCase(case_number=number), by=world.worker, at=NOON)


def test_somebody_must_stand_in_before_and_as_long_as_it_lasts(world: World) -> None:
    need = world.need()
    with pytest.raises(OutOfStep):
        heighten(world.sessions, need.case_id, by=world.worker, at=NOON)
    deputy = closed_off(world, need)

    with pytest.raises(OutOfStep):
        remove_deputy(world.sessions, need.case_id, deputy.id, by=world.worker, at=NOON)
    other = of_the_unit(world)
    stand_in(world, need, other)
    remove_deputy(world.sessions, need.case_id, other.id, by=deputy, at=NOON)


def test_whoever_stands_in_takes_over_when_the_worker_is_gone(world: World) -> None:
    """No manager finds the case, so its named people must be able to."""
    need = world.need()
    deputy = closed_off(world, need)

    hand_over(world.sessions, need.case_id, Colleague(colleague_id=deputy.id), by=deputy, at=NOON)

    assert case_page(world.sessions, need.case_id, by=deputy, on=TODAY).is_worker


def test_the_manager_sets_it_and_then_finds_the_case_no_more(world: World) -> None:
    need, manager = world.need(), of_the_unit(world, Role.UNIT_MANAGER)
    stand_in(world, need, of_the_unit(world))

    heighten(world.sessions, need.case_id, by=manager, at=NOON)

    with pytest.raises(Missing):
        heighten(world.sessions, need.case_id, by=manager, at=NOON)


def test_it_is_ended_by_two_of_the_named_people(world: World) -> None:
    """S24."""
    need, manager = world.need(), of_the_unit(world, Role.UNIT_MANAGER)
    deputy = closed_off(world, need)
    ask_to_lift_protection(world.sessions, need.case_id, by=world.worker, at=NOON)

    with pytest.raises(NotAllowed):
        decide_on_protection(world.sessions, need.case_id, lift=True, by=world.worker, at=NOON)
    with pytest.raises(Missing):
        decide_on_protection(world.sessions, need.case_id, lift=True, by=manager, at=NOON)
    assert [len(decisions(world.sessions, by=one, at=NOON).waiting) for one in (deputy, world.worker, manager)] == [
        1,
        0,
        0,
    ]
    decide_on_protection(world.sessions, need.case_id, lift=True, by=deputy, at=NOON)

    assert people_page(world.sessions, need.case_id, by=manager, on=TODAY).heightened is False


def test_a_request_that_is_not_agreed_to_changes_nothing_and_can_be_made_again(world: World) -> None:
    need = world.need()
    deputy = closed_off(world, need)
    for _ in range(2):
        ask_to_lift_protection(world.sessions, need.case_id, by=deputy, at=NOON)
        decide_on_protection(world.sessions, need.case_id, lift=False, by=world.worker, at=NOON)

    assert case_page(world.sessions, need.case_id, by=world.worker, on=TODAY).heightened


def test_the_database_lets_nobody_end_it_alone(world: World) -> None:
    """S24."""
    need = world.need()
    closed_off(world, need)

    for alone, refused in (
        ({"heightened": False}, "lifted by two"),
        ({"lift_asked_by": world.worker.id, "lifted_by": world.worker.id, "heightened": False}, "lifted by two"),
        ({"lift_asked_by": world.worker.id, "lifted_by": world.worker.id}, "lifted_"),
    ):
        with pytest.raises(IntegrityError, match=refused), world.sessions.begin() as db:
            db.execute(update(Case).values(alone))


def test_it_takes_part_in_the_matching_like_any_other_and_nothing_is_told_to_anybody(world: World) -> None:
    """The card carries no mark (S08), and no message leaves but the wish for a run, which names the board alone."""
    need, home = world.need(), world.home()
    closed_off(world, need)
    world.run()
    placement = world.placement_of(need)

    assert placement is not None
    assert placement.home_id == home.id
    pause_need(world.sessions, need.case_id, by=world.worker, at=NOON)
    with world.sessions() as db:
        assert {(one.kind, one.key) for one in db.exec(select(Message))} == {("matching.run", str(world.board.id))}


def test_the_officers_ledger_of_disclosures_leaves_it_out(world: World) -> None:
    officer = of_the_unit(world, Role.DATA_PROTECTION_OFFICER)
    placement = world.released()
    assert len(disclosures_of_board(world.sessions, skip=0, by=officer).disclosures) == 1

    closed_off(world, world.again_need(placement))

    assert disclosures_of_board(world.sessions, skip=0, by=officer).disclosures == ()
