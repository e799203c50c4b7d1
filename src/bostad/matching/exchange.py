"""What can still be exchanged once the needs are housed: which homes can go round, and who would be put out.

The exchanges of a plan lead from node to node: from a held home to the others that fit its holder, from a free home to
what stands above it, from a node with room to what stands above, and down to what is in use. Nodes that lead to each
other form a class: inside it homes can change hands with nobody put out, and a pair across two classes can be in no
plan that houses the same needs.
"""

from typing import NamedTuple

import numpy as np

from bostad.matching.compiled import compiled
from bostad.matching.housing import Chains
from bostad.matching.proof import FREE, NO_WAY
from bostad.matching.relation import Ints


class Classes(NamedTuple):
    """For each node its class, numbered so that exchanges lead to the same or a lower number, and its threshold.

    A threshold is the place in the order of who would be put out if a newcomer took the node: the last of all whom its
    exchanges come to. FREE where nobody would be, NO_WAY where a newcomer cannot have it, whoever she is.
    """

    number: Ints
    threshold: Ints


class _Walk(NamedTuple):
    """The notes of a walk: when each node was met, how far back it leads, what is open, and how far each has got."""

    met: Ints
    low: Ints
    open: Ints
    path: Ints
    cursor: Ints


def classes_of(chains: Chains) -> Classes:
    """Find the classes and thresholds of a plan in one walk, linear in the pairs of those housed (Tarjan 1972)."""
    nodes = len(chains.above) + 1
    met, low, opened, path, cursor = (np.zeros(nodes, dtype=np.int64) for _ in range(5))
    classes = Classes(np.full(nodes, NO_WAY, dtype=np.int64), np.full(nodes, NO_WAY, dtype=np.int64))
    _walk_all(chains, _Walk(met, low, opened, path, cursor), classes)
    return classes


@compiled
def _walk_all(chains: Chains, walk: _Walk, classes: Classes) -> None:
    nodes = len(chains.above) + 1
    clock, number, opened = 0, 0, 0
    for root in range(nodes):
        if walk.met[root]:
            continue
        depth = -1
        step = root
        while True:
            if step >= 0:
                clock, opened, depth = clock + 1, opened + 1, depth + 1
                _meet(step, clock, opened, depth, chains, walk, classes)
            node = walk.path[depth]
            step = _next_unmet(node, depth, chains, walk, classes)
            if step >= 0:
                continue
            if walk.low[node] == walk.met[node]:
                opened = _close(node, opened, number, walk, classes)
                number += 1
            depth -= 1
            if depth < 0:
                break
            before = walk.path[depth]
            walk.low[before] = min(walk.low[before], walk.low[node])
            classes.threshold[before] = max(classes.threshold[before], classes.threshold[node])


@compiled
def _meet(node: int, clock: int, opened: int, depth: int, chains: Chains, walk: _Walk, classes: Classes) -> None:
    walk.met[node], walk.low[node] = clock, clock
    walk.open[opened - 1] = node
    walk.path[depth] = node
    walk.cursor[depth] = -1
    if node == len(chains.above):
        classes.threshold[node] = FREE
    elif node < len(chains.holder):
        classes.threshold[node] = chains.holder[node]


@compiled
def _next_unmet(node: int, depth: int, chains: Chains, walk: _Walk, classes: Classes) -> int:
    """Go through what a node leads to until one is unmet, or return -1; of those met, note how far back they lead."""
    while True:
        walk.cursor[depth] += 1
        step = successor(node, walk.cursor[depth], chains)
        if step == -1:
            return -1
        if step < 0:
            continue
        if not walk.met[step]:
            return step
        if classes.number[step] < 0:
            walk.low[node] = min(walk.low[node], walk.met[step])
        classes.threshold[node] = max(classes.threshold[node], classes.threshold[step])


@compiled
def successor(node: int, nth: int, chains: Chains) -> int:
    """Return the nth node that a node leads to; -1 if there are no more, -2 if that one is not open now."""
    if node < len(chains.holder):
        mover = chains.holder[node]
        if mover >= 0:
            at = chains.start[mover] + nth
            return int(chains.homes[at]) if at < chains.start[mover + 1] else -1
        return int(chains.above[node]) if nth == 0 else -1
    if nth == 0:
        has_room = node < len(chains.above) and chains.used[node] < chains.cap[node]
        return int(chains.above[node]) if has_room else -2
    at = chains.child_start[node] + nth - 1
    if at >= chains.child_start[node + 1]:
        return -1
    return int(chains.children[at]) if chains.used[chains.children[at]] > 0 else -2


@compiled
def _close(node: int, opened: int, number: int, walk: _Walk, classes: Classes) -> int:
    """Take the class of a node off what is open: all of it has the node's threshold."""
    while True:
        opened -= 1
        member = walk.open[opened]
        classes.number[member] = number
        classes.threshold[member] = classes.threshold[node]
        if member == node:
            return opened
