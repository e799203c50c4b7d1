"""A plan kept with all that was worked out for it, so that a decline is a chain or two and not a new run.

Prices prove the plan inside each class of exchanges. Raised by class, so far that no step down to another class costs
less than nothing, they prove it in the whole network of exchanges. Whoever has to leave a home then goes where the
cheapest chain leads: to another home of its class, and nobody else gains or loses a place; or else she takes the place
of the one who goes out, if anybody comes after her, and whoever comes in fills the home by a chain of her own.
"""

from dataclasses import dataclass, replace

import numpy as np

from bostad.matching.candidates import Candidates
from bostad.matching.exchange import classes_of
from bostad.matching.filling import fill
from bostad.matching.housing import chains_of
from bostad.matching.moves import Moves
from bostad.matching.network import NOBODY, Network, building_caps, nested_caps, network_of
from bostad.matching.newcomers import first_to, put_out_by
from bostad.matching.plan import Plan
from bostad.matching.plan_after import plan_after, row_of
from bostad.matching.problem import Problem
from bostad.matching.proof import Proof
from bostad.matching.relation import Ints, Relation
from bostad.matching.tight import Cost, cost_in, current_of
from bostad.matching.which import LARGEST, TooLarge


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
    moves = Moves.of(network, candidates, cost_in(candidates, current_of(problem)))
    return Standing(problem, plan, plan.proof, network, moves)


def after_decline(now: Standing, need: str, home: str) -> Standing:
    """Return the best plan when a pair is never to be.

    Who is housed and the misfit are those of `best_plan`. Raises ValueError for a need or a home that is not there, and
    TooLarge where prices cannot be raised in 64 bits.
    """
    problem = now.problem.also_declined(need, home)
    need_row, home_row = row_of(problem.needs, need, "need"), row_of(problem.homes, home, "home")
    place = int(np.flatnonzero(now.candidates.needs == need_row)[0])
    proof = replace(now.proof, candidates=_without(now.candidates, place, home_row))
    moves = now.moves.without(place, home_row)
    if now.network.home_of[place] != home_row:
        return Standing(problem, replace(now.plan, proof=proof), proof, now.network, moves)
    network, price = now.network.copy(), _raised(proof.price, proof.number, moves)
    moves, price = _mend(place, network, proof, moves, price, cost_in(proof.candidates, current_of(problem)))
    classes = classes_of(chains_of(network, proof.candidates))
    proof = replace(
        proof,
        threshold=classes.threshold,
        number=classes.number,
        price=price - price[_one_of_each(classes.number)][classes.number],
    )
    return Standing(problem, plan_after(now.plan, problem, proof, now.network, network), proof, network, moves)


def _mend(place: int, network: Network, proof: Proof, moves: Moves, price: Ints, cost: Cost) -> tuple[Moves, Ints]:
    """Let everybody have the home of the best plan once a need has to leave hers; return the moves and prices then."""
    goal = int(network.home_of[place])
    chains = chains_of(network, proof.candidates)
    out = put_out_by(place, proof.candidates.of(place), goal, proof)
    newcomer = place if out == NOBODY else first_to(goal, chains, proof)
    if newcomer not in {NOBODY, place}:
        moves = moves.with_those_of(newcomer, proof.candidates.of(newcomer), cost)
    _leave(place, network)
    if out not in {NOBODY, place}:
        price = fill(_leave(out, network), place, chains, moves, price)
    return moves, fill(goal, newcomer, chains, moves, price)


def _leave(place: int, network: Network) -> int:
    """Take a need out of her home, which counts as in use until it is filled; return the home."""
    home = int(network.home_of[place])
    network.holder[home] = network.home_of[place] = NOBODY
    return home


def _raised(price: Ints, number: Ints, moves: Moves) -> Ints:
    """Return prices with which no step costs less than nothing, those to lower classes included; raises TooLarge."""
    apart = int(np.ptp(price)) + max(int(moves.cost.max(initial=0)), -int(moves.cost.min(initial=0))) + 1
    if apart * (int(number.max()) + 2) > LARGEST:
        raise TooLarge("prices are too large to be raised by class; no plan is made")
    return price + apart * number


def _one_of_each(number: Ints) -> Ints:
    """Return for each class a node of it."""
    found = np.empty(int(number.max()) + 1, dtype=np.int64)
    found[number] = np.arange(len(number))
    return found


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
