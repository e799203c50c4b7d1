"""What it costs each need to move to another home of her class: the steps that the cheapest chains are made of."""

from typing import NamedTuple

import numpy as np

from bostad.matching.housing import Chains
from bostad.matching.relation import Ints
from bostad.matching.tight import TightPairs


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
