"""Limits of buildings, and cases kept apart: kept by runs and by hand, and told to nobody whom they do not concern."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import col, select

from bostad.accounts.tables import User
from bostad.agreements.tables import LineMonth, QuotaLine
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, Missing, OutOfStep
from bostad.homes.states import HomeState
from bostad.homes.tables import Home
from bostad.needs.tables import Case, Need
from bostad.placements import service
from bostad.placements.apart import NONE_OF_YOURS, OtherCase, apart_page, keep_apart, no_longer_apart
from bostad.placements.by_hand import place_by_hand
from bostad.placements.case_pages import case_screen
from bostad.placements.looking import look
from bostad.placements.run_states import Apart
from bostad.placements.tables import KeptApart
from tests.browsing import Browser, words
from tests.factories import NOON, UserFactory, actor
from tests.worlds import World

Browse = Callable[[User | None], Browser]


@pytest.fixture
def two(world: World) -> World:
    """Let there be room for two homes a month."""
    with world.sessions.begin() as db:
        db.exec(select(LineMonth)).one().agreed = 2
    return world


def number_of(world: World, need: Need) -> str:
    with world.sessions() as db:
        return db.get_one(Case, need.case_id).case_number


def kept_apart(world: World, one: Need, other: Need, scope: Apart = Apart.BUILDING) -> None:
    answers = OtherCase(case_number=number_of(world, other), scope=scope)
    keep_apart(world.sessions, one.case_id, answers, by=world.worker, at=NOON)


def cap(world: World, limit: int) -> None:
    with world.sessions.begin() as db:
        db.get_one(QuotaLine, world.line.id).building_cap = limit


def let_in_march(world: World, building: str | None) -> None:
    """Let somebody have been promised a home long ago."""
    early = world.reserved()
    march = date(2026, 3, 1)
    with world.sessions.begin() as db:
        home = db.get_one(Home, early.home_id)
        db.add(LineMonth(line_id=home.line_id, month=march, agreed=1, delivered=1, approved=1, released=1))
        db.flush()
        home.month, home.building, home.state = march, building, HomeState.LET


def placed(world: World, *needs: Need) -> set[str]:
    """Give the buildings in which homes are proposed to these needs."""
    with world.sessions() as db:
        found = [placement for placement in map(world.placement_of, needs) if placement]
        return {str(db.get_one(Home, placement.home_id).building) for placement in found}


@pytest.mark.parametrize("scope", Apart)
def test_two_who_are_kept_apart_are_never_proposed_homes_in_the_same_place(two: World, scope: Apart) -> None:
    one, other = two.need(), two.need()
    two.home(building="Hus A", district="Fabelby"), two.home(building="hus a ", district="fabelby")
    kept_apart(two, one, other, scope)
    two.run()
    assert [two.placement_of(one) is None, two.placement_of(other) is None].count(True) == 1


def test_in_different_buildings_both_get_a_home(two: World) -> None:
    one, other = two.need(), two.need()
    two.home(building="Hus A"), two.home(building="Hus B")
    kept_apart(two, one, other)
    two.run()
    assert placed(two, one, other) == {"Hus A", "Hus B"}


def test_the_one_who_goes_without_is_told_of_a_rule_and_of_nobody(two: World) -> None:
    """S42."""
    one, other = two.need(), two.need()
    two.home(building="Hus A"), two.home(building="Hus A")
    kept_apart(two, one, other)
    two.run()
    without = other if two.placement_of(other) is None else one
    found = case_screen(two.sessions, without.case_id, by=two.worker, at=NOON).outcome
    assert found.refusal is not None
    assert "a rule about who lives near whom" in str(found.refusal.sentence)
    said = str(found)
    assert number_of(two, one) not in said
    assert number_of(two, other) not in said


def test_it_holds_against_a_promise_too_whoever_it_was_made_to(two: World) -> None:
    first, other = two.need(), two.need(opted_in=False)
    near, far = two.home(building="Hus A", rooms=1), two.home(building="Hus A")
    two.run()
    promised = two.placement_of(first)
    assert promised is not None
    service.put_to_household(two.sessions, promised.id, by=two.worker, at=NOON)
    kept_apart(two, first, other)
    left = far if promised.home_id == near.id else near
    with pytest.raises(OutOfStep, match="a limit for the building, or a rule about who lives near whom"):
        place_by_hand(two.sessions, other.case_id, left.id, "Nära arbetet", by=two.worker, at=NOON)


def test_no_building_holds_more_than_its_limit(two: World) -> None:
    one, other = two.need(), two.need()
    two.home(building="Hus A"), two.home(building="Hus A")
    cap(two, 1)
    two.run()
    assert [two.placement_of(one) is None, two.placement_of(other) is None].count(True) == 1


def test_whoever_lives_there_counts_against_the_limit_whenever_she_came(two: World) -> None:
    """A promise of another month, long since moved in, fills the building."""
    need, home = two.need(opted_in=False), two.home(building="Hus A", rooms=4)
    let_in_march(two, "Hus A")
    with two.sessions.begin() as db:
        db.get_one(Need, need.id).opted_in = True
    cap(two, 1)
    two.run()
    assert two.placement_of(need) is None
    with pytest.raises(OutOfStep, match="a limit for the building, or a rule about who lives near whom"):
        place_by_hand(two.sessions, need.case_id, home.id, "Nära arbetet", by=two.worker, at=NOON)


def test_without_a_limit_an_earlier_month_is_left_out_of_the_run(two: World) -> None:
    """Only what bears on a run is read for it."""
    two.need(opted_in=False), two.home(rooms=4)
    let_in_march(two, None)
    with two.sessions() as db:
        assert look(db, [two.board.id], NOON.date()).problem.locked == ()


def test_a_number_that_is_somebody_elses_is_refused_like_one_that_is_nobodys(two: World) -> None:
    """S06."""
    mine = two.need()
    with two.writing():
        colleague = UserFactory(organisation=None, organisation_id=two.board.id, unit_id=two.unit_id)
    hers = two.need()
    with two.sessions.begin() as db:
        db.get_one(Case, hers.case_id).worker_id = colleague.id
    refused = []
    for number in (number_of(two, hers), "9901-1999-0001", number_of(two, mine)):
        answers = OtherCase(case_number=number, scope=Apart.BUILDING)
        with pytest.raises(Invalid) as wrong:
            keep_apart(two.sessions, mine.case_id, answers, by=two.worker, at=NOON)
        refused.append(wrong.value.fields)
    assert refused == [{"case_number": NONE_OF_YOURS}] * 3
    with pytest.raises(Missing):
        apart_page(two.sessions, hers.case_id, by=two.worker, at=NOON)


def test_the_others_number_is_shown_only_to_whoever_works_with_that_case_too(two: World) -> None:
    one, other = two.need(), two.need()
    kept_apart(two, one, other)
    numbers = [pair.case_number for pair in apart_page(two.sessions, one.case_id, by=two.worker, at=NOON).pairs]
    assert numbers == [number_of(two, other)]
    with two.writing():
        colleague = UserFactory(organisation=None, organisation_id=two.board.id, unit_id=two.unit_id)
    with two.sessions.begin() as db:
        db.get_one(Case, other.case_id).worker_id = colleague.id
    (mine,) = apart_page(two.sessions, one.case_id, by=two.worker, at=NOON).pairs
    (hers,) = apart_page(two.sessions, other.case_id, by=actor(colleague, two.board), at=NOON).pairs
    assert (mine.case_number, hers.case_number) == (None, None)


def test_it_is_in_the_log_and_can_be_taken_away_from_either_side(two: World) -> None:
    one, other = two.need(), two.need()
    kept_apart(two, one, other)
    with pytest.raises(Invalid):
        kept_apart(two, other, one)
    with two.sessions() as db:
        pair = db.exec(select(KeptApart)).one()
    no_longer_apart(two.sessions, other.case_id, pair.id, by=two.worker, at=NOON)
    with pytest.raises(Missing):
        no_longer_apart(two.sessions, one.case_id, pair.id, by=two.worker, at=NOON)
    with two.sessions() as db:
        assert db.exec(select(KeptApart)).all() == []
        said = select(AuditRow.action, AuditRow.subject_id).order_by(col(AuditRow.number))
        rows = [row for row in db.exec(said).all() if row[0].startswith("apart.")]
    assert rows == [("apart.added", one.case_id), ("apart.removed", other.case_id)]


def test_it_is_made_and_taken_away_on_the_cases_page(two: World, browse: Browse) -> None:
    one, other = two.need(), two.need()
    social = browse(two.worker_user)
    social.post("/me/language", locale="en")
    here = f"/cases/{one.case_id}/apart"
    assert here in social.get(f"/cases/{one.case_id}").text
    unknown = social.post(here, case_number="9901-1999-0001", scope="building")
    assert unknown.status_code == 422
    assert "None of your other open cases" in words(unknown)
    made = social.post(here, case_number=number_of(two, other), scope="district")
    assert f"Case {number_of(two, other)}: Not in the same district" in words(made)
    with two.sessions() as db:
        pair = db.exec(select(KeptApart)).one()
    assert "It is not kept apart from any case." in words(social.post(f"{here}/{pair.id}/remove"))
