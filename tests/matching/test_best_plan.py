"""The best plan is the best plan: against every plan there is, and against another solver."""

import random
from dataclasses import replace
from typing import TypeVar

import pytest

from bostad.matching.candidates import open_pairs
from bostad.matching.check import faults
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.solve import best_plan
from tests.matching.cases import a_home, a_line, a_need, a_problem, day, random_problem
from tests.matching.exhaustive import best, every_choice, fitting_pairs

T = TypeVar("T")

CASES = range(200)
BLOCKS, IN_A_BLOCK = 10, 100


def new(plan: Plan) -> dict[str, str]:
    return {placement.need: placement.home for placement in plan.placements if not placement.locked}


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_plan_is_better_than_the_best_plan(block: int) -> None:
    """I14: who, and the misfit less the bonus, are those of the best of all plans, and the proof of it holds."""
    for number in range(block * IN_A_BLOCK, (block + 1) * IN_A_BLOCK):
        is_the_best(random_problem(number))


def is_the_best(problem: Problem) -> None:
    choices = every_choice(problem, fitting_pairs(problem))

    plan = best_plan(problem)

    assert plan.proven
    assert (set(new(plan)), plan.misfit - 5 * plan.kept) == best(problem, choices)
    assert len(new(plan)) == max(map(len, choices)), "as many are housed as any plan can"
    assert plan.proof is not None
    assert faults(problem, plan) == []


def test_the_random_cases_hold_what_they_should() -> None:
    problems = [random_problem(number) for number in CASES]
    plans = [best_plan(problem) for problem in problems]

    assert sum(bool(problem.locked) for problem in problems) > 50
    assert sum(bool(problem.declined) for problem in problems) > 50
    assert sum(plan.kept > 0 for plan in plans) > 50
    assert sum(any(line.agreement_cap for line in problem.lines) for problem in problems) > 50
    assert sum(len(new(plan)) > 1 for plan in plans) > 60


@pytest.mark.parametrize("number", CASES)
def test_the_order_of_rows_does_not_matter(number: int) -> None:
    problem = random_problem(number, most_needs=12, most_homes=12)
    dice = random.Random(number)  # noqa: S311 - not for secrets

    def shuffled(rows: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(dice.sample(rows, len(rows)))

    other = replace(
        problem,
        needs=shuffled(problem.needs),
        homes=shuffled(problem.homes),
        lines=shuffled(problem.lines),
        locked=shuffled(problem.locked),
    )

    assert best_plan(other) == best_plan(problem) == best_plan(problem)


def test_safety_comes_before_children_before_the_queue_before_the_id() -> None:
    order = [
        a_need("N9", risk="acute", child_ages=(), waiting_since=day(-1)),
        a_need("N8", risk="high", child_ages=(3,), waiting_since=day(-1)),
        a_need("N7", risk="high", child_ages=(), waiting_since=day(-300)),
        a_need("N5", risk="high", child_ages=(), waiting_since=day(-9)),
        a_need("N6", risk="high", child_ages=(), waiting_since=day(-9)),
    ]
    for first in range(len(order)):
        assert list(new(best_plan(a_problem(needs=tuple(order[first:]))))) == [order[first].need]


def test_a_need_moves_to_another_home_to_let_one_after_her_in() -> None:
    picky = a_need("N2", risk="standard", rent_max=8000)
    homes = (a_home("H1", rent=8000), a_home("H2", rent=9000))

    plan = best_plan(a_problem(needs=(a_need("N1"), picky), homes=homes))

    assert new(plan) == {"N1": "H2", "N2": "H1"}


def test_a_need_moves_to_another_agreement_to_make_room_under_a_cap() -> None:
    lines = (
        a_line("L1", agreement_cap=1),
        a_line("L2", agreement_cap=1),
        a_line("L3", agreement="A2"),
    )
    homes = (a_home("H1", line="L1"), a_home("H2", line="L2", has=frozenset({"lift"})), a_home("H3", line="L3"))
    flexible, needs_a_lift = a_need("N1", wish=frozenset({"pets"})), a_need("N2", must=frozenset({"lift"}))

    plan = best_plan(a_problem(needs=(flexible, needs_a_lift), homes=homes, lines=lines))

    assert new(plan) == {"N1": "H3", "N2": "H2"}


def test_an_earlier_proposal_is_kept_for_up_to_five_points() -> None:
    def plan_with(wish: frozenset[str], rent: int) -> Plan:
        homes = (a_home("H1", rent=rent), a_home("H2", rent=4500, has=wish))
        needs = (a_need(wish=wish, rooms_min=3),)
        return best_plan(a_problem(needs=needs, homes=homes, current=frozenset({("N1", "H1")})))

    assert new(plan_with(frozenset(), 6300)) == {"N1": "H1"}, "4 points worse, 5 off"
    assert plan_with(frozenset(), 6300).kept == 1
    assert new(plan_with(frozenset({"lift"}), 4500)) == {"N1": "H2"}, "6 points worse, 5 off"


def test_a_promise_stands_though_the_pair_does_not_fit_and_uses_up_the_quota() -> None:
    needs = (a_need("N1"), a_need("N2", rent_max=1))
    homes = (a_home("H1"), a_home("H2"))

    plan = best_plan(a_problem(needs=needs, homes=homes, lines=(a_line(quota=1),), locked=(("N2", "H2"),)))

    assert [(placement.need, placement.home, placement.locked) for placement in plan.placements] == [("N2", "H2", True)]


def test_nothing_to_place_is_a_plan_too() -> None:
    empty = Plan(placements=(), proven=True, misfit=0, kept=0)
    assert best_plan(a_problem(needs=(), homes=())) == empty
    assert best_plan(a_problem(homes=())) == empty
    assert len(open_pairs(a_problem(homes=()))) == 0
