"""A proof that has been tampered with, or that comes with another plan than the best, is no proof."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bostad.matching.check import faults
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.proof import Proof
from bostad.matching.solve import best_plan
from tests.matching.cases import a_home, a_line, a_need, a_problem, random_problem
from tests.matching.exhaustive import best, every_choice, fitting_pairs, plan_of

PROBLEM = a_problem(
    needs=(a_need("N1", risk="acute"), a_need("N2"), a_need("N3", risk="standard")),
    homes=(a_home("H1", rent=6000), a_home("H2", has=frozenset({"lift"})), a_home("H3", line="L2")),
    lines=(a_line("L1"), a_line("L2", agreement="A2", quota=0)),
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return best_plan(PROBLEM)


def test_the_best_plan_proves_itself(plan: Plan) -> None:
    assert plan.proof is not None
    assert faults(PROBLEM, plan) == []


def spoiled(change: Callable[[Proof], Proof], plan: Plan) -> list[str]:
    assert plan.proof is not None
    return faults(PROBLEM, replace(plan, proof=change(plan.proof)))


def test_a_plan_that_houses_somebody_after_others_is_caught(plan: Plan) -> None:
    worse = replace(plan_of(PROBLEM, {"N1": "H1", "N3": "H2"}), proof=plan.proof)
    assert any("could have one" in fault or "threshold" in fault for fault in faults(PROBLEM, worse))


def test_a_plan_that_leaves_a_home_empty_is_caught(plan: Plan) -> None:
    worse = replace(plan_of(PROBLEM, {"N1": "H1"}), proof=plan.proof)
    assert faults(PROBLEM, worse) != []


def test_a_plan_that_costs_more_than_need_be_is_caught() -> None:
    wishing = replace(
        PROBLEM, needs=(PROBLEM.needs[0], replace(PROBLEM.needs[1], wish=frozenset({"lift"})), PROBLEM.needs[2])
    )
    plan = best_plan(wishing)
    swapped = {"N1": "H2", "N2": "H1"}
    assert {row.need: row.home for row in plan.placements} == {"N1": "H1", "N2": "H2"}
    assert "homes could change hands, with nobody put out, at less misfit" in faults(
        wishing, replace(plan_of(wishing, swapped), proof=plan.proof)
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: replace(proof, threshold=np.full_like(proof.threshold, 0)),
        lambda proof: replace(proof, threshold=np.full_like(proof.threshold, 2**40)),
        lambda proof: replace(proof, threshold=proof.threshold[::-1].copy()),
        lambda proof: replace(proof, threshold=proof.threshold[1:]),
        lambda proof: replace(proof, number=-np.arange(len(proof.number))),
        lambda proof: replace(proof, names=proof.names[1:]),
        lambda proof: replace(proof, candidates=replace(proof.candidates, homes=proof.candidates.homes * 0)),
    ],
)
def test_a_proof_that_was_tampered_with_is_caught(change: Callable[[Proof], Proof], plan: Plan) -> None:
    assert spoiled(change, plan) != []


def test_a_pair_left_out_of_the_proof_is_caught(plan: Plan) -> None:
    def without_the_last(proof: Proof) -> Proof:
        pairs = proof.candidates
        start = np.minimum(pairs.start, len(pairs) - 1)
        return replace(proof, candidates=replace(pairs, start=start, homes=pairs.homes[:-1]))

    assert "the proof says of need N3 and home H3 that they do not fit" in spoiled(without_the_last, plan)


@pytest.mark.parametrize("block", range(5))
def test_no_other_plan_passes_with_the_proof_of_the_best(block: int) -> None:
    """Every plan there is, each held against the proof: those that pass are as good as the best."""
    for number in range(block * 20, block * 20 + 20):
        problem = random_problem(number, most_needs=4, most_homes=4)
        proof = best_plan(problem).proof
        choices = every_choice(problem, fitting_pairs(problem))
        who, least = best(problem, choices)
        for choice in choices:
            plan = replace(plan_of(problem, choice), proof=proof)
            as_good = choice.keys() == who and plan.misfit - 5 * plan.kept == least
            assert bool(faults(problem, plan)) is not as_good, (number, choice)


def test_a_problem_of_which_nothing_is_known_has_a_proof_too() -> None:
    nothing: Problem = a_problem(needs=(), homes=())
    assert faults(nothing, best_plan(nothing)) == []
