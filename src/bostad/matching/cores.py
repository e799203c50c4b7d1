"""Small exact models around a conflict: some needs, the homes they may have, and every rule between them (CP-SAT).

One worker, a fixed seed and a limit in the solver's own deterministic time: the same input gives the same answer on any
computer, however busy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from ortools.sat.python import cp_model

from bostad.matching.network import Network
from bostad.matching.relation import Ints
from bostad.matching.side_rules import KeptApart, SideRules

EFFORT = 3.0
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
class Core:
    """Needs that must each get one of these pairs, and the room that others leave: by node, by building."""

    place: Ints
    home: Ints
    room: Ints
    building_room: Ints
    cost: Ints | None = None


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
    for rows in _grouped(core.place):
        model.add_exactly_one(chosen[row] for row in rows)

    # A home goes to one need; nodes above the homes hold no more than they have room for.
    for rows in _grouped(core.home):
        model.add_at_most_one(chosen[row] for row in rows)
    node, row_of = _passed(network, core.home)
    for at in _grouped(node):
        model.add(sum(chosen[row] for row in row_of[at]) <= int(core.room[node[at[0]]]))

    # Buildings that are no node hold no more than their caps.
    building = rules.building[core.home]
    capped = np.flatnonzero(building >= 0)
    for rows in _grouped(building[capped]):
        room = int(core.building_room[building[capped[rows[0]]]])
        model.add(sum(chosen[row] for row in capped[rows]) <= room)

    # Two who are kept apart never get homes in the same area.
    for rule in rules.apart:
        for together in _areas(rule, core):
            model.add_at_most_one(chosen[row] for row in together)

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


def _passed(network: Network, homes: Ints) -> tuple[Ints, Ints]:
    """Return every node above each home, beside the home's position."""
    nodes, positions = [], []
    node, position = network.above[homes], np.arange(len(homes))
    while len(node):
        nodes.append(node)
        positions.append(position)
        node = network.above[node]
        position, node = position[node < network.out], node[node < network.out]
    return np.concatenate(nodes), np.concatenate(positions)


def _grouped(keys: Ints) -> list[Ints]:
    """Return the rows of each key."""
    in_turn = np.argsort(keys, kind="stable")
    return [rows for rows in np.split(in_turn, np.flatnonzero(np.diff(keys[in_turn])) + 1) if len(rows)]


def _areas(rule: KeptApart, core: Core) -> Iterable[list[int]]:
    """Return for each area in which both could live the rows that lie there; an unknown one is its municipality."""
    mine, others = (
        {row: rule.area[core.home[row]] for row in np.flatnonzero(core.place == place).tolist()}
        for place in (rule.one, rule.other)
    )
    for one, two in ((mine, others), (others, mine)):
        for town, name in sorted(set(one.values()), key=str):
            here = [row for row, area in one.items() if area == (town, name)]
            there = [
                row
                for row, (other_town, other) in two.items()
                if other_town == town and (name is None or other is None or other == name)
            ]
            if there:
                yield here + there
