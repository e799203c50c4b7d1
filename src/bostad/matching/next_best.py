"""The home that each placed need would have had next where building caps and keep-apart pairs might have a say.

Her own home is left out, and a programme gives everybody a home again with every rule kept: what that costs more is the
cost of the change, exactly. Only those who come together under limits that could be passed bear on each other, so each
such group is by itself. Where the effort ends, prices still tell the least that another home can cost.
"""

from dataclasses import dataclass

import numpy as np

from bostad.matching.cores import Answer, Budget, settle
from bostad.matching.limits import Core, Limits, limits_of
from bostad.matching.linear import NEAR, Relaxed, relax
from bostad.matching.network import Network
from bostad.matching.relation import Ints, Table
from bostad.matching.side_proof import Tariff
from bostad.matching.side_rules import SideRules
from bostad.matching.tariffs import paid, taken_in
from bostad.matching.tight import Cost

EFFORT = 5.0
"""For all needs together, in deterministic seconds."""
OF_A_PAIR = 5e-6
"""What writing out the limits of one pair takes of them."""
WORTH = 16
"""Her having another home is worth so many times what all others could save by moving."""

LeastNext = dict[int, tuple[int, int]]
"""By place the home row that a need would have had next, and what that costs more."""
ExactNext = dict[int, tuple[int, int] | None]
"""The same; None where nothing else is to be had."""


def exact_next(network: Network, rules: SideRules, cost: Cost, effort: float) -> ExactNext:
    """Return what each need would have had next, the first in the order first, as far as the effort goes."""
    budget, found = Budget(effort), ExactNext()
    core = _core_of(network, rules, cost)
    group = _groups(core, limits_of(core, network, rules))
    members = {number: _Group(core.only(group == number), network, rules) for number in np.unique(group).tolist()}
    for place, number in zip(core.place[core.first].tolist(), group[core.first].tolist(), strict=True):
        members[number].ask(place, budget, found)
    return found


def least_next(network: Network, rules: SideRules, cost: Cost, tariff: Tariff) -> LeastNext:
    """Return for each need the home that raises what is paid by a tariff least, and what it costs more at least."""
    core = _core_of(network, rules, cost)
    pays = paid(tariff, network, rules, core.place, core.home, core.costs)
    least = np.minimum.reduceat(pays, core.first) if len(pays) else pays
    own = network.home_of[core.place] == core.home
    spare = int(least.sum()) - taken_in(tariff, network, rules) - tariff.unit * int(core.costs[own].sum())
    raised = pays - np.repeat(least, core.sizes)
    other = np.flatnonzero(~own)
    in_turn = other[np.lexsort([core.home[other], raised[other], core.place[other]])]
    _, first = np.unique(core.place[in_turn], return_index=True)
    return {
        place: (home, max(0, -(-(spare + more) // tariff.unit)))
        for row in in_turn[first].tolist()
        for place, home, more in [(int(core.place[row]), int(core.home[row]), int(raised[row]))]
    }


def _core_of(network: Network, rules: SideRules, cost: Cost) -> Core:
    """Return everybody who is housed, with all pairs that they could have."""
    housed = np.flatnonzero(network.home_of >= 0)
    position, home = rules.usable.of_places(housed)
    place = housed[position]
    return Core(place, home, network.cap, rules.cap, cost(place, home))


def _groups(core: Core, limits: Limits) -> Ints:
    """Return by row the number of its group: needs that share a limit are in one."""
    need = np.repeat(np.arange(len(core.first)), core.sizes)
    group, before = np.arange(len(core.first)), None
    under = need[limits.row]
    while len(limits) and (before is None or (group != before).any()):
        before = group.copy()
        lowest = np.minimum.reduceat(group[under], limits.start[:-1])
        np.minimum.at(group, under, lowest[limits.number])
    return group[need]


@dataclass(frozen=True)
class _Group:
    """Needs that bear on each other's homes, and on nobody else's."""

    core: Core
    network: Network
    rules: SideRules

    def ask(self, place: int, budget: Budget, found: ExactNext) -> None:
        """Find what a need would have had next, if the effort is enough."""
        core = self.core
        own = core.home == self.network.home_of[core.place]
        without = core.only(np.flatnonzero(~(own & (core.place == place))))
        budget.left -= OF_A_PAIR * len(core.place)
        if budget.left <= 0:
            return
        rows = self._chosen(without, place, budget) if (without.place == place).any() else None
        if rows is None:
            found[place] = None
        elif len(rows):
            extra = int(without.costs[rows].sum()) - int(core.costs[own].sum())
            hers = rows[without.place[rows] == place]
            found[place] = int(without.home[hers[0]]), extra

    def _chosen(self, core: Core, place: int, budget: Budget) -> Ints | None:
        """Return the rows of the cheapest choice, none of them if it was not found, or None if there is no choice."""
        limits, hers = limits_of(core, self.network, self.rules), core.place == place
        start = self.network.home_of[core.place] == core.home
        among = np.maximum.reduceat(core.costs, core.first) - np.minimum.reduceat(core.costs, core.first)
        reward = WORTH * (int(among.sum()) + int(np.abs(core.costs[hers]).max()) + 1)
        worth = core.costs - reward * hers.astype(np.float64)
        relaxed = relax(core, limits, worth, budget, wanted=np.array([place]), start=start)
        return self._searched(core, hers, relaxed, budget)

    def _searched(self, core: Core, hers: Table, relaxed: Relaxed | None, budget: Budget) -> Ints | None:
        """Return what the programme chose, if it is whole; else let a search decide."""
        if relaxed is None:
            return np.zeros(0, dtype=np.int64)
        share = float(relaxed.share[hers].sum())
        if share < 1 - 2 / WORTH:
            return None
        if share > 1 - NEAR and not relaxed.broken.any():
            return np.flatnonzero(relaxed.share > 1 - NEAR)
        answer = settle(core, self.network, self.rules, budget)
        if answer.answer is Answer.NONE:
            return None
        return answer.rows if answer.proven else np.zeros(0, dtype=np.int64)
