"""What a run thinks between reading and writing: a plan, its reasons, and what is wrong with it. Worker only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bostad.matching.candidates import open_pairs
from bostad.matching.check import faults
from bostad.matching.considered import Considered, considered
from bostad.matching.empty_homes import EmptyHome, empty_homes
from bostad.matching.explain import unplaced
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.reasons import Unplaced
from bostad.matching.solve import best_plan
from bostad.placements.run_states import RunStage


class PlanAtFault(Exception):
    """The checker found something wrong with a plan, which is therefore not written. It says which rule, not whose."""


class Watch(Protocol):
    """What hears that a stage begins: it keeps the time, and tells whoever waits."""

    def __call__(self, stage: RunStage) -> None:
        """Hear of it."""


@dataclass(frozen=True, slots=True)
class Thought:
    """A plan that passed the checker, and what is to be said about it."""

    plan: Plan
    reasons: Sequence[Unplaced]
    homes: Mapping[str, tuple[Considered, ...]]
    empty: Sequence[EmptyHome]


def think(problem: Problem, watch: Watch) -> Thought:
    """Find the best plan and its reasons; PlanAtFault if the plan does not pass the checker."""
    watch(RunStage.ELIGIBILITY)
    candidates = open_pairs(problem)
    watch(RunStage.SOLVE)
    plan = best_plan(problem, candidates)
    watch(RunStage.EXPLAIN)
    thought = Thought(plan, unplaced(problem, plan, candidates), considered(problem, plan), empty_homes(problem, plan))
    watch(RunStage.CHECK)
    wrong = faults(problem, plan)
    if wrong:
        raise PlanAtFault(f"{len(wrong)} faults")
    return thought
