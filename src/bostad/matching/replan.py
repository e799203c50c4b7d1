"""A plan after a small change, from the plan before it: what still holds stays, and exchanges mend the rest.

Whatever pairs can be kept are put back. Then, as long as somebody waits who comes before one she could put out, the
first of them goes in and the last whom her exchanges come to goes out. That ends at the one best set, for it is a
matroid's. Homes change hands only in classes where the prices from before no longer hold.
"""

import numpy as np

from bostad.matching.candidates import Candidates, Lists, open_pairs
from bostad.matching.compiled import compiled
from bostad.matching.exchange import Classes, classes_of
from bostad.matching.housing import Chains, a_search, chains_of, find_way_out, move_along
from bostad.matching.network import NOBODY, Network, network_of
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.proof import FREE, Proof
from bostad.matching.relation import Ints
from bostad.matching.side_rules import side_rules_of
from bostad.matching.solve import Solved, best_plan, plan_of
from bostad.matching.tight import Cost, TightPairs, cost_in, current_of, tight_pairs
from bostad.matching.which import give_cheapest


def best_plan_after(was: Problem, before: Plan, now: Problem, allowed: Candidates | None = None) -> Plan:
    """Return the best plan of a problem, starting from the best plan of one that was almost the same.

    Who is housed and the misfit are those of `best_plan`; of plans that are equally good it may be another. Where side
    rules bite, in either problem, it starts from nothing.
    """
    candidates = open_pairs(now) if allowed is None else allowed
    if before.proof is None:
        return best_plan(now, candidates)
    network = network_of(now)
    _put_back(before, now, candidates, network)
    cost = cost_in(candidates, current_of(now))
    solved = _solve_on(network, candidates, cost, _prices_before(was, before.proof, now, network))
    if not side_rules_of(now, candidates).kept_by(network.home_of, candidates):
        return best_plan(now, candidates)
    return plan_of(now, candidates, solved)


def _solve_on(network: Network, candidates: Lists, cost: Cost, price: Ints) -> Solved:
    """Make the best of a network in which some hold homes already; `price` is by node, from the plan before."""
    chains = chains_of(network, candidates)
    classes = _mend(network, chains)
    tight = tight_pairs(network, classes.number, candidates, cost)
    unsettled = _unsettled(network, classes, tight, price)
    anew = give_cheapest(network, classes, tight[np.isin(tight.number, unsettled)])
    return Solved(network, classes, np.where(np.isin(classes.number, unsettled), anew, price))


def _prices_before(was: Problem, proof: Proof, now: Problem, network: Network) -> Ints:
    """Return what each node of the network cost before; 0 for those that are new."""
    names = [*(("home", home.home) for home in was.homes), *proof.names, ("out", "")]
    known = dict(zip(names, proof.price.tolist(), strict=True))
    nodes = [*(("home", home.home) for home in now.homes), *network.names, ("out", "")]
    return np.array([known.get(node, 0) for node in nodes], dtype=np.int64)


def _put_back(before: Plan, problem: Problem, candidates: Candidates, network: Network) -> None:
    """Let those hold a home who held it before, as far as it still fits and there is room; first in the order first."""
    place_of = {problem.needs[row].need: place for place, row in enumerate(candidates.needs.tolist())}
    home_row = {home.home: row for row, home in enumerate(problem.homes)}
    left = network.cap.copy()
    places, homes = [], []
    for placement in before.placements:
        place, home = place_of.get(placement.need), home_row.get(placement.home)
        if place is None or home is None or home not in candidates.of(place):
            continue
        way = _way_out_of(home, network)
        if (left[way] > 0).all():
            left[way] -= 1
            places.append(place)
            homes.append(home)
    network.put(np.array(places, dtype=np.int64), np.array(homes, dtype=np.int64))


def _way_out_of(home: int, network: Network) -> Ints:
    way = [home]
    while (node := int(network.above[way[-1]])) < network.out:
        way.append(node)
    return np.array(way, dtype=np.int64)


def _mend(network: Network, chains: Chains) -> Classes:
    """Let in whoever waits before somebody she can put out, the first in the order first, until there is nobody."""
    while True:
        classes = classes_of(chains)
        place, puts_out = _first_in(chains, classes.threshold)
        if place == NOBODY:
            return classes
        if puts_out != FREE:
            _take_out(network, puts_out)
        search = a_search(chains)
        length, _ = find_way_out(place, 1, chains, search)
        move_along(place, length, chains, search.path)


@compiled
def _first_in(chains: Chains, threshold: Ints) -> tuple[int, int]:
    """Return the first who waits and could have a home, and the place of whom she would put out (FREE for nobody)."""
    for place in range(len(chains.home_of)):
        if chains.home_of[place] < 0:
            last = -1
            for at in range(chains.start[place], chains.start[place + 1]):
                last = max(last, threshold[chains.homes[at]])
            if last > place:
                return place, last
    return -1, -1


def _take_out(network: Network, place: int) -> None:
    """Let a need give up the home that it holds."""
    home = int(network.home_of[place])
    network.holder[home] = network.home_of[place] = NOBODY
    network.used[_way_out_of(home, network)] -= 1


def _unsettled(network: Network, classes: Classes, tight: TightPairs, price: Ints) -> Ints:
    """Return the numbers of the classes in which a step now costs less than nothing at the prices from before."""
    own = np.zeros(len(network.home_of), dtype=np.int64)
    held = network.home_of[tight.place] == tight.home
    own[tight.place[held]] = tight.cost[held]
    moves = price[network.home_of[tight.place]] + tight.cost - own[tight.place] < price[tight.home]
    number, above, nodes = classes.number, network.above, np.arange(network.out)
    inside = number[nodes] == number[above]
    up = inside & (network.left > 0) & (price[above] > price[nodes])
    down = inside & (network.used > 0) & (price[nodes] > price[above])
    return np.unique(np.concatenate([tight.number[moves], number[nodes[up | down]]]))
