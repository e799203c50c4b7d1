"""A problem and its proof as text: the same content gives the same text, and what is read back is what was written."""

import json
from dataclasses import replace

import pytest

from bostad.bench.instances import instance
from bostad.matching.as_text import fingerprint_of, problem_from, text_of
from bostad.matching.check import faults
from bostad.matching.problem import Problem
from bostad.matching.proof_text import proof_as_text, with_proof
from bostad.matching.solve import best_plan


@pytest.fixture(params=[1, 2])
def problem(request: pytest.FixtureRequest) -> Problem:
    """Give an invented problem with all that can be said of one."""
    made = instance("S", request.param, side_rules=True)
    first, home = made.needs[0].need, made.homes[0].home
    declined, current = (made.needs[1].need, home), (made.needs[2].need, made.homes[1].home)
    return replace(made, locked=((first, home),), declined=frozenset({declined}), current=frozenset({current}))


def test_what_was_written_is_read_back(problem: Problem) -> None:
    assert problem_from(text_of(problem)) == problem


def test_rows_in_any_order_give_the_same_fingerprint(problem: Problem) -> None:
    """I15."""
    turned = replace(problem, needs=problem.needs[::-1], homes=problem.homes[::-1], lines=problem.lines[::-1])
    dearer = replace(problem, homes=(replace(problem.homes[0], rent=problem.homes[0].rent + 1), *problem.homes[1:]))
    assert fingerprint_of(text_of(turned)) == fingerprint_of(text_of(problem))
    assert fingerprint_of(text_of(dearer)) != fingerprint_of(text_of(problem))


@pytest.mark.parametrize("side_rules", [False, True])
def test_a_proof_that_was_written_down_still_proves_the_plan(*, side_rules: bool) -> None:
    """I14."""
    problem = instance("S", 13, side_rules=side_rules)
    plan = best_plan(problem)
    assert (plan.side_proof is not None) is side_rules
    text = proof_as_text(problem, plan)
    bare = replace(plan, proof=None, side_proof=None, unproven_from=None)
    again = with_proof(problem, bare, text)
    assert (again.side_proof is not None) is side_rules
    assert faults(problem, again) == []
    assert proof_as_text(problem, again) == text
    assert not any(need.need in text for need in problem.needs)


def test_a_proof_that_was_spoiled_proves_nothing() -> None:
    problem = instance("S")
    plan = best_plan(problem)
    said = json.loads(proof_as_text(problem, plan))
    said["proof"]["threshold"] = [0] * len(said["proof"]["threshold"])
    assert faults(problem, with_proof(problem, plan, json.dumps(said))) != []


def test_a_proof_of_side_rules_that_was_spoiled_proves_nothing() -> None:
    """I14: what is kept of a run under side rules is judged by its own proof, as `bostad runs check` does."""
    problem = instance("S", 13, side_rules=True)
    plan = best_plan(problem)
    said = json.loads(proof_as_text(problem, plan))
    for relaxation in said["side"]["relaxations"]:
        relaxation["threshold"] = [0] * len(relaxation["threshold"])
    assert faults(problem, with_proof(problem, plan, json.dumps(said))) != []
