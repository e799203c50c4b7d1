"""What a change would do is what the best plan of the changed problem is, found from the plan before."""

from dataclasses import replace
from random import Random

import pytest

from bostad.matching.check import faults
from bostad.matching.problem import Apart, Problem
from bostad.matching.solve import best_plan
from bostad.matching.what_if import (
    Change,
    forced,
    one_more_a_month,
    what_if,
    with_homes,
    with_need,
    without_home,
    without_need,
)
from tests.matching.cases import a_home, a_need, a_problem, random_problem

NUMBERS = range(150)


def changes(problem: Problem, dice: Random) -> list[Change]:
    """Return a change of each kind, somewhere in the problem."""
    promised = {name for pair in problem.locked for name in pair}
    needs = [need for need in problem.needs if need.need not in promised]
    homes = [home for home in problem.homes if home.home not in promised]
    found = [
        without_home(dice.choice(problem.homes).home),
        without_need(dice.choice(problem.needs).need),
        one_more_a_month(dice.choice(problem.homes), 2),
        with_need(replace(dice.choice(problem.needs), rent_max=dice.choice([5000, 20000]))),
    ]
    return [*found, forced(dice.choice(needs).need, dice.choice(homes).home)] if needs and homes else found


@pytest.mark.parametrize("number", NUMBERS)
def test_a_plan_mended_is_as_good_as_one_made_anew(number: int) -> None:
    problem = random_problem(number, most_needs=10, most_homes=9)
    before = best_plan(problem)
    for change in changes(problem, Random(number)):  # noqa: S311 - not for secrets
        plan, anew = what_if(problem, before, change).plan, best_plan(change(problem))
        assert faults(change(problem), plan) == []
        assert [row.need for row in plan.placements] == [row.need for row in anew.placements]
        assert plan.misfit - 5 * plan.kept == anew.misfit - 5 * anew.kept


@pytest.mark.parametrize("number", NUMBERS)
def test_one_home_withdrawn_costs_at_most_one_household_her_place(number: int) -> None:
    """The plan is stable: see the issue of the engine, point 4."""
    problem = random_problem(number, most_needs=10, most_homes=9)
    promised = {name for pair in problem.locked for name in pair}
    before = best_plan(problem)
    for home in problem.homes:
        if home.home not in promised:
            outcome = what_if(problem, before, without_home(home.home))
            assert len(outcome.loses) <= 1
            assert len(outcome.gains) <= 1


@pytest.mark.parametrize("number", NUMBERS)
def test_one_household_leaving_lets_at_most_one_in_and_puts_nobody_out(number: int) -> None:
    problem = random_problem(number, most_needs=10, most_homes=9)
    promised = {name for pair in problem.locked for name in pair}
    before = best_plan(problem)
    for need in problem.needs:
        if need.need not in promised:
            outcome = what_if(problem, before, without_need(need.need))
            assert outcome.loses.keys() <= {need.need}
            assert len(outcome.gains) <= 1


def test_what_is_gained_lost_and_moved_is_told() -> None:
    problem = a_problem(
        needs=(a_need("N1", rooms_min=3), a_need("N2", rooms_min=3, risk="standard")),
        homes=(a_home("H1", rent=6000), a_home("H2")),
    )
    before = best_plan(problem)
    outcome = what_if(problem, before, without_home("H1"))
    assert (outcome.gains, outcome.loses, outcome.moves) == ({}, {"N2": "H2"}, {"N1": ("H1", "H2")})
    more = what_if(problem, before, with_homes(a_home("H3", rent=100)))
    assert (more.gains, more.loses, more.moves) == ({}, {}, {"N1": ("H1", "H3"), "N2": ("H2", "H1")})


def test_a_change_that_makes_side_rules_bite_is_planned_anew() -> None:
    def kept_apart(problem: Problem) -> Problem:
        return replace(problem, apart=(Apart(need_a="N1", need_b="N2", scope="municipality"),))

    problem = a_problem(needs=(a_need("N1"), a_need("N2")), homes=(a_home("H1"), a_home("H2")))
    outcome = what_if(problem, best_plan(problem), kept_apart)
    assert set(outcome.loses) == {"N2"}
    assert faults(kept_apart(problem), outcome.plan) == []
    back = what_if(kept_apart(problem), outcome.plan, lambda changed: replace(changed, apart=()))
    assert set(back.gains) == {"N2"}
