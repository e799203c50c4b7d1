"""Prices that prove a plan the cheapest: with them no step of an exchange inside a class costs less than nothing.

They are the least cost at which each node can be come to along exchanges. A flow solver keeps such prices to itself.
"""

from typing import NamedTuple

import numpy as np

from bostad.matching.compiled import compiled
from bostad.matching.exchange import Classes
from bostad.matching.housing import Chains
from bostad.matching.relation import Ints, Table
from bostad.matching.tight import TightPairs


class NotCheapest(AssertionError):
    """A round of exchanges costs less than nothing, so the plan was not the cheapest: the solver is at fault."""


class Moves(NamedTuple):
    """What it costs each need, by place, to move to each home of her class: those from start to the next start."""

    start: Ints
    home: Ints
    cost: Ints


def moves_of(chains: Chains, pairs: TightPairs) -> Moves:
    """Return what each move inside a class costs, beside the home that the need holds."""
    in_turn = np.argsort(pairs.place, kind="stable")
    place, home, cost = pairs.place[in_turn], pairs.home[in_turn], pairs.cost[in_turn]
    own = np.zeros(len(chains.home_of), dtype=np.int64)
    held = chains.home_of[place] == home
    own[place[held]] = cost[held]
    start = np.searchsorted(place, np.arange(len(chains.home_of) + 1))
    return Moves(start, home, cost - own[place])


def prices_of(chains: Chains, classes: Classes, pairs: TightPairs, before: Ints | None = None) -> Ints:
    """Return the price of each node; raises NotCheapest if there are none, for then the plan is not the cheapest.

    Prices that held before a small change are a good start.
    """
    price = np.zeros(len(chains.above) + 1, dtype=np.int64) if before is None else before.copy()
    if not _settle(chains, moves_of(chains, pairs), classes.number, price):
        raise NotCheapest("a round of exchanges costs less than nothing")
    return price


@compiled
def _settle(chains: Chains, moves: Moves, number: Ints, price: Ints) -> bool:
    """Lower prices until none is above what its neighbours allow, first fallen first (Bellman and Ford).

    Arrays are taken out of their tuples once: compiled code counts references each time it does so.
    """
    nodes, homes = len(price), len(chains.holder)
    holder, above, cap, used = chains.holder, chains.above, chains.cap, chains.used
    child_start, children = chains.child_start, chains.children
    start, home, cost = moves.start, moves.home, moves.cost
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
        if node < homes and holder[node] >= 0:
            for at in range(start[holder[node]], start[holder[node] + 1]):
                taken, waits = _lower(home[at], price[node] + cost[at], price, queue, waiting, taken, waits)
            continue
        if node < nodes - 1 and (node < homes or used[node] < cap[node]):
            step = above[node]
            if number[step] == number[node]:
                taken, waits = _lower(step, price[node], price, queue, waiting, taken, waits)
        for at in range(child_start[node], child_start[node + 1]):
            step = children[at]
            if used[step] > 0 and number[step] == number[node]:
                taken, waits = _lower(step, price[node], price, queue, waiting, taken, waits)
    return True


@compiled
def _lower(node: int, to: int, price: Ints, queue: Ints, waiting: Table, taken: int, waits: int) -> tuple[int, int]:
    """Lower a price if it is above what a neighbour allows, and let the node wait to have its own neighbours looked at.

    It waits in front if it has fallen below the first in line, or else at the end.
    """
    if price[node] <= to:
        return taken, waits
    price[node] = to
    if waiting[node]:
        return taken, waits
    waiting[node] = True
    if waits > 0 and to < price[queue[taken % len(queue)]]:
        taken -= 1
        queue[taken % len(queue)] = node
    else:
        queue[(taken + waits) % len(queue)] = node
    return taken, waits + 1
