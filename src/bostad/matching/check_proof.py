"""Judge what is said to prove a plan the best, in time linear in the pairs and without the solver or its network.

For who is housed: thresholds that only fall along exchanges, and below every need without a home at each home that fits
her. What lies below her threshold is then closed: as full as can be, of needs before her alone.
For who gets what: prices with which no step of an exchange costs less than nothing, so that no round of steps does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bostad.matching.check_misfit import Costs
from bostad.matching.check_tree import Tree, tree_of
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.proof import FREE, Proof
from bostad.matching.relation import Ints


class Steps(NamedTuple):
    """Every step that an exchange can take: from, to, and the number of the pair that it makes use of, or -1."""

    before: Ints
    after: Ints
    pair: Ints


@dataclass(frozen=True)
class Pairs:
    """The pairs of a proof: each one's place and home, and the home that the need holds in the plan, or -1."""

    place: Ints
    home: Ints
    held: Ints


def proof_faults(problem: Problem, plan: Plan, proof: Proof) -> Iterator[str]:
    """Say what is wrong with the proof of a plan; the plan must have been found to keep every rule."""
    taken = [number for number in homes_by_place(problem, plan, proof.candidates.needs).tolist() if number >= 0]
    tree = tree_of(problem, taken, proof.names)
    if tree is None or {len(proof.threshold), len(proof.number), len(proof.price)} != {len(tree.above) + 1}:
        yield "the proof is not about this problem"
        return
    home_of = homes_by_place(problem, plan, proof.candidates.needs)
    listed = proof.candidates
    place = np.repeat(np.arange(len(listed.needs)), np.diff(listed.start))
    pairs = Pairs(place, listed.homes.astype(np.int64), home_of[place])
    if (pairs.held == pairs.home).sum() != (home_of >= 0).sum():
        yield "the proof does not know every pair that is in the plan"
        return
    steps = steps_of(pairs, tree)
    yield from _who(proof, pairs, home_of, steps)
    yield from _which(problem, proof, pairs, steps)


def _who(proof: Proof, pairs: Pairs, home_of: Ints, steps: Steps) -> Iterator[str]:
    threshold, housed = proof.threshold, np.flatnonzero(home_of >= 0)
    if threshold[-1] != FREE or (threshold[steps.before] < threshold[steps.after]).any():
        yield "the proof of who is housed fails: an exchange leads past a threshold"
    if (threshold[home_of[housed]] < housed).any():
        yield "the proof of who is housed fails: the threshold of a home is before the need that holds it"
    waiting = pairs.held < 0
    if (threshold[pairs.home[waiting]] >= pairs.place[waiting]).any():
        yield "a need without a home could have one, and nobody before her in the order would lose hers"


def _which(problem: Problem, proof: Proof, pairs: Pairs, steps: Steps) -> Iterator[str]:
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


def homes_by_place(problem: Problem, plan: Plan, needs: Ints) -> Ints:
    """Return for each place in the order the home that the need has, or -1; promises are not among them."""
    need_row = {need.need: number for number, need in enumerate(problem.needs)}
    home_row = {home.home: number for number, home in enumerate(problem.homes)}
    by_need = np.full(len(problem.needs), -1, dtype=np.int64)
    for placement in plan.placements:
        if not placement.locked:
            by_need[need_row[placement.need]] = home_row[placement.home]
    return by_need[needs]


def steps_of(pairs: Pairs, tree: Tree) -> Steps:
    """List the steps: from a held home to those that fit its holder, up from what has room, down to what is in use."""
    moves = np.flatnonzero(pairs.held >= 0)
    ups, downs = np.flatnonzero(tree.used < tree.cap), np.flatnonzero(tree.used > 0)
    return Steps(
        np.concatenate([pairs.held[moves], ups, tree.above[downs]]),
        np.concatenate([pairs.home[moves], tree.above[ups], downs]),
        np.concatenate([moves, np.full(len(ups) + len(downs), -1)]),
    )
