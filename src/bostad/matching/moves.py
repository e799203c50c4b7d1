"""What it costs those who hold a home to move to each other one that fits: the steps of the cheapest chains."""

from typing import NamedTuple, Self

import numpy as np

from bostad.matching.candidates import Lists
from bostad.matching.network import Network
from bostad.matching.relation import Ints, ranges
from bostad.matching.tight import Cost


class Moves(NamedTuple):
    """For each need with a home, by place, the homes from start to the next start, and what each costs beside hers.

    Whoever had a home once may still be listed; what her moves cost is then told beside any one of them.
    """

    start: Ints
    home: Ints
    cost: Ints

    @classmethod
    def of(cls, network: Network, lists: Lists, cost: Cost) -> Self:
        """List the moves of everybody who holds a home."""
        count = np.where(network.home_of >= 0, lists.count, 0)
        start = np.concatenate([[0], np.cumsum(count)])
        place, at = ranges(lists.start[:-1], count)
        home = lists.homes[at].astype(np.int64)
        costs = cost(place, home)
        own = np.zeros(len(count), dtype=np.int64)
        held = network.home_of[place] == home
        own[place[held]] = costs[held]
        return cls(start, home, costs - own[place])

    def without(self, place: int, home: int) -> Self:
        """Return the moves with one fewer, if it is among them."""
        at = int(self.start[place]) + np.flatnonzero(self.home[self.start[place] : self.start[place + 1]] == home)
        start = self.start.copy()
        start[place + 1 :] -= len(at)
        return self._replace(start=start, home=np.delete(self.home, at), cost=np.delete(self.cost, at))

    def with_those_of(self, place: int, homes: Ints, cost: Cost) -> Self:
        """Return the moves with those of one need more, unless she is listed already."""
        at = int(self.start[place])
        if at < self.start[place + 1]:
            return self
        start = self.start.copy()
        start[place + 1 :] += len(homes)
        costs = cost(np.full(len(homes), place), homes)
        return self._replace(
            start=start,
            home=np.insert(self.home, at, homes),
            cost=np.insert(self.cost, at, costs),
        )

    def beside(self, home_of: Ints, places: Ints) -> None:
        """Count what the moves of some needs cost from the homes that they hold now; the costs are changed."""
        for place in places.tolist():
            span = slice(self.start[place], self.start[place + 1])
            self.cost[span] -= self.cost[span][self.home[span] == home_of[place]][0]
