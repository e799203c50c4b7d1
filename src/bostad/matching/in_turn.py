"""House the needs in their order, along chains that come nearer to the way out with each step.

Each node and each need has a label: at least how many steps it is from the way out. A chain goes from label to label
one below; where there is none, the label rises to one above the lowest next to it (Ahuja and Orlin 1991). Labels never
fall, whoever moves, so what has been looked at in vain at one label need not be looked at again until it rises. Once no
node has a certain label, nothing above it gets out any more: that is closed for the rest of the run.
"""

from typing import NamedTuple

import numpy as np

from bostad.matching.candidates import Lists, Numbers
from bostad.matching.compiled import compiled
from bostad.matching.housing import Chains, chains_of, move_along
from bostad.matching.network import NOBODY, Network
from bostad.matching.relation import Ints

NO_WAY_OUT = 2**40


class Labels(NamedTuple):
    """By node and by place, at least how far the way out is; how far each need has looked; and the path."""

    node: Ints
    need: Ints
    looked: Ints
    having: Ints
    """by label: how many nodes have it"""
    path: Ints


def house(network: Network, lists: Lists) -> None:
    """House each need, in the order of needs, for whom a chain gets out."""
    chains = chains_of(network, lists)
    _house_in_turn(np.flatnonzero((network.home_of == NOBODY) & (lists.count > 0)), chains, _first_labels(chains))


def _first_labels(chains: Chains) -> Labels:
    """Return how far nodes are from the way out if all have room; of needs nothing is known yet."""
    out = len(chains.above)
    node, at = np.zeros(out + 1, dtype=np.int64), chains.above
    while (at < out).any():
        node[:-1] += at < out
        at = np.append(chains.above, out)[at]
    node[:-1] += 1
    return Labels(
        node=node,
        need=np.zeros(len(chains.home_of), dtype=np.int64),
        looked=chains.start[:-1].copy(),
        having=np.bincount(node, minlength=out + 2),
        path=np.full(out + 2, NOBODY, dtype=np.int64),
    )


@compiled
def _house_in_turn(places: Ints, chains: Chains, labels: Labels) -> None:
    """House whom a chain houses. Arrays are taken out of their tuples once, for compiled code counts references."""
    out, homes = len(chains.above), len(chains.holder)
    start, fits, holder = chains.start, chains.homes, chains.holder
    label, need, looked, path = labels.node, labels.need, labels.looked, labels.path
    for place in places:
        depth = 0
        while depth == 0 or path[depth] != out:
            node = path[depth]
            if depth == 0:
                step = _nearest_home(place, start, fits, label, need, looked)
                if step < 0:
                    break
            elif node < homes and holder[node] >= 0:
                step = _nearest_home(holder[node], start, fits, label, need, looked)
            else:
                step = _nearest_node(node, chains, labels)
            above = label[step] + 1 if step >= 0 else NO_WAY_OUT
            if depth == 0 or label[node] == above:
                depth += 1
                path[depth] = step
            else:
                depth = 0 if _rise(node, above, labels) else depth - 1
        if depth > 0:
            move_along(place, depth, chains, path)


@compiled
def _nearest_home(mover: int, start: Ints, fits: Numbers, label: Ints, need: Ints, looked: Ints) -> int:
    """Return the next home in a need's list that has the lowest label in it, or -1 if all are closed."""
    end, wanted = start[mover + 1], need[mover] - 1
    if wanted >= 0:
        for at in range(looked[mover], end):
            if label[fits[at]] == wanted:
                looked[mover] = at
                return int(fits[at])
    lowest, nearest = NO_WAY_OUT, -1
    for at in range(start[mover], end):
        if label[fits[at]] < lowest:
            lowest, nearest = label[fits[at]], at
    need[mover] = lowest + 1
    if nearest < 0:
        return -1
    looked[mover] = nearest
    return int(fits[nearest])


@compiled
def _nearest_node(node: int, chains: Chains, labels: Labels) -> int:
    """Return what has the lowest label of what a free home or a node above homes leads to, or -1 if all is closed."""
    used, children, label = chains.used, chains.children, labels.node
    lowest, nearest = NO_WAY_OUT, -1
    if node < len(chains.holder) or chains.used[node] < chains.cap[node]:
        nearest = chains.above[node]
        lowest = label[nearest]
    for at in range(chains.child_start[node], chains.child_start[node + 1]):
        child = children[at]
        if used[child] > 0 and label[child] < lowest:
            lowest, nearest = label[child], child
    return nearest if lowest < NO_WAY_OUT else -1


@compiled
def _rise(node: int, label: int, labels: Labels) -> bool:
    """Let a node's label rise; if nothing has the one it had, close all above that, and say so."""
    levels, having = labels.node, labels.having
    before = levels[node]
    levels[node] = label
    having[before] -= 1
    if label < NO_WAY_OUT:
        having[label] += 1
    if having[before] > 0:
        return False
    for other in range(len(levels)):
        if before < levels[other] < NO_WAY_OUT:
            having[levels[other]] -= 1
            levels[other] = NO_WAY_OUT
    return True
