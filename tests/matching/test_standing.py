"""A decline is planned from the plan that stands, and the plan after it is the best of what is left, with its proof."""

import numpy as np
import pytest

from bostad.bench.instances import instance
from bostad.matching.check import faults
from bostad.matching.exchange import classes_of
from bostad.matching.housing import chains_of
from bostad.matching.problem import Apart
from bostad.matching.solve import best_plan
from bostad.matching.standing import after_decline, standing
from bostad.matching.which import TooLarge
from tests.matching.cases import a_home, a_need, a_problem, random_problem

NUMBERS = range(150)


@pytest.mark.parametrize("number", NUMBERS)
def test_decline_after_decline_the_plan_is_the_best_of_what_is_left(number: int) -> None:
    problem = random_problem(number, most_needs=10, most_homes=9)
    now = standing(problem, best_plan(problem))
    assert now is not None
    while new := [placement for placement in now.plan.placements if not placement.locked]:
        declined = new[number % len(new)]
        now = after_decline(now, declined.need, declined.home)
        anew = best_plan(now.problem)
        assert faults(now.problem, now.plan) == []
        assert [row.need for row in now.plan.placements] == [row.need for row in anew.placements]
        assert now.plan.misfit - 5 * now.plan.kept == anew.misfit - 5 * anew.kept
        assert now.plan.proof is now.proof


def test_after_each_decline_classes_and_thresholds_are_those_of_a_walk_from_nothing() -> None:
    housed_others = 0
    for number in range(25):
        problem = random_problem(number, most_needs=10, most_homes=9)
        now = standing(problem, best_plan(problem))
        assert now is not None
        while new := [placement for placement in now.plan.placements if not placement.locked]:
            declined, before = new[number % len(new)], now
            now = after_decline(now, declined.need, declined.home)
            anew = classes_of(chains_of(now.network, now.candidates))
            both = np.unique(np.stack([now.proof.number, anew.number]), axis=1)
            assert both.shape[1] == len(np.unique(now.proof.number)) == len(np.unique(anew.number))
            assert now.proof.threshold.tolist() == anew.threshold.tolist()
            housed_others += {row.need for row in now.plan.placements} != {row.need for row in before.plan.placements}
    assert housed_others > 0


def test_most_declines_in_a_country_are_one_chain_and_keep_everybody_housed() -> None:
    problem = instance("M")
    first = standing(problem, best_plan(problem))
    assert first is not None
    housed = [placement.need for placement in first.plan.placements]
    same = 0
    for placement in first.plan.placements[::7]:
        after = after_decline(first, placement.need, placement.home)
        same += [row.need for row in after.plan.placements] == housed
        assert faults(after.problem, after.plan) == []
    assert same > 0


def test_a_decline_of_what_was_not_proposed_changes_nothing_but_the_proof() -> None:
    problem = a_problem(needs=(a_need("N1"),), homes=(a_home("H1", rent=100), a_home("H2")))
    now = standing(problem, best_plan(problem))
    assert now is not None
    after = after_decline(now, "N1", "H2")
    assert after.plan == now.plan
    assert after.plan.proof is not None
    assert len(after.plan.proof.candidates) == 1
    assert faults(after.problem, after.plan) == []


def test_where_side_rules_could_bite_no_plan_stands_ready() -> None:
    apart = (Apart(need_a="N1", need_b="N2", scope="municipality"),)
    problem = a_problem(needs=(a_need("N1"), a_need("N2")), homes=(a_home("H1"),), apart=apart)
    assert standing(problem, best_plan(problem)) is None


def test_a_need_that_is_not_there_is_refused() -> None:
    now = standing(a_problem(), best_plan(a_problem()))
    assert now is not None
    with pytest.raises(ValueError, match="there is no need N9"):
        after_decline(now, "N9", "H1")


def test_what_is_too_large_to_be_told_apart_by_class_is_refused() -> None:
    needs = (a_need("N1", risk="acute"), a_need("N2"))
    homes = (a_home("H1"), a_home("H2", rooms=2**56))
    problem = a_problem(needs=needs, homes=homes, declined=frozenset({("N2", "H1")}))
    now = standing(problem, best_plan(problem))
    assert now is not None
    with pytest.raises(TooLarge, match="too large"):
        after_decline(now, "N1", "H1")
