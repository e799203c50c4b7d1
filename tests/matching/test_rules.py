"""The rules for a pair, and its misfit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bostad.matching.check import faults
from bostad.matching.crowding import rooms_needed
from bostad.matching.eligibility import RULES, failing_rules, fits
from bostad.matching.misfit import parts
from bostad.matching.plan import Misfit
from bostad.matching.problem import Home, Line, Need, Place
from tests.matching.cases import TODAY, a_home, a_line, a_need, a_problem, day
from tests.matching.exhaustive import plan_of
from tests.matching.pairs import random_pair


@pytest.mark.parametrize(
    ("adults", "couples", "child_ages", "rooms"),
    [
        (1, 0, (), 1),
        (1, 0, (5,), 3),
        (1, 0, (5, 9), 3),
        (1, 0, (10, 14), 4),
        (1, 0, (3, 6, 9), 4),
        (1, 0, (3, 6, 9, 13), 5),
        (1, 0, (2, 4, 6, 8, 14), 5),
        (2, 1, (5, 9), 3),
        (2, 0, (), 3),
        (2, 1, (), 2),
        (1, 0, (11, 12), 4),
    ],
)
def test_rooms_needed_is_boverkets_rule(adults: int, couples: int, child_ages: tuple[int, ...], rooms: int) -> None:
    assert rooms_needed(adults, couples, child_ages) == rooms


@given(st.integers(1, 6), st.integers(0, 3), st.lists(st.integers(0, 17), max_size=6), st.integers(0, 17))
def test_one_child_more_never_needs_fewer_rooms(adults: int, couples: int, ages: list[int], more: int) -> None:
    couples = min(couples, adults // 2)
    before, after = rooms_needed(adults, couples, ages), rooms_needed(adults, couples, [*ages, more])
    assert before <= after <= before + 2


BROKEN: list[tuple[str, Need, Home, Line]] = [
    ("consent", a_need(consents=frozenset({("sagobo", day(-1)), ("fabelhus", day(9))})), a_home(), a_line()),
    ("line", a_need(), a_home(), a_line(valid_from=day(1))),
    ("line", a_need(), a_home(), a_line(valid_until=day(-1))),
    ("group", a_need(group="social"), a_home(), a_line()),
    ("municipality", a_need(municipalities=frozenset({"9902"})), a_home(), a_line()),
    ("company", a_need(blocked_companies=frozenset({"sagobo"})), a_home(), a_line()),
    ("contract", a_need(contracts=frozenset({"social"})), a_home(), a_line(contracts=frozenset({"first_hand"}))),
    ("district", a_need(avoid_districts=frozenset({"ÅSEN"})), a_home(district="åsen"), a_line()),
    ("district", a_need(avoid_districts=frozenset({"ÅSEN"})), a_home(), a_line()),
    ("building", a_need(avoid_buildings=frozenset({"Älgen"})), a_home(building="älgen"), a_line()),
    ("building", a_need(avoid_buildings=frozenset({"Älgen"})), a_home(), a_line()),
    ("near", a_need(avoid_near=frozenset({Place(62, 18.5, 1113)})), a_home(lat=62.01, lon=18.5), a_line()),
    ("near", a_need(avoid_near=frozenset({Place(62, 18.5, 1)})), a_home(), a_line()),
    ("must", a_need(must=frozenset({"lift"})), a_home(), a_line()),
    ("must", a_need(must=frozenset({"above_ground_floor"})), a_home(floor=0), a_line()),
    ("rooms", a_need(rooms_min=4), a_home(), a_line()),
    ("people", a_need(), a_home(max_people=2), a_line()),
    ("rent", a_need(rent_max=7999), a_home(), a_line()),
    ("school", a_need(school_m_max=500), a_home(school_m=501), a_line()),
    ("school", a_need(school_m_max=500), a_home(), a_line()),
    ("dates", a_need(move_in_by=day(9)), a_home(), a_line()),
    ("dates", a_need(), a_home(offer_until=day(-1)), a_line()),
]


@pytest.mark.parametrize(("rule", "need", "home", "line"), BROKEN)
def test_one_broken_rule_is_named_and_no_other(rule: str, need: Need, home: Home, line: Line) -> None:
    assert failing_rules(need, home, line, TODAY) == (rule,)
    assert not fits(a_problem(needs=(need,), homes=(home,), lines=(line,))).any()


def test_a_pair_once_declined_is_never_proposed_again() -> None:
    declined = [("N1", "H1"), ("N7", "H7")]
    assert failing_rules(a_need(), a_home(), a_line(), TODAY, declined) == ("declined",)


KEPT: list[tuple[Need, Home, Line]] = [
    (a_need(consents=frozenset({("sagobo", day(0))})), a_home(offer_until=day(0)), a_line(valid_until=day(0))),
    (a_need(), a_home(), a_line(contracts=frozenset({"social"}), valid_from=day(0))),
    (a_need(contracts=frozenset({"social"})), a_home(), a_line()),
    (a_need(avoid_districts=frozenset({"Åsen"})), a_home(district="Vättemon"), a_line()),
    (a_need(avoid_near=frozenset({Place(62, 18.5, 1111)})), a_home(lat=62.01, lon=18.5), a_line()),
    (a_need(must=frozenset({"above_ground_floor"})), a_home(floor=1), a_line()),
    (a_need(move_in_by=day(-1)), a_home(available_from=day(400)), a_line()),
    (a_need(school_m_max=500), a_home(school_m=500, max_people=3), a_line()),
    (a_need(rooms_min=3, rent_max=8000, move_in_by=day(10)), a_home(), a_line()),
]


@pytest.mark.parametrize(("need", "home", "line"), KEPT)
def test_a_pair_on_the_edge_of_a_rule_fits(need: Need, home: Home, line: Line) -> None:
    assert failing_rules(need, home, line, TODAY) == ()


def test_a_building_of_that_name_in_another_municipality_is_another_building() -> None:
    need = a_need(avoid_buildings=frozenset({"Älgen"}))
    home = a_home(building="Älgen", municipality="9902")
    assert failing_rules(need, home, a_line(), TODAY) == ("municipality",)


@pytest.mark.parametrize("block", range(10))
def test_rules_and_misfit_agree_with_the_checker(block: int) -> None:
    """I05, I14: a pair fits exactly when the checker, written apart, lets it stand, and its misfit is the same."""
    for number in range(block * 100, block * 100 + 100):
        problem = random_pair(number)
        (need,), (home,), (line,) = problem.needs, problem.homes, problem.lines
        broken = failing_rules(need, home, line, TODAY, problem.declined)
        found = faults(problem, plan_of(problem, {"N1": "H1"}))
        assert bool(broken) == bool(found), (number, broken, found)
        assert not any("misfit" in fault for fault in found), (number, found)


def test_random_pairs_break_every_rule_alone_and_none() -> None:
    def broken(number: int) -> tuple[str, ...]:
        problem = random_pair(number)
        return failing_rules(problem.needs[0], problem.homes[0], problem.lines[0], TODAY, problem.declined)

    seen = {broken(number) for number in range(1000)}
    assert () in seen
    assert {rule for rules in seen for rule in rules} == set(RULES)


@pytest.mark.parametrize(
    ("need", "home", "misfit"),
    [
        (a_need(), a_home(school_m=0, available_from=TODAY), Misfit(0, 17, 0, 0, 0)),
        (a_need(rooms_min=1), a_home(school_m=749, available_from=day(5)), Misfit(24, 17, 0, 2, 1)),
        (a_need(), a_home(available_from=day(-5)), Misfit(0, 17, 0, 20, 0)),
        (a_need(child_ages=()), a_home(available_from=day(300)), Misfit(24, 17, 0, 0, 30)),
        (a_need(move_in_from=day(8)), a_home(school_m=90_000), Misfit(0, 17, 0, 20, 0)),
        (a_need(wish=frozenset({"lift", "pets", "above_ground_floor"})), a_home(floor=1), Misfit(0, 17, 12, 20, 3)),
        (a_need(rent_max=8000), a_home(has=frozenset({"lift"})), Misfit(0, 20, 0, 20, 3)),
    ],
)
def test_misfit_is_counted_in_whole_points(need: Need, home: Home, misfit: Misfit) -> None:
    assert parts(need, home, TODAY) == misfit


def test_the_web_can_ask_about_a_pair_on_any_day() -> None:
    assert failing_rules(a_need(), a_home(), a_line(), date(2030, 1, 1)) == ("consent",)
