"""Judge what is said to prove a plan the best, in time linear in the pairs and without the solver or its network.

For who is housed: thresholds that only fall along exchanges, and below every need without a home at each home that fits
her. What lies below her threshold is then closed: as full as can be, of needs before her alone.
For who gets what: prices with which no step of an exchange costs less than nothing, so that no round of steps does.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bostad.matching.check_misfit import Costs
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem, name_key
from bostad.matching.proof import FREE, Proof
from bostad.matching.relation import Ints

_NO_LIMIT = 10**12


class _Tree(NamedTuple):
    """By node: what it stands under, how many placements it may hold beside promised ones, and how many it holds."""

    above: Ints
    cap: Ints
    used: Ints


class _Steps(NamedTuple):
    """Every step that an exchange can take: from, to, and the number of the pair that it makes use of, or -1."""

    before: Ints
    after: Ints
    pair: Ints


@dataclass(frozen=True)
class _Pairs:
    """The pairs of a proof: each one's place and home, and the home that the need holds in the plan, or -1."""

    place: Ints
    home: Ints
    held: Ints


def proof_faults(problem: Problem, plan: Plan, proof: Proof) -> Iterator[str]:
    """Say what is wrong with the proof of a plan; the plan must have been found to keep every rule."""
    tree = _tree(problem, plan, proof)
    if tree is None or {len(proof.threshold), len(proof.number), len(proof.price)} != {len(tree.above) + 1}:
        yield "the proof is not about this problem"
        return
    home_of = _homes_by_place(problem, plan, proof)
    listed = proof.candidates
    place = np.repeat(np.arange(len(listed.needs)), np.diff(listed.start))
    pairs = _Pairs(place, listed.homes.astype(np.int64), home_of[place])
    if (pairs.held == pairs.home).sum() != (home_of >= 0).sum():
        yield "the proof does not know every pair that is in the plan"
        return
    steps = _steps(pairs, tree)
    yield from _who(proof, pairs, home_of, steps)
    yield from _which(problem, proof, pairs, steps)


def _who(proof: Proof, pairs: _Pairs, home_of: Ints, steps: _Steps) -> Iterator[str]:
    threshold, housed = proof.threshold, np.flatnonzero(home_of >= 0)
    if threshold[-1] != FREE or (threshold[steps.before] < threshold[steps.after]).any():
        yield "the proof of who is housed fails: an exchange leads past a threshold"
    if (threshold[home_of[housed]] < housed).any():
        yield "the proof of who is housed fails: the threshold of a home is before the need that holds it"
    waiting = pairs.held < 0
    if (threshold[pairs.home[waiting]] >= pairs.place[waiting]).any():
        yield "a need without a home could have one, and nobody before her in the order would lose hers"


def _which(problem: Problem, proof: Proof, pairs: _Pairs, steps: _Steps) -> Iterator[str]:
    level = proof.number
    if (level[steps.before] < level[steps.after]).any():
        yield "the proof of who gets what fails: an exchange leads to a class above its own"
    inside = level[steps.before] == level[steps.after]
    before, after, pair = (array[inside] for array in steps)
    moves = np.flatnonzero(pair >= 0)
    need, home = proof.candidates.needs[pairs.place[pair[moves]]], pairs.home[pair[moves]]
    costs = Costs(problem, need)
    cost = np.zeros(len(before), dtype=np.int64)
    cost[moves] = costs.of(need, home) - costs.of(need, before[moves])
    if (proof.price[after] > proof.price[before] + cost).any():
        yield "homes could change hands, with nobody put out, at less misfit"


def _tree(problem: Problem, plan: Plan, proof: Proof) -> _Tree | None:
    """Build what stands above the homes, from the problem; None if the proof's names do not say what they should."""
    row = {home.home: number for number, home in enumerate(problem.homes)}
    node = {name: len(row) + number for number, name in enumerate(proof.names)}
    if not all(("line", line.line) in node and ("agreement", line.agreement) in node for line in problem.lines):
        return None
    above, cap = np.full(len(row) + len(node), len(row) + len(node)), np.ones(len(row) + len(node), dtype=np.int64)
    building_cap: dict[str, int] = {}
    lines = {line.line: line for line in problem.lines}
    for line in problem.lines:
        above[node["line", line.line]] = node["agreement", line.agreement]
        cap[node["line", line.line]] = line.quota
        cap[node["agreement", line.agreement]] = _NO_LIMIT if line.agreement_cap is None else line.agreement_cap
    for number, home in enumerate(problem.homes):
        above[number] = node["line", home.line]
        building = node.get(("building", f"{home.municipality}/{name_key(home.building or '')}"))
        if home.building and building is not None:
            if above[building] not in {len(above), above[number]}:
                return None
            above[building], above[number] = above[number], building
        limit = lines[home.line].building_cap
        if home.building and building is not None and limit is not None:
            name = proof.names[building - len(row)][1]
            building_cap[name] = min(limit, building_cap.get(name, limit))
    for name, limit in building_cap.items():
        cap[node["building", name]] = limit
    locked = _through([row[home] for _, home in problem.locked], above)
    new = [row[placement.home] for placement in plan.placements if not placement.locked]
    used = _through(new, above)
    for at, count in locked.items():
        cap[at] = max(0, cap[at] - count) if at >= len(row) else cap[at]
    return _Tree(above, cap, np.array([used[at] for at in range(len(above))], dtype=np.int64))


def _through(homes: list[int], above: Ints) -> Counter[int]:
    """Count what passes each node on its way out from these homes."""
    passed: Counter[int] = Counter()
    for node in homes:
        at = node
        while at < len(above):
            passed[at] += 1
            at = int(above[at])
    return passed


def _homes_by_place(problem: Problem, plan: Plan, proof: Proof) -> Ints:
    """Return for each place in the order the home that the need has, or -1; promises are not among them."""
    need_row = {need.need: number for number, need in enumerate(problem.needs)}
    home_row = {home.home: number for number, home in enumerate(problem.homes)}
    by_need = np.full(len(problem.needs), -1, dtype=np.int64)
    for placement in plan.placements:
        if not placement.locked:
            by_need[need_row[placement.need]] = home_row[placement.home]
    return by_need[proof.candidates.needs]


def _steps(pairs: _Pairs, tree: _Tree) -> _Steps:
    """List the steps: from a held home to those that fit its holder, up from what has room, down to what is in use."""
    moves = np.flatnonzero(pairs.held >= 0)
    ups, downs = np.flatnonzero(tree.used < tree.cap), np.flatnonzero(tree.used > 0)
    return _Steps(
        np.concatenate([pairs.held[moves], ups, tree.above[downs]]),
        np.concatenate([pairs.home[moves], tree.above[ups], downs]),
        np.concatenate([moves, np.full(len(ups) + len(downs), -1)]),
    )
