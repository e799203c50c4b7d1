"""Prices that prove a plan the cheapest: with them no step of an exchange inside a class costs less than nothing.

They are the least cost at which each node can be come to along exchanges. A flow solver keeps such prices to itself.
"""

from typing import NamedTuple

import numpy as np

from bostad.matching.compiled import compiled
from bostad.matching.exchange import Classes, successor
from bostad.matching.housing import Chains
from bostad.matching.relation import Ints
from bostad.matching.tight import TightPairs


class NotCheapest(AssertionError):
    """A round of exchanges costs less than nothing, so the plan was not the cheapest: the solver is at fault."""


class _Moves(NamedTuple):
    """What it costs each need, by place, to move to each home of her class."""

    start: Ints
    home: Ints
    cost: Ints


def prices_of(chains: Chains, classes: Classes, pairs: TightPairs, before: Ints | None = None) -> Ints:
    """Return the price of each node; raises NotCheapest if there are none, for then the plan is not the cheapest.

    Prices that held before a small change are a good start.
    """
    in_turn = np.argsort(pairs.place, kind="stable")
    place, home, cost = pairs.place[in_turn], pairs.home[in_turn], pairs.cost[in_turn]
    own = np.zeros(len(chains.home_of), dtype=np.int64)
    held = chains.home_of[place] == home
    own[place[held]] = cost[held]
    start = np.searchsorted(place, np.arange(len(chains.home_of) + 1))
    price = np.zeros(len(chains.above) + 1, dtype=np.int64) if before is None else before.copy()
    if not _settle(chains, _Moves(start, home, cost - own[place]), classes.number, price):
        raise NotCheapest("a round of exchanges costs less than nothing")
    return price


@compiled
def _settle(chains: Chains, moves: _Moves, number: Ints, price: Ints) -> bool:
    """Lower prices until none is above what its neighbours allow, first fallen first (Bellman and Ford)."""
    nodes = len(price)
    queue, waiting = np.arange(nodes), np.ones(nodes, dtype=np.bool_)
    taken, waits, rounds, round_ends = 0, nodes, 0, nodes
    while waits > 0:
        if round_ends == 0:
            rounds, round_ends = rounds + 1, waits
            if rounds > nodes:
                return False
        node = queue[taken % nodes]
        taken, waits, round_ends = taken + 1, waits - 1, round_ends - 1
        waiting[node] = False
        nth = -1
        while True:
            nth += 1
            step, cost = _move(node, nth, chains, moves)
            if step == -1:
                break
            if step < 0 or number[step] != number[node] or price[step] <= price[node] + cost:
                continue
            price[step] = price[node] + cost
            if not waiting[step]:
                waiting[step] = True
                waits += 1
                if waits > 1 and price[step] < price[queue[taken % nodes]]:
                    taken -= 1
                    queue[taken % nodes] = step
                else:
                    queue[(taken + waits - 1) % nodes] = step
    return True


@compiled
def _move(node: int, nth: int, chains: Chains, moves: _Moves) -> tuple[int, int]:
    """Return the nth node that a node leads to and what the step costs; only moves of needs cost anything."""
    if node < len(chains.holder) and chains.holder[node] >= 0:
        mover = chains.holder[node]
        at = moves.start[mover] + nth
        return (moves.home[at], moves.cost[at]) if at < moves.start[mover + 1] else (-1, 0)
    return successor(node, nth, chains), 0
