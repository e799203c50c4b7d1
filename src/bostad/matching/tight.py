"""The pairs that matter once it is known who is housed: those inside one class of exchanges."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from bostad.matching import misfit
from bostad.matching.candidates import Candidates
from bostad.matching.columns import Pairs
from bostad.matching.network import Network
from bostad.matching.plan import KEPT_BONUS
from bostad.matching.relation import Ints, Relation, Table


@dataclass(frozen=True)
class TightPairs:
    """Pairs sorted by class: places in the order, home rows, what each costs, and the number of its class."""

    place: Ints
    home: Ints
    cost: Ints
    number: Ints

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.place)

    def __getitem__(self, rows: slice | Table) -> Self:
        """Return some of them."""
        return type(self)(self.place[rows], self.home[rows], self.cost[rows], self.number[rows])


def tight_pairs(network: Network, number: Ints, candidates: Candidates, current: Relation) -> TightPairs:
    """Return the pairs inside one class, of every class in which there is a choice."""
    housed = np.flatnonzero(network.home_of >= 0)
    position, home = candidates.of_places(housed)
    place = housed[position]
    inside = number[network.home_of[place]] == number[home]
    place, home = place[inside], home[inside]
    of = number[home]
    in_class = np.bincount(number[network.home_of[housed]], minlength=int(number.max(initial=0)) + 1)
    chosen = np.bincount(of, minlength=len(in_class))[of] > in_class[of]
    place, home, of = place[chosen], home[chosen], of[chosen]
    by_class = np.argsort(of, kind="stable")
    place, home = place[by_class], home[by_class]
    return TightPairs(place, home, cost_of(candidates, current, place, home), of[by_class])


def cost_of(candidates: Candidates, current: Relation, place: Ints, home: Ints) -> Ints:
    """Return the misfit of pairs, less what a kept proposal is worth."""
    need = candidates.needs[place]
    return misfit.total(Pairs.listed(candidates.facts, need, home)) - KEPT_BONUS * current.holds(need, home)
