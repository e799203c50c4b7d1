"""Building caps and keep-apart pairs: the plan is still the best there is, or says from where on it may not be."""

import random
from dataclasses import replace

import pytest

from bostad.matching.check import faults
from bostad.matching.explain import Reason, unplaced
from bostad.matching.plan import Plan
from bostad.matching.problem import Apart, Problem
from bostad.matching.solve import best_plan
from tests.matching.cases import a_home, a_line, a_need, a_problem, random_problem_with_side_rules
from tests.matching.exhaustive import best, every_choice, fitting_pairs

BLOCKS, IN_A_BLOCK = 10, 100


def new(plan: Plan) -> dict[str, str]:
    return {placement.need: placement.home for placement in plan.placements if not placement.locked}


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_plan_is_better_where_side_rules_bite(block: int) -> None:
    """I14: who, misfit and what is kept, against every plan there is."""
    for number in range(block * IN_A_BLOCK, (block + 1) * IN_A_BLOCK):
        problem = random_problem_with_side_rules(number)
        plan = best_plan(problem)
        assert plan.proven
        choices = every_choice(problem, fitting_pairs(problem))
        assert (set(new(plan)), plan.misfit - 5 * plan.kept) == best(problem, choices), number
        assert faults(problem, plan) == [], number


def test_side_rules_do_bite_in_the_random_cases() -> None:
    problems = [random_problem_with_side_rules(number) for number in range(200)]
    assert sum(best_plan(problem).proof is None for problem in problems) > 15
    assert sum(plain(problem) for problem in problems) > 25


def plain(problem: Problem) -> bool:
    """Say whether the plan without side rules houses others."""
    lines = tuple(replace(line, building_cap=None) for line in problem.lines)
    return new(best_plan(replace(problem, lines=lines, apart=()))) != new(best_plan(problem))


@pytest.mark.parametrize("number", range(30))
def test_the_order_of_rows_does_not_matter_under_side_rules(number: int) -> None:
    problem = random_problem_with_side_rules(number, most_needs=12, most_homes=12)
    dice = random.Random(number)  # noqa: S311 - not for secrets
    turned = tuple(Apart(need_a=rule.need_b, need_b=rule.need_a, scope=rule.scope) for rule in problem.apart)
    other = replace(
        problem,
        needs=tuple(dice.sample(problem.needs, len(problem.needs))),
        homes=tuple(dice.sample(problem.homes, len(problem.homes))),
        apart=turned,
    )
    assert best_plan(other) == best_plan(problem)


def two_sisters(**changes: object) -> Problem:
    needs = (a_need("N1"), a_need("N2"), a_need("N3", risk="standard"))
    homes = (a_home("H1", building="Älgen"), a_home("H2", building="Älgen", line="L2"), a_home("H3", rent=8900))
    facts: dict[str, object] = {"needs": needs, "homes": homes, "lines": (a_line("L1"), a_line("L2"))}
    return a_problem(**{**facts, **changes})


def test_sisters_are_kept_apart_though_it_costs_more() -> None:
    apart = (Apart(need_a="N1", need_b="N2", scope="municipality"),)
    elsewhere = (a_home("H1"), a_home("H2"), a_home("H3", municipality="9902", rent=8900))
    needs = (a_need("N1"), a_need("N2", municipalities=frozenset({"9901", "9902"})))
    plan = best_plan(two_sisters(needs=needs, homes=elsewhere, lines=(a_line(),), apart=apart))
    assert new(plan)["N2"] == "H3"
    assert plan.proven


def test_a_promise_binds_the_one_who_is_to_be_kept_apart_from_it() -> None:
    apart = (Apart(need_a="N1", need_b="N2", scope="building"),)
    problem = two_sisters(apart=apart, locked=(("N2", "H2"),), homes=two_sisters().homes[:2])
    assert list(new(best_plan(problem))) == ["N3"]
    reasons = {row.need.need: row for row in unplaced(problem, best_plan(problem))}
    assert reasons["N1"].reason is Reason.KEPT_APART
    assert reasons["N1"].detail == {"rules": ["apart:building"]}


def test_a_building_over_two_lines_holds_no_more_than_the_least_cap() -> None:
    lines = (a_line("L1", building_cap=1), a_line("L2", building_cap=2))
    problem = two_sisters(lines=lines)
    plan = best_plan(problem)
    assert sorted(new(plan)) == ["N1", "N2"]
    assert "H3" in new(plan).values()
    assert plan.proven
    (row,) = unplaced(problem, plan)
    assert (row.reason, row.detail) == (Reason.KEPT_APART, {"rules": ["building_cap"]})


def test_a_cap_in_one_line_is_a_quota_like_any_other_and_comes_with_a_proof() -> None:
    problem = two_sisters(
        lines=(a_line("L1", building_cap=1), a_line("L2")),
        homes=(a_home("H1", building="x"), a_home("H2", building="x")),
    )
    plan = best_plan(problem)
    assert list(new(plan)) == ["N1"]
    assert plan.proof is not None
    assert faults(problem, plan) == []


def test_without_effort_the_plan_says_from_whom_on_it_is_not_proven() -> None:
    """What is not proven is said, with the first place in the order; the plan still keeps every rule."""
    problem = next(
        problem
        for problem in map(random_problem_with_side_rules, range(200))
        if best_plan(problem, effort=0.0).unproven_from
    )
    plan = best_plan(problem, effort=0.0)
    assert not plan.proven
    assert plan.unproven_from in {need.need for need in problem.needs}
    assert faults(problem, plan) == []
