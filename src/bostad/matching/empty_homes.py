"""For each home that stays empty, how many needs fail which rule: numbers for the report, never people."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bostad.matching.columns import Pairs, facts_of
from bostad.matching.eligibility import RULES
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem

AT_ONCE = 1_000_000


@dataclass(frozen=True)
class EmptyHome:
    """A home without a placement: how many needs it fits, and how many each rule keeps from it."""

    home: str
    fits: int
    failing: Mapping[str, int]


def empty_homes(problem: Problem, plan: Plan) -> tuple[EmptyHome, ...]:
    """Count for each empty home, in the order of the problem; a need can fail several rules, promised ones none."""
    taken = {placement.home for placement in plan.placements}
    locked = {need for need, _ in problem.locked}
    facts = facts_of(problem)
    needs = np.flatnonzero([need.need not in locked for need in problem.needs])
    homes = np.flatnonzero([home.home not in taken for home in problem.homes])
    portion = max(1, AT_ONCE // max(1, len(needs)))
    found = []
    for first in range(0, len(homes), portion):
        rows = homes[first : first + portion]
        pairs = Pairs.listed(facts, needs[:, None], rows[None, :])
        fails = {name: ~rule(pairs) for name, rule in RULES.items()}
        fits = ~np.any(list(fails.values()), axis=0)
        for column, row in enumerate(rows.tolist()):
            counts = {name: int(table[:, column].sum()) for name, table in fails.items()}
            found.append(EmptyHome(problem.homes[row].home, int(fits[:, column].sum()), counts))
    return tuple(found)
