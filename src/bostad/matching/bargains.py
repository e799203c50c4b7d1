"""Chains of exchanges that cost nothing at the prices as they are, to homes that were given up."""

from bostad.matching.compiled import compiled
from bostad.matching.housing import Chains, move_along
from bostad.matching.market import PASSED, Fits, Market, Notes, leads_up


@compiled
def exchange(count: int, chains: Chains, near: Fits, market: Market, notes: Notes) -> int:
    """Serve those who wait along chains that cost nothing and pass no node twice; return how many still wait."""
    homes, path, still = len(chains.holder), notes.path, 0
    for one in range(count):
        place = market.waiting[one]
        length = _chain_for(place, chains, near, market, notes)
        if length == 0:
            market.waiting[still] = place
            still += 1
            continue
        last = path[length]
        market.given_up[last] = False
        move_along(place, length, chains, path)
        if length > 1 and path[length - 1] >= homes:
            chains.used[last] = 0
    return still


@compiled
def _chain_for(place: int, chains: Chains, near: Fits, market: Market, notes: Notes) -> int:
    """Search depth first for a chain to a home that was given up; return its length, or 0."""
    homes, holder, start, home, cost = len(chains.holder), chains.holder, near.start, near.home, near.cost
    price, best, steps, path, cursor = market.price, market.best, notes.steps, notes.path, notes.cursor
    given_up = market.given_up
    depth, mover = 0, place
    cursor[0] = start[place]
    while True:
        step = -1
        if mover >= 0:
            at, end, wanted, most = cursor[depth], start[mover + 1], depth + 1, best[mover]
            while at < end and (steps[home[at]] != wanted or cost[at] + price[home[at]] != most):
                at += 1
            cursor[depth] = at + 1
            step = home[at] if at < end else -1
        else:
            step = _free_step(path[depth], depth, chains, market, notes)
        if step >= 0:
            depth += 1
            path[depth], steps[step] = step, PASSED
            if step < homes and given_up[step]:
                return depth
        elif depth == 0:
            return 0
        else:
            depth -= 1
        mover = place if depth == 0 else (holder[path[depth]] if path[depth] < homes else -1)
        if step >= 0:
            cursor[depth] = start[mover] if mover >= 0 else chains.child_start[step]


@compiled
def _free_step(node: int, depth: int, chains: Chains, market: Market, notes: Notes) -> int:
    """Return what a free home, or a node above homes, leads to at no cost and one step further, or -1."""
    number, price, steps, cursor = market.number, market.price, notes.steps, notes.cursor
    used, children, end = chains.used, chains.children, chains.child_start[node + 1]
    if leads_up(node, chains, number):
        above = chains.above[node]
        if steps[above] == depth + 1 and price[above] == price[node]:
            return int(above)
    while cursor[depth] < end:
        child = children[cursor[depth]]
        cursor[depth] += 1
        inside = used[child] > 0 and number[child] == number[node]
        if inside and steps[child] == depth + 1 and price[child] == price[node]:
            return int(child)
    return -1
