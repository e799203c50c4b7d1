"""Small exact models around a conflict: some needs, the homes they may have, and every rule between them (CP-SAT).

One worker, a fixed seed and a limit in the solver's own deterministic time: the same input gives the same answer on any
computer, however busy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from ortools.sat.python import cp_model

from bostad.matching.limits import Core, limits_of
from bostad.matching.network import Network
from bostad.matching.relation import Ints
from bostad.matching.side_rules import SideRules

EFFORT = 10.0
"""Deterministic seconds for all models of one question together; about as many real ones."""
ONE_MODEL = 0.5
"""The most that one model may take of them."""
LEAST = 0.001
"""What a model takes at least, for building it is work too."""


@dataclass
class Budget:
    """The effort that is left for a question, in deterministic seconds."""

    left: float


class Answer(Enum):
    """What a model says."""

    FOUND = "found"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """The answer, and the row of the pair that each need gets where there is one; `proven` that no other is cheaper."""

    answer: Answer
    rows: Ints
    proven: bool = True


def settle(
    core: Core, network: Network, rules: SideRules, budget: Budget, hint: Mapping[int, int] | None = None
) -> Found:
    """House every need of a core with every rule kept, as cheaply as can be where costs are given."""
    if budget.left <= 0:
        return Found(Answer.UNKNOWN, np.zeros(0, dtype=np.int64), proven=False)
    model = cp_model.CpModel()

    # Each need gets exactly one of her pairs.
    chosen = [model.new_bool_var("") for _ in core.place]
    for rows in np.split(np.arange(len(core.place)), np.flatnonzero(np.diff(core.place)) + 1):
        model.add_exactly_one(chosen[row] for row in rows)

    # Homes, quotas, caps, buildings and areas hold no more than they can.
    limits = limits_of(core, network, rules)
    for number, most in enumerate(limits.most.tolist()):
        some = [chosen[row] for row in limits.rows(number)]
        if most == 1:
            model.add_at_most_one(some)
        else:
            model.add(cp_model.LinearExpr.sum(some) <= most)

    if core.cost is not None:
        model.minimize(sum(int(cost) * variable for cost, variable in zip(core.cost, chosen, strict=True)))
    for row, value in (hint or {}).items():
        model.add_hint(chosen[row], value)
    return _solve(model, chosen, budget, budget.left if hint else min(ONE_MODEL, budget.left))


def _solve(model: cp_model.CpModel, chosen: list[cp_model.IntVar], budget: Budget, limit: float) -> Found:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = limit
    status = solver.solve(model)
    budget.left -= max(LEAST, solver.response_proto.deterministic_time)
    if status == cp_model.INFEASIBLE:
        return Found(Answer.NONE, np.zeros(0, dtype=np.int64))
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Found(Answer.UNKNOWN, np.zeros(0, dtype=np.int64), proven=False)
    rows = np.flatnonzero([solver.boolean_value(variable) for variable in chosen])
    return Found(Answer.FOUND, rows, proven=status == cp_model.OPTIMAL)
