"""Where side rules bite a plan proves itself too: with prices that no other plan could pay."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from bostad.matching.check import faults
from bostad.matching.plan import Plan
from bostad.matching.problem import Apart, Problem
from bostad.matching.side_proof import SideProof, Tariff
from bostad.matching.solve import best_plan
from tests.matching.cases import a_home, a_line, a_need, a_problem, random_problem_with_side_rules
from tests.matching.exhaustive import best, every_choice, fitting_pairs, plan_of

BLOCKS, IN_A_BLOCK = 5, 20


def with_a_proof(numbers: range) -> list[tuple[Problem, Plan]]:
    """Return the random problems of these numbers in which side rules bite, and their plans."""
    problems = [random_problem_with_side_rules(number, most_needs=5, most_homes=5) for number in numbers]
    plans = [(problem, best_plan(problem)) for problem in problems]
    return [(problem, plan) for problem, plan in plans if plan.side_proof]


def proof_of(plan: Plan) -> SideProof:
    assert plan.side_proof is not None
    return plan.side_proof


def two_towns() -> Problem:
    """Return three needs and five homes in two towns, with the first two needs kept out of one town."""
    needs = tuple(a_need(f"N{row}", municipalities=frozenset({"9901", "9902"}), rent_max=9000) for row in (1, 2, 3))
    rents = ((1, "9901", 6000), (2, "9901", 6500), (3, "9902", 7000), (4, "9902", 8000), (5, "9902", 9000))
    homes = tuple(a_home(f"H{row}", municipality=town, rent=rent) for row, town, rent in rents)
    return a_problem(needs=needs, homes=homes, apart=(Apart(need_a="N1", need_b="N2", scope="municipality"),))


def one_home_each_in_one_building() -> Problem:
    """Return two needs for two homes of a building that may hold one, under two lines: the second stays without."""
    homes = (a_home("H1", building="Älgen"), a_home("H2", building="Älgen", line="L2"))
    return a_problem(
        needs=(a_need("N1"), a_need("N2")), homes=homes, lines=(a_line("L1", building_cap=1), a_line("L2"))
    )


def kept_apart_in_the_only_town() -> Problem:
    """Return two needs who must not share the only town there is: no chain shows that, a price for it does."""
    apart = (Apart(need_a="N1", need_b="N2", scope="municipality"),)
    return a_problem(needs=(a_need("N1"), a_need("N2")), homes=(a_home("H1"), a_home("H2")), apart=apart)


def three_apart_in_two_towns() -> Problem:
    """Return three needs of whom no two may share a town, and two towns: halves would fit, so prices say nothing."""
    problem = two_towns()
    pairs = combinations([need.need for need in problem.needs], 2)
    return replace(problem, apart=tuple(Apart(need_a=one, need_b=two, scope="municipality") for one, two in pairs))


def test_the_misfit_is_proven_by_prices() -> None:
    problem = replace(two_towns(), needs=two_towns().needs[:2])
    plan = best_plan(problem)
    proof = proof_of(plan)
    assert [row.home for row in plan.placements] == ["H1", "H3"]
    assert proof.least == plan.misfit
    assert proof.misfit is not None
    assert faults(problem, plan) == []
    dearer = replace(plan_of(problem, {"N1": "H1", "N2": "H4"}), side_proof=proof)
    assert faults(problem, dearer) == ["the plan costs 76, and it is not shown that every plan costs more than 74"]


@pytest.mark.parametrize("problem", [one_home_each_in_one_building(), kept_apart_in_the_only_town()])
def test_who_cannot_be_housed_is_kept_out_without_the_word_of_a_solver(problem: Problem) -> None:
    plan = best_plan(problem)
    assert [row.need for row in plan.placements] == ["N1"]
    assert proof_of(plan).by_search == ()
    assert faults(problem, plan) == []


def test_where_prices_cannot_show_it_a_search_does_and_the_plan_says_so() -> None:
    problem = three_apart_in_two_towns()
    plan = best_plan(problem)
    assert plan.proven
    assert proof_of(plan).by_search == (2,)
    assert faults(problem, plan) == []
    choices = every_choice(problem, fitting_pairs(problem))
    assert ({row.need for row in plan.placements}, plan.misfit) == best(problem, choices)


def test_a_need_whom_nothing_keeps_out_is_caught() -> None:
    problem = kept_apart_in_the_only_town()
    plan = best_plan(problem)
    worse = replace(plan, side_proof=replace(proof_of(plan), tariffs=()))
    assert faults(problem, worse) == ["nothing shows that need N2 could not have a home"]


def tariff(change: Callable[[Tariff], Tariff]) -> Callable[[SideProof], SideProof]:
    return lambda proof: replace(proof, tariffs=tuple(change(one) for one in proof.tariffs))


def wider(one: Tariff) -> Tariff:
    (area,) = one.shared
    return replace(one, shared=(replace(area, other=0),))


@pytest.mark.parametrize(
    "change",
    [
        tariff(lambda one: replace(one, node=one.node - 1)),
        tariff(lambda one: replace(one, node=one.node[1:])),
        tariff(lambda one: replace(one, unit=0)),
        tariff(lambda one: replace(one, building=(("9901/nowhere", 1),))),
        tariff(lambda one: replace(one, shared=())),
        tariff(lambda one: replace(one, shared=(replace(one.shared[0], price=2**40),))),
        tariff(wider),
        lambda proof: replace(proof, names=proof.names[1:]),
        lambda proof: replace(proof, candidates=replace(proof.candidates, homes=proof.candidates.homes * 0)),
        lambda proof: replace(
            proof, relaxations=tuple(replace(one, threshold=one.threshold * 0) for one in proof.relaxations)
        ),
        lambda proof: replace(
            proof, relaxations=tuple(replace(one, home_of=np.zeros_like(one.home_of)) for one in proof.relaxations)
        ),
        lambda proof: replace(proof, least=(proof.least or 0) + 1),
    ],
)
def test_a_proof_that_was_tampered_with_is_caught(change: Callable[[SideProof], SideProof]) -> None:
    problem = kept_apart_in_the_only_town()
    plan = best_plan(problem)
    assert faults(problem, replace(plan, side_proof=change(proof_of(plan)))) != []


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_other_plan_passes_with_the_proof_of_the_best(block: int) -> None:
    """Every plan there is, each held against the proof: those that pass are as good as the best."""
    for problem, found in with_a_proof(range(block * IN_A_BLOCK, (block + 1) * IN_A_BLOCK)):
        assert not proof_of(found).misfit_by_search
        choices = every_choice(problem, fitting_pairs(problem))
        who, least = best(problem, choices)
        for choice in choices:
            plan = replace(plan_of(problem, choice), side_proof=found.side_proof)
            as_good = choice.keys() == who and plan.misfit - 5 * plan.kept == least
            assert bool(faults(problem, plan)) is not as_good, choice
