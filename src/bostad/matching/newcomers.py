"""Who loses her place and who gains one when a home has to be left and she who held it can have no other in its class.

At most one of those housed goes out, the last whom her own exchanges come to, and at most one comes in, the first who
waits and whose exchanges come to the home (one step of the circuit of a matroid).
"""

import numpy as np

from bostad.matching.candidates import Numbers
from bostad.matching.compiled import compiled
from bostad.matching.exchange import successor
from bostad.matching.housing import Chains
from bostad.matching.network import NOBODY
from bostad.matching.proof import Proof
from bostad.matching.relation import Ints, Table


def put_out_by(place: int, others: Ints, goal: int, proof: Proof) -> int:
    """Return the place of whoever goes out when a need has to leave a home; NOBODY where she can be back in its class.

    `others` are the homes that fit her beside it. It may be she herself.
    """
    if (proof.number[others] == proof.number[goal]).any():
        return NOBODY
    return max(place, int(proof.threshold[others].max(initial=NOBODY)))


def first_to(goal: int, chains: Chains, proof: Proof) -> int:
    """Return the place of the first who waits and whose exchanges come to a home; NOBODY where there is none."""
    nodes = np.argsort(proof.number, kind="stable")
    comes = _coming(goal, nodes, proof.number, chains)
    return _first(chains.home_of, proof.candidates.start, proof.candidates.homes, comes[proof.number])


@compiled
def _coming(goal: int, nodes: Ints, number: Ints, chains: Chains) -> Table:
    """Return by class whether it comes to a node; classes in their order, so that what each leads to is known."""
    comes = np.zeros(number.max() + 1, dtype=np.bool_)
    comes[number[goal]] = True
    for node in nodes:
        nth = -1
        while number[node] > number[goal] and not comes[number[node]]:
            nth += 1
            step = successor(node, nth, chains)
            if step == -1:
                break
            comes[number[node]] = step >= 0 and comes[number[step]]
    return comes


@compiled
def _first(home_of: Ints, start: Ints, homes: Numbers, comes: Table) -> int:
    for place in range(len(home_of)):
        if home_of[place] < 0:
            for at in range(start[place], start[place + 1]):
                if comes[homes[at]]:
                    return place
    return -1
