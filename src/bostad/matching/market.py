"""Homes at prices: who would rather have another, and how far from one of those each home is.

What stands above a home goes on counting it while nobody holds it, so a home that was given up has to be taken again,
or given up by what stands above it too.
"""

from typing import NamedTuple

from bostad.matching.candidates import Numbers
from bostad.matching.compiled import compiled
from bostad.matching.housing import Chains
from bostad.matching.relation import Ints, Table

FAR = 2**60
PASSED = 0


class Fits(NamedTuple):
    """By place, from start to the next start: the homes of her class and what each costs."""

    start: Ints
    home: Numbers
    cost: Ints


class Market(NamedTuple):
    """The class and the price of each node; what each need's best home costs her; who waits; which homes are given up.

    A held home costs at least what its line costs, a free one at most that; a node with room as much as what stands
    above it. So no step of an exchange costs less than nothing.
    """

    number: Ints
    price: Ints
    best: Ints
    waiting: Ints
    given_up: Table


class Notes(NamedTuple):
    """By node: how far it is from those who wait, in cost and in steps; lists of nodes by distance; and the path."""

    far: Ints
    steps: Ints
    first: Ints
    node: Ints
    after: Ints
    wave: Ints
    cursor: Ints
    path: Ints


@compiled
def give_up(chains: Chains, fits: Fits, market: Market) -> int:
    """Let everybody wait whose home is not among the best for her at these prices; return how many do."""
    start, home, cost, price = fits.start, fits.home, fits.cost, market.price
    holder, home_of = chains.holder, chains.home_of
    count = 0
    for place in range(len(start) - 1):
        if start[place] == start[place + 1]:
            continue
        best, own = FAR, FAR
        for at in range(start[place], start[place + 1]):
            costs = cost[at] + price[home[at]]
            best = min(best, costs)
            if home[at] == home_of[place]:
                own = costs
        market.best[place] = best
        if own > best:
            left = home_of[place]
            market.given_up[left] = True
            holder[left] = home_of[place] = -1
            market.waiting[count] = place
            count += 1
    return count


@compiled
def keep_near(fits: Fits, market: Market, within: int, near: Fits) -> None:
    """Write down, in `near`, the pairs that cost no more than so much above the best."""
    start, home, cost, price, best = fits.start, fits.home, fits.cost, market.price, market.best
    near_start, near_home, near_cost = near.start, near.home, near.cost
    kept = 0
    for place in range(len(start) - 1):
        near_start[place] = kept
        most = best[place] + within
        for at in range(start[place], start[place + 1]):
            if cost[at] + price[home[at]] <= most:
                near_home[kept], near_cost[kept] = home[at], cost[at]
                kept += 1
    near_start[-1] = kept


@compiled
def rise(by: int, count: int, chains: Chains, market: Market, notes: Notes) -> None:
    """Raise the prices of what is nearer than `by`, the nearest the most; what is further is not to be passed now."""
    homes, holder, price, best = len(chains.holder), chains.holder, market.price, market.best
    far, steps = notes.far, notes.steps
    for node in range(len(price)):
        if far[node] < by:
            price[node] += by - far[node]
            if node < homes and holder[node] >= 0:
                best[holder[node]] += by - far[node]
        elif far[node] > by:
            steps[node] = PASSED
    for one in range(count):
        best[market.waiting[one]] += by


@compiled
def spread(count: int, width: int, chains: Chains, near: Fits, market: Market, notes: Notes) -> int:
    """Find what is near to those who wait, until a third could be served, or up to `width`; return how far that is.

    Nodes of one distance come in waves, so that each is come to in as few steps as can be (Dial, and breadth first).
    """
    homes, holder, given_up = len(chains.holder), chains.holder, market.given_up
    start, home, cost = near.start, near.home, near.cost
    price, best, far, steps = market.price, market.best, notes.far, notes.steps
    first, listed, after, wave = notes.first[:width], notes.node, notes.after, notes.wave
    far[:], first[:] = FAR, -1
    lists, met = 0, 0
    for one in range(count):
        place = market.waiting[one]
        for at in range(start[place], start[place + 1]):
            to = cost[at] + price[home[at]] - best[place]
            lists = _come_to(home[at], to, 1, far, steps, first, listed, after, lists)
    for distance in range(width):
        while first[distance] >= 0:
            for turn in range(_next_wave(distance, far, first, listed, after, wave)):
                node = wave[turn]
                if node < homes and given_up[node]:
                    met += 1
                elif node < homes and holder[node] >= 0:
                    mover = holder[node]
                    paid = distance - best[mover]
                    for at in range(start[mover], start[mover + 1]):
                        to = paid + cost[at] + price[home[at]]
                        lists = _come_to(home[at], to, steps[node] + 1, far, steps, first, listed, after, lists)
                else:
                    lists = _up_and_down(node, chains, market, notes, first, lists)
        if met > 0 and 3 * met >= count:
            return distance
    return width - 1


@compiled
def _come_to(  # noqa: PLR0913, PLR0917 - arrays, taken out of their tuples once
    node: int, to: int, steps_to: int, far: Ints, steps: Ints, first: Ints, listed: Ints, after: Ints, lists: int
) -> int:
    """Note that a node is so far, if that is nearer than was known, and put it into the list of its distance."""
    if to >= far[node]:
        return lists
    far[node], steps[node] = to, steps_to
    if to >= len(first):
        return lists
    listed[lists], after[lists] = node, first[to]
    first[to] = lists
    return lists + 1


@compiled
def _next_wave(distance: int, far: Ints, first: Ints, listed: Ints, after: Ints, wave: Ints) -> int:
    """Take what is listed at a distance, without what has come nearer since; return how many nodes that is."""
    count, at = 0, first[distance]
    first[distance] = -1
    while at >= 0:
        if far[listed[at]] == distance:
            wave[count] = listed[at]
            count += 1
        at = after[at]
    return count


@compiled
def _up_and_down(node: int, chains: Chains, market: Market, notes: Notes, first: Ints, lists: int) -> int:
    """Go on from a free home, or a node above homes, to what is above if there is room, and to what is in use below."""
    number, price, far, steps = market.number, market.price, notes.far, notes.steps
    so_far, onward = far[node] - price[node], steps[node] + 1
    if leads_up(node, chains, number):
        above = chains.above[node]
        lists = _come_to(above, so_far + price[above], onward, far, steps, first, notes.node, notes.after, lists)
    used, children = chains.used, chains.children
    for at in range(chains.child_start[node], chains.child_start[node + 1]):
        child = children[at]
        if used[child] > 0 and number[child] == number[node]:
            lists = _come_to(child, so_far + price[child], onward, far, steps, first, notes.node, notes.after, lists)
    return lists


@compiled
def leads_up(node: int, chains: Chains, number: Ints) -> bool:
    """Say whether a placement more could pass to what is above, inside the class."""
    if node == len(chains.above) or number[chains.above[node]] != number[node]:
        return False
    return node < len(chains.holder) or bool(chains.used[node] < chains.cap[node])
