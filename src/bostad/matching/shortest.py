"""The shortest chain of exchanges for a need: who would move, if nothing but quotas and caps were in the way."""

import numpy as np

from bostad.matching.compiled import compiled
from bostad.matching.exchange import successor
from bostad.matching.housing import Chains
from bostad.matching.network import NOBODY
from bostad.matching.relation import Ints, Table


def movers(place: int, chains: Chains, blocked: Table) -> list[int]:
    """Return the needs, by place, that move along the shortest chain from a need past no blocked home; none if none."""
    path = _shortest(place, chains, np.append(blocked, np.zeros(len(chains.above) + 1 - len(blocked), dtype=np.bool_)))
    homes = path[path < len(chains.holder)]
    return [holder for holder in chains.holder[homes].tolist() if holder != NOBODY]


@compiled
def _shortest(place: int, chains: Chains, seen: Table) -> Ints:
    """Search breadth first; return the nodes on the way, the way out apart, the last one first."""
    out = len(chains.above)
    came_from, queue = np.full(out + 1, -1), np.empty(out + 1, dtype=np.int64)
    waiting, taken = 0, 0
    for at in range(chains.start[place], chains.start[place + 1]):
        if not seen[chains.homes[at]]:
            seen[chains.homes[at]] = True
            queue[waiting] = chains.homes[at]
            waiting += 1
    while taken < waiting:
        node = queue[taken]
        taken += 1
        nth = -1
        while True:
            nth += 1
            step = successor(node, nth, chains)
            if step == -1:
                break
            if step < 0 or seen[step]:
                continue
            seen[step] = True
            came_from[step] = node
            if step == out:
                return _walked(node, came_from)
            queue[waiting] = step
            waiting += 1
    return queue[:0]


@compiled
def _walked(node: int, came_from: Ints) -> Ints:
    path = np.empty(len(came_from), dtype=np.int64)
    length = 0
    while node >= 0:
        path[length] = node
        length += 1
        node = came_from[node]
    return path[:length]
