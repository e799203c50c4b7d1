"""Fill a home that its holder has to leave: the cheapest chain of moves to it, and the prices that prove what is then.

With prices at which no step costs less than nothing, before, the cheapest chain changes the best plan into the best one
after it, and prices lowered along it prove that one too (the step of successive shortest paths).
"""

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from bostad.matching.compiled import compiled
from bostad.matching.housing import Chains, move_along
from bostad.matching.moves import Moves
from bostad.matching.network import NOBODY
from bostad.matching.relation import Ints

FAR = 2**62
NOWHERE = -1

Queue = list[tuple[int, int]]
"""How far nodes are and which, the nearest first."""


class Trip(NamedTuple):
    """By node how far it is, in reduced costs, and where it was come to from: NOWHERE where a chain begins."""

    far: Ints
    came_from: Ints


def fill(goal: int, newcomer: int, chains: Chains, moves: Moves, price: Ints) -> Ints:
    """Let a need come in, or nobody, so that others move along the cheapest chain to a home that has lost its holder.

    The goal has no holder but counts as in use; where nobody comes in, the chain begins at the way out. Chains and what
    moves cost are changed; returns the prices.
    """
    trip = _cheapest(goal, newcomer, chains, moves, price)
    path = [goal]
    while (node := int(trip.came_from[path[-1]])) != NOWHERE:
        path.append(node)
    if newcomer != NOBODY:
        path.append(NOBODY)
    move_along(newcomer, len(path) - 1, chains, np.array(path[::-1], dtype=np.int64))
    chains.used[goal] = chains.holder[goal] != NOBODY
    entered = np.array([node for node in path if 0 <= node < len(chains.holder)], dtype=np.int64)
    moved = chains.holder[entered]
    moves.beside(chains.home_of, moved[moved != NOBODY])
    lowered: Ints = price + np.minimum(trip.far, trip.far[goal])
    return lowered


@compiled
def _cheapest(goal: int, newcomer: int, chains: Chains, moves: Moves, price: Ints) -> Trip:
    """Search the steps that are open, from a newcomer or from the way out, until the goal is come to (Dijkstra)."""
    out, homes = len(chains.above), len(chains.holder)
    trip = Trip(np.full(out + 1, FAR), np.full(out + 1, NOWHERE))
    queue = [(0, out)]
    if newcomer >= 0:
        queue.clear()
        _move(newcomer, _to_spare(newcomer, moves, price), NOWHERE, moves, price, trip, queue)
    else:
        trip.far[out] = 0
    while len(queue) > 0:
        here, node = heappop(queue)
        if node == goal:
            break
        if here > trip.far[node]:
            continue
        if node < homes and chains.holder[node] >= 0:
            _move(chains.holder[node], here + price[node], node, moves, price, trip, queue)
        else:
            _climb(node, here + price[node], chains, price, trip, queue)
    return trip


@compiled
def _to_spare(place: int, moves: Moves, price: Ints) -> int:
    """Return the least with which no first step of a newcomer costs less than nothing."""
    most = -FAR
    for at in range(moves.start[place], moves.start[place + 1]):
        most = max(most, price[moves.home[at]] - moves.cost[at])
    return most


@compiled
def _move(mover: int, paid: int, node: int, moves: Moves, price: Ints, trip: Trip, queue: Queue) -> None:
    """Go on to the homes that a need could move to."""
    for at in range(moves.start[mover], moves.start[mover + 1]):
        step = moves.home[at]
        _go_on(step, paid + moves.cost[at] - price[step], node, trip, queue)


@compiled
def _climb(node: int, paid: int, chains: Chains, price: Ints, trip: Trip, queue: Queue) -> None:
    """Go on from a free home or a node above homes: up where there is room, and down to what is in use."""
    out, homes = len(chains.above), len(chains.holder)
    if node < out and (node < homes or chains.used[node] < chains.cap[node]):
        _go_on(chains.above[node], paid - price[chains.above[node]], node, trip, queue)
    for at in range(chains.child_start[node], chains.child_start[node + 1]):
        step = chains.children[at]
        if chains.used[step] > 0:
            _go_on(step, paid - price[step], node, trip, queue)


@compiled
def _go_on(step: int, far: int, node: int, trip: Trip, queue: Queue) -> None:
    if far < trip.far[step]:
        trip.far[step] = far
        trip.came_from[step] = node
        heappush(queue, (far, step))
