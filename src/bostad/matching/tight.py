"""The pairs that matter once it is known who is housed: those inside one class of exchanges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np

from bostad.matching import misfit
from bostad.matching.candidates import Candidates, Lists
from bostad.matching.columns import Pairs
from bostad.matching.network import Network
from bostad.matching.plan import KEPT_BONUS
from bostad.matching.problem import Problem
from bostad.matching.relation import Ints, Relation, Table

Cost = Callable[[Ints, Ints], Ints]
"""What pairs cost: places in the order, home rows, and a whole number for each two."""


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


def tight_pairs(network: Network, number: Ints, lists: Lists, cost: Cost) -> TightPairs:
    """Return the pairs inside one class, of every class in which there is a choice, and what each costs."""
    housed = np.flatnonzero(network.home_of >= 0)
    position, home = lists.of_places(housed)
    place = housed[position]
    inside = number[network.home_of[place]] == number[home]
    place, home = place[inside], home[inside]
    of = number[home]
    in_class = np.bincount(number[network.home_of[housed]], minlength=int(number.max(initial=0)) + 1)
    chosen = np.bincount(of, minlength=len(in_class))[of] > in_class[of]
    place, home, of = place[chosen], home[chosen], of[chosen]
    by_class = np.argsort(of, kind="stable")
    place, home = place[by_class], home[by_class]
    return TightPairs(place, home, cost(place, home), of[by_class])


def cost_in(candidates: Candidates, current: Relation) -> Cost:
    """Return what a pair costs: its misfit, less what a kept proposal is worth."""

    def cost(place: Ints, home: Ints) -> Ints:
        need = candidates.needs[place]
        return misfit.total(Pairs.listed(candidates.facts, need, home)) - KEPT_BONUS * current.holds(need, home)

    return cost


def current_of(problem: Problem) -> Relation:
    """Return the proposals computed earlier: need rows and the home rows they stood with."""
    if not problem.current:
        return Relation.from_keys((), len(problem.homes))
    needs = {need.need: row for row, need in enumerate(problem.needs)}
    homes = {home.home: row for row, home in enumerate(problem.homes)}
    pairs = (needs[need] * len(homes) + homes[home] for need, home in problem.current)
    return Relation.from_keys(pairs, len(problem.homes))
