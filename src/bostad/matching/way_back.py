"""The cheapest way to fill a home that its holder has to leave, when she takes another and nobody is put out."""

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from bostad.matching.compiled import compiled
from bostad.matching.housing import Chains
from bostad.matching.prices import Moves
from bostad.matching.relation import Ints

FAR = 2**60
NOWHERE = -1


class Trip(NamedTuple):
    """By node how far it is, in reduced costs, and where it was come to from: NOWHERE for a need's own other homes."""

    far: Ints
    came_from: Ints


@compiled
def way_back(place: int, goal: int, chains: Chains, moves: Moves, number: Ints, price: Ints) -> Trip:
    """Find the cheapest chain from a need's other homes to the one she leaves, inside its class (Dijkstra).

    Prices that prove a plan make every step cost at least nothing. The home counts as in use until it is come to: by
    who moves in, or from what stands above it, which then gives it up.
    """
    nodes, homes = len(price), len(chains.holder)
    holder, above, cap, used = chains.holder, chains.above, chains.cap, chains.used
    child_start, children = chains.child_start, chains.children
    start, home, cost = moves.start, moves.home, moves.cost
    far, came_from = np.full(nodes, FAR), np.full(nodes, NOWHERE)
    queue = [(0, nodes)]
    while len(queue) > 0:
        here, node = heappop(queue)
        if node == goal:
            break
        if node < nodes and here > far[node]:
            continue
        if node == nodes or (node < homes and holder[node] >= 0):
            mover, paid = (place, price[goal]) if node == nodes else (holder[node], price[node])
            for at in range(start[mover], start[mover + 1]):
                step = home[at]
                if number[step] == number[goal] and (node < nodes or step != goal):
                    _go_on(step, here + paid + cost[at] - price[step], node, far, came_from, queue)
            continue
        if node < nodes - 1 and (node < homes or used[node] < cap[node]) and number[above[node]] == number[goal]:
            _go_on(above[node], here + price[node] - price[above[node]], node, far, came_from, queue)
        for at in range(child_start[node], child_start[node + 1]):
            step = children[at]
            if used[step] > 0 and number[step] == number[goal]:
                _go_on(step, here + price[node] - price[step], node, far, came_from, queue)
    return Trip(far, came_from)


@compiled
def _go_on(step: int, far_off: int, node: int, far: Ints, came_from: Ints, queue: list[tuple[int, int]]) -> None:
    if far_off < far[step]:
        far[step] = far_off
        came_from[step] = node if node < len(far) else NOWHERE
        heappush(queue, (far_off, step))
