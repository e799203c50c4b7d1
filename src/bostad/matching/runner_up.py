"""The home that each placed need would have had next, and what all the changes it calls for would cost together."""

from collections import defaultdict
from collections.abc import Mapping
from heapq import heappop, heappush

import numpy as np

from bostad.matching.network import Network
from bostad.matching.relation import Ints
from bostad.matching.tight import TightPairs

EXACT_UP_TO = 5_000
"""Needs; beyond this only the least that a change can cost is told, and the exact cost of one on request."""


def nearest(network: Network, pairs: TightPairs, price: Ints) -> dict[int, tuple[int, int]]:
    """Return by place the home with the least reduced cost beside her own, and that cost: the change costs no less."""
    adds = added_by(network, pairs, price)
    other = np.flatnonzero(network.home_of[pairs.place] != pairs.home)
    in_turn = other[np.lexsort([pairs.home[other], adds[other], pairs.place[other]])]
    _, first = np.unique(pairs.place[in_turn], return_index=True)
    rows = in_turn[first]
    return {
        place: (home, least)
        for place, home, least in zip(
            pairs.place[rows].tolist(), pairs.home[rows].tolist(), adds[rows].tolist(), strict=True
        )
    }


def added_by(network: Network, pairs: TightPairs, price: Ints) -> Ints:
    """Return by how much each pair raises the cost of any plan that it is in, at least: its reduced cost."""
    own = np.zeros(len(network.home_of), dtype=np.int64)
    held = network.home_of[pairs.place] == pairs.home
    own[pairs.place[held]] = pairs.cost[held]
    return price[network.home_of[pairs.place]] + pairs.cost - own[pairs.place] - price[pairs.home]


class Swaps:
    """The steps that homes can change hands by, each with its reduced cost, to ask what a change costs exactly."""

    def __init__(self, network: Network, number: Ints, pairs: TightPairs, price: Ints) -> None:
        """Write the steps out."""
        self._network = network
        self._steps: dict[int, list[tuple[int, int]]] = defaultdict(list)
        own = network.home_of[pairs.place]
        adds = added_by(network, pairs, price)
        for node, step, cost in zip(own.tolist(), pairs.home.tolist(), adds.tolist(), strict=True):
            self._steps[node].append((step, cost))
        nodes = np.arange(network.out)
        inside = number[nodes] == number[network.above]
        for node in np.flatnonzero(inside & (network.left > 0)).tolist():
            above = int(network.above[node])
            self._steps[node].append((above, int(price[node] - price[above])))
        for node in np.flatnonzero(inside & (network.used > 0)).tolist():
            above = int(network.above[node])
            self._steps[above].append((node, int(price[above] - price[node])))

    def cost(self, place: int, home: int, least: int) -> int | None:
        """Return what it costs to give the need this home, with `least` its reduced cost; None if there is no way back.

        The home's holder and all after her move along the cheapest chain that ends in the home she leaves (Dijkstra).
        """
        goal = int(self._network.home_of[place])
        queue, settled = [(least, home)], set()
        while queue:
            far, node = heappop(queue)
            if node == goal:
                return far
            if node not in settled:
                settled.add(node)
                for step, cost in self._steps[node]:
                    heappush(queue, (far + cost, step))
        return None


def runner_ups(
    network: Network, number: Ints, pairs: TightPairs, price: Ints, *, exact: bool
) -> Mapping[int, tuple[int, int]]:
    """Return by place the home a need would have had next, and its extra cost: exact, or the least it can be."""
    found = nearest(network, pairs, price)
    if not exact:
        return found
    swaps = Swaps(network, number, pairs, price)
    costs = {place: (home, swaps.cost(place, home, least)) for place, (home, least) in found.items()}
    return {place: (home, cost) for place, (home, cost) in costs.items() if cost is not None}
