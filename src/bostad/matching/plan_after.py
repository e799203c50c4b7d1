"""A plan with the few placements changed that a small change calls for, all others as they were."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bostad.matching import misfit
from bostad.matching.candidates import Candidates
from bostad.matching.columns import Pairs
from bostad.matching.network import NOBODY, Network
from bostad.matching.plan import Misfit, Placement, Plan
from bostad.matching.problem import Home, Need, Problem
from bostad.matching.proof import Proof
from bostad.matching.relation import Ints


def plan_after(plan: Plan, problem: Problem, proof: Proof, before: Network, after: Network) -> Plan:
    """Return a plan in which those who hold another home, or none, or one for the first time, are put right."""
    candidates = proof.candidates
    moved = np.flatnonzero(before.home_of != after.home_of)
    left, new = (moved[net.home_of[moved] != NOBODY] for net in (before, after))
    was, is_now = _parts(candidates, left, before), _parts(candidates, new, after)
    placements, place_of = list(plan.placements), _place_of(problem, candidates)
    for place in left.tolist():
        del placements[bisect_left(placements, place, key=place_of)]
    for place, part in zip(new.tolist(), is_now, strict=True):
        need, home = problem.needs[int(candidates.needs[place])], problem.homes[int(after.home_of[place])]
        at = bisect_left(placements, place, key=place_of)
        placements.insert(at, Placement(need.need, home.home, home.line, locked=False, misfit=part))
    return replace(
        plan,
        placements=tuple(placements),
        misfit=plan.misfit + sum(part.total for part in is_now) - sum(part.total for part in was),
        kept=plan.kept + _kept(problem, candidates, new, after) - _kept(problem, candidates, left, before),
        proof=proof,
    )


def row_of(rows: Sequence[Need] | Sequence[Home], name: str, field: str) -> int:
    """Return the row of a need or a home, by its id; raises ValueError for one that is not there."""
    at = bisect_left(rows, name, key=lambda row: str(getattr(row, field)))
    if at == len(rows) or getattr(rows[at], field) != name:
        message = f"there is no {field} {name}"
        raise ValueError(message)
    return at


def _place_of(problem: Problem, candidates: Candidates) -> Callable[[Placement], int]:
    """Return what finds the place in the order of whoever has a placement."""
    of_row = np.empty_like(candidates.needs)
    of_row[candidates.needs] = np.arange(len(of_row))
    return lambda placement: int(of_row[row_of(problem.needs, placement.need, "need")])


def _parts(candidates: Candidates, places: Ints, network: Network) -> list[Misfit]:
    pairs = Pairs.listed(candidates.facts, candidates.needs[places], network.home_of[places])
    return misfit.parts_of(pairs)


def _kept(problem: Problem, candidates: Candidates, places: Ints, network: Network) -> int:
    needs = (problem.needs[row].need for row in candidates.needs[places].tolist())
    homes = (problem.homes[row].home for row in network.home_of[places].tolist())
    return sum(pair in problem.current for pair in zip(needs, homes, strict=True))
