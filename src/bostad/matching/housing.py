"""Who can be housed together: chains of exchange through homes, buildings, lines and agreements.

A newcomer comes to each home that fits her. From a held home a chain goes on to the homes that fit its holder, who
would move; from a free home to what stands above it; from a building, line or agreement with room to what stands above
that, and from any of them down to what is in use below, which would be given up. A chain that gets out houses its first
need and puts nobody out.

The sets of needs that can be housed together are a matroid (a gammoid: Perfect 1968), so taking the needs in priority
order, each if a chain gets out, gives the best set. Nothing is weighed, so nothing can overflow.
"""

from typing import NamedTuple

import numpy as np

from bostad.matching.candidates import Lists, Numbers
from bostad.matching.compiled import compiled
from bostad.matching.network import NOBODY, Network
from bostad.matching.relation import Ints

CLOSED = 2**40
"""Seen by a search that failed: no later chain can get out from there, so it is never searched again."""


class Chains(NamedTuple):
    """All that a chain can go along, as arrays that compiled code takes; see Lists and Network for each."""

    start: Ints
    homes: Numbers
    above: Ints
    cap: Ints
    child_start: Ints
    children: Ints
    holder: Ints
    used: Ints
    home_of: Ints


class Search(NamedTuple):
    """The notes of a search: when each node was seen, how far each need has looked, the path, what was visited."""

    seen: Ints
    looked: Ints
    path: Ints
    cursor: Ints
    visited: Ints


def chains_of(network: Network, lists: Lists) -> Chains:
    """Return the chains of a network; they change as it changes."""
    net = network
    return Chains(
        lists.start,
        lists.homes,
        net.above,
        net.cap,
        net.child_start,
        net.children,
        net.holder,
        net.used,
        net.home_of,
    )


def a_search(chains: Chains) -> Search:
    """Return empty notes."""
    nodes = len(chains.above) + 2
    path, cursor, visited = (np.full(nodes, NOBODY, dtype=np.int64) for _ in range(3))
    return Search(np.zeros(nodes, dtype=np.int64), chains.start.copy(), path, cursor, visited)


@compiled
def find_way_out(place: int, stamp: int, chains: Chains, search: Search) -> tuple[int, int]:
    """Search depth first, at each need first for a home at once; return the path's length, or 0, and what was seen."""
    out, homes = len(chains.above), len(chains.holder)
    mover, depth, visits = place, 0, 0
    while True:
        if mover >= 0:
            at_once = _home_at_once(mover, chains, search.looked)
            if at_once >= 0:
                return _walk_out(at_once, search.path, depth, chains.above), visits
            search.cursor[depth] = chains.start[mover]
            step = _next_home(mover, stamp, chains, search, depth)
        elif depth == 0 or (search.path[depth] < homes and chains.holder[search.path[depth]] >= 0):
            mover = place if depth == 0 else chains.holder[search.path[depth]]
            step = _next_home(mover, stamp, chains, search, depth)
        else:
            step = _next_node(search.path[depth], stamp, chains, search, depth)
        mover = -1
        if step < 0:
            if depth == 0:
                return 0, visits
            depth -= 1
            continue
        search.seen[step] = stamp
        search.visited[visits] = step
        visits += 1
        depth += 1
        search.path[depth] = step
        search.cursor[depth] = -1
        if step == out:
            return depth, visits
        if step < homes:
            mover = chains.holder[step]


@compiled
def _home_at_once(mover: int, chains: Chains, looked: Ints) -> int:
    """Find a free home with room all the way out. A home that is none never becomes one, so none is looked at twice."""
    while looked[mover] < chains.start[mover + 1]:
        home = chains.homes[looked[mover]]
        if chains.holder[home] < 0:
            node = chains.above[home]
            while node < len(chains.above) and chains.used[node] < chains.cap[node]:
                node = chains.above[node]
            if node == len(chains.above):
                return int(home)
        looked[mover] += 1
    return -1


@compiled
def _walk_out(home: int, path: Ints, depth: int, above: Ints) -> int:
    node = home
    while True:
        depth += 1
        path[depth] = node
        if node == len(above):
            return depth
        node = above[node]


@compiled
def _next_home(mover: int, stamp: int, chains: Chains, search: Search, depth: int) -> int:
    """Return a home that the need could move to and that this search has not seen, or -1."""
    at, end = search.cursor[depth], chains.start[mover + 1]
    while at < end and search.seen[chains.homes[at]] >= stamp:
        at += 1
    search.cursor[depth] = at + 1
    return int(chains.homes[at]) if at < end else -1


@compiled
def _next_node(node: int, stamp: int, chains: Chains, search: Search, depth: int) -> int:
    """Return what to go to from a free home or a node above homes: up where there is room, then down, or -1."""
    at_home = node < len(chains.holder)
    if search.cursor[depth] < 0:
        search.cursor[depth] = chains.child_start[node + 1] if at_home else chains.child_start[node]
        above = chains.above[node]
        if (at_home or chains.used[node] < chains.cap[node]) and search.seen[above] < stamp:
            return int(above)
    while search.cursor[depth] < chains.child_start[node + 1]:
        child = chains.children[search.cursor[depth]]
        search.cursor[depth] += 1
        if chains.used[child] > 0 and search.seen[child] < stamp:
            return int(child)
    return -1


@compiled
def move_along(place: int, length: int, chains: Chains, path: Ints) -> None:
    """Let everybody on the path move one step, the last one first; `place` is the newcomer, or NOBODY."""
    homes, out = len(chains.holder), len(chains.above)
    for depth in range(length, 0, -1):
        node, before = path[depth], path[depth - 1]
        if depth == 1 and place >= 0:
            chains.holder[node], chains.home_of[place], chains.used[node] = place, node, 1
        elif before >= homes:
            if before < out and node == chains.above[before]:
                chains.used[before] += 1
            elif node >= homes:
                chains.used[node] -= 1
        elif chains.holder[before] >= 0:
            mover = chains.holder[before]
            chains.holder[node], chains.home_of[mover], chains.used[node] = mover, node, 1
            chains.holder[before], chains.used[before] = -1, 0
