"""What a placed need would have had next where side rules might have a say, held against every plan there is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from bostad.matching.candidates import open_pairs
from bostad.matching.explain import Placed, placed
from bostad.matching.plan import Plan
from bostad.matching.problem import Apart, Problem
from bostad.matching.side_rules import side_rules_of
from bostad.matching.solve import best_plan
from tests.matching.cases import a_home, a_need, a_problem, day, random_problem_with_side_rules
from tests.matching.exhaustive import Choice, best, every_choice, fitting_pairs, plan_of


class Asked(NamedTuple):
    row: Placed
    plan: Plan
    others: dict[str, int]
    """by each other home that she has in a plan that houses the same: what the cheapest of them costs more"""


def asked(block: int, effort: float) -> Iterator[Asked]:
    """Ask for what everybody in fifty random problems would have had next."""
    for number in range(block * 50, block * 50 + 50):
        problem = random_problem_with_side_rules(number)
        candidates = open_pairs(problem)
        if side_rules_of(problem, candidates).idle(candidates):
            continue
        choices = every_choice(problem, fitting_pairs(problem))
        who, least = best(problem, choices)
        same = [(choice, cost_of(problem, choice)) for choice in choices if choice.keys() == who]
        plan = best_plan(problem, candidates)
        for row in placed(problem, plan, effort=effort):
            if not row.placement.locked:
                others: dict[str, int] = {}
                for choice, cost in same:
                    home = choice[row.need.need]
                    others[home] = min(cost - least, others.get(home, 10**9))
                others.pop(row.home.home)
                yield Asked(row, plan, others)


def cost_of(problem: Problem, choice: Choice) -> int:
    plan = plan_of(problem, choice)
    return plan.misfit - 5 * plan.kept


@pytest.mark.parametrize("block", range(6))
def test_it_is_the_cheapest_other_home_with_every_rule_kept_and_costs_what_is_said(block: int) -> None:
    """Nobody else loses her place for it, and where nothing else is to be had nothing is said."""
    seen = {True: 0, False: 0}
    for row, plan, others in asked(block, effort=5.0):
        seen[plan.side_proof is not None] += 1
        if not others:
            assert row.runner_up is None
            continue
        assert row.runner_up is not None
        assert row.runner_up.exact
        assert row.runner_up.extra_misfit == others[row.runner_up.home] == min(others.values())
    assert min(seen.values()) > 5, "both where the rules changed the plan and where they did not"


@pytest.mark.parametrize("block", range(6))
def test_without_effort_the_least_that_any_other_home_can_cost_is_told(block: int) -> None:
    told = 0
    for row, _, others in asked(block, effort=0.0):
        if row.runner_up is not None:
            told += 1
            assert not row.runner_up.exact
            assert 0 <= row.runner_up.extra_misfit <= min(others.values(), default=10**9)
    assert told > 5


def test_a_home_that_a_rule_keeps_from_her_is_not_what_she_would_have_had() -> None:
    """The plan without the rule would be the same one; only what comes next differs."""
    homes = (
        a_home("H1", building="A", rent=5000),
        a_home("H2", building="B", rent=5900, company="fabelhus"),
        a_home("H3", building="A", rent=6900, company="fabelhus"),
        a_home("H4", building="C", rent=8900, company="fabelhus"),
    )
    other = a_need("N2", consents=frozenset({("fabelhus", day(30))}))
    free = a_problem(needs=(a_need("N1"), other), homes=homes)
    bound = replace(free, apart=(Apart(need_a="N1", need_b="N2", scope="building"),))
    assert next_of(free, "N2") == ("H2", "H3")
    assert next_of(bound, "N2") == ("H2", "H4")


def next_of(problem: Problem, need: str) -> tuple[str, str]:
    row = next(row for row in placed(problem, best_plan(problem)) if row.need.need == need)
    assert row.runner_up is not None
    return row.home.home, row.runner_up.home
