"""A plan kept with all that was worked out for it, so that a decline is a matter of one chain and not of a new run.

Whoever has to leave a home can mostly have another inside the class of exchanges that it belongs to. Then nobody else
gains or loses a place: the cheapest chain from her other homes to the one she leaves is the whole change, and lowering
prices along it makes them prove the new plan as they proved the old one (the step of successive shortest paths).
"""

from dataclasses import dataclass, replace

import numpy as np

from bostad.matching.candidates import Candidates
from bostad.matching.exchange import classes_of
from bostad.matching.housing import chains_of, move_along
from bostad.matching.network import NOBODY, Network, building_caps, nested_caps, network_of
from bostad.matching.plan import Plan
from bostad.matching.plan_after import plan_after, row_of
from bostad.matching.prices import Moves, moves_of
from bostad.matching.problem import Problem
from bostad.matching.proof import Proof
from bostad.matching.relation import Ints, Relation
from bostad.matching.replan import solve_on, take_out
from bostad.matching.tight import cost_in, current_of, tight_pairs
from bostad.matching.way_back import NOWHERE, way_back

NEVER = 2**40
"""What a move costs that is not to be."""


@dataclass(frozen=True)
class Standing:
    """The best plan of a problem without side rules, and what proves it, ready for the next decline."""

    problem: Problem
    plan: Plan
    proof: Proof
    network: Network
    moves: Moves

    @property
    def candidates(self) -> Candidates:
        """The pairs that fit."""
        return self.proof.candidates


def standing(problem: Problem, plan: Plan) -> Standing | None:
    """Return a plan ready for declines; None where kept-apart pairs or buildings over several lines could bite."""
    if plan.proof is None or problem.apart or len(building_caps(problem)) > len(nested_caps(problem)):
        return None
    candidates = plan.proof.candidates
    network = network_of(problem)
    network.put(*_held(problem, plan, candidates))
    pairs = tight_pairs(network, plan.proof.number, candidates, cost_in(candidates, current_of(problem)))
    return Standing(problem, plan, plan.proof, network, moves_of(chains_of(network, candidates), pairs))


def after_decline(now: Standing, need: str, home: str) -> Standing:
    """Return the best plan when a pair is never to be.

    Who is housed and the misfit are those of `best_plan`. Raises ValueError for a need or a home that is not there.
    """
    problem = now.problem.also_declined(need, home)
    need_row, home_row = row_of(problem.needs, need, "need"), row_of(problem.homes, home, "home")
    place = int(np.flatnonzero(now.candidates.needs == need_row)[0])
    candidates = _without(now.candidates, place, home_row)
    if now.network.home_of[place] != home_row:
        proof = replace(now.proof, candidates=candidates)
        return replace(now, problem=problem, plan=replace(now.plan, proof=proof), proof=proof)
    return _with_another_home(now, problem, candidates, place) or _by_exchange(now, problem, candidates, place)


def _by_exchange(now: Standing, problem: Problem, candidates: Candidates, place: int) -> Standing:
    """Mend the plan where she cannot have another home without others losing or gaining one."""
    network = now.network.copy()
    take_out(network, place)
    cost = cost_in(candidates, current_of(problem))
    solved, pairs = solve_on(network, candidates, cost, now.proof.price)
    proof = replace(
        now.proof,
        candidates=candidates,
        threshold=solved.classes.threshold,
        number=solved.classes.number,
        price=solved.price,
    )
    moves = moves_of(chains_of(network, candidates), pairs)
    return Standing(problem, plan_after(now.plan, problem, proof, now.network, network), proof, network, moves)


def _with_another_home(now: Standing, problem: Problem, candidates: Candidates, place: int) -> Standing | None:
    network, goal = now.network.copy(), int(now.network.home_of[place])
    network.holder[goal] = network.home_of[place] = NOBODY
    moves = _never(now.moves, place, goal)
    chains = chains_of(network, candidates)
    trip = way_back(place, goal, chains, moves, now.proof.number, now.proof.price)
    if trip.far[goal] >= NEVER:
        return None
    path = [goal]
    while (node := int(trip.came_from[path[-1]])) != NOWHERE:
        path.append(node)
    move_along(place, len(path), chains, np.array([NOBODY, *reversed(path)], dtype=np.int64))
    network.used[goal] = network.holder[goal] != NOBODY
    classes = classes_of(chains)
    price = now.proof.price + np.minimum(trip.far - trip.far[goal], 0)
    proof = replace(now.proof, candidates=candidates, threshold=classes.threshold, number=classes.number, price=price)
    plan = plan_after(now.plan, problem, proof, now.network, network)
    moved = np.flatnonzero(network.home_of != now.network.home_of)
    return Standing(problem, plan, proof, network, _moved(moves, network, moved))


def _held(problem: Problem, plan: Plan, candidates: Candidates) -> tuple[Ints, Ints]:
    """Return the places of those housed, and their homes; promises are not among them."""
    rows = {home.home: row for row, home in enumerate(problem.homes)}
    given = {placement.need: rows[placement.home] for placement in plan.placements if not placement.locked}
    by_need = np.array([given.get(need.need, NOBODY) for need in problem.needs], dtype=np.int64)
    home_of = by_need[candidates.needs]
    places = np.flatnonzero(home_of != NOBODY)
    return places, home_of[places]


def _without(candidates: Candidates, place: int, home: int) -> Candidates:
    """Return the pairs that fit without one of them, if it is among them."""
    first = int(candidates.start[place])
    at = first + np.flatnonzero(candidates.homes[first : candidates.start[place + 1]] == home)
    start = candidates.start.copy()
    start[place + 1 :] -= len(at)
    need = int(candidates.needs[place])
    declined = candidates.facts.declined
    keys = np.union1d(declined.keys, [need * declined.width + home])
    facts = replace(candidates.facts, declined=Relation(keys, declined.width))
    return replace(candidates, start=start, homes=np.delete(candidates.homes, at), facts=facts)


def _never(moves: Moves, place: int, home: int) -> Moves:
    """Return the moves with one that is not to be."""
    cost = moves.cost.copy()
    span = np.arange(moves.start[place], moves.start[place + 1])
    cost[span[moves.home[span] == home]] = NEVER
    return moves._replace(cost=cost)


def _moved(moves: Moves, network: Network, moved: Ints) -> Moves:
    """Count what moves cost from the homes that needs hold now; the costs are a copy already."""
    for place in moved.tolist():
        span = slice(moves.start[place], moves.start[place + 1])
        moves.cost[span] -= moves.cost[span][moves.home[span] == network.home_of[place]][0]
    return moves
