"""What a run thinks between reading and writing: a plan, its reasons, and what is wrong with it. Worker only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from bostad.matching.candidates import open_pairs
from bostad.matching.check import faults
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.solve import best_plan
from bostad.placements.run_states import RunStage
from bostad.placements.telling import Part, Told, tell


class PlanAtFault(Exception):
    """The checker found something wrong with a plan, which is therefore not written. It says which rule, not whose."""


class Watch(Protocol):
    """What hears that a stage begins: it keeps the time, and tells whoever waits."""

    def __call__(self, stage: RunStage) -> None:
        """Hear of it."""


@dataclass(frozen=True, slots=True)
class Thought:
    """A plan that passed the checker, and what is said about it to each board."""

    plan: Plan
    told: Told


def think(problem: Problem, parts: Mapping[UUID, Part], watch: Watch) -> Thought:
    """Find the best plan and its reasons; PlanAtFault if the plan does not pass the checker."""
    watch(RunStage.ELIGIBILITY)
    candidates = open_pairs(problem)
    watch(RunStage.SOLVE)
    plan = best_plan(problem, candidates)
    watch(RunStage.EXPLAIN)
    thought = Thought(plan, tell(problem, plan, candidates, parts))
    watch(RunStage.CHECK)
    wrong = faults(problem, plan)
    if wrong:
        raise PlanAtFault(f"{len(wrong)} faults")
    return thought
