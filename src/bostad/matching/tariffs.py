"""From what a linear programme charges to a tariff in whole numbers, and what needs pay by it."""

from dataclasses import dataclass

import numpy as np

from bostad.matching.limits import NO_NODE, Core, Limits
from bostad.matching.linear import Floats
from bostad.matching.network import Network
from bostad.matching.relation import Ints
from bostad.matching.side_proof import Shared, Tariff
from bostad.matching.side_rules import SideRules
from bostad.matching.tight import Cost

UNITS = (1, 2, 6, 2**20)
"""How finely prices are told, tried in turn: they are nearly always whole, and halves and thirds most of the rest."""
NO_HOME = 2**50
"""What a need pays whom no home fits."""


def tariff_from(core: Core, limits: Limits, charge: Floats, unit: int, *, network: Network, rules: SideRules) -> Tariff:
    """Round what each limit charges to whole prices."""
    price = np.rint(charge * unit).astype(np.int64)
    node, building = np.zeros(network.out + 1, dtype=np.int64), np.zeros(len(rules.cap), dtype=np.int64)
    np.add.at(node, limits.node[limits.node != NO_NODE], price[limits.node != NO_NODE])
    np.add.at(building, limits.building[limits.building != NO_NODE], price[limits.building != NO_NODE])
    shared = []
    for number in np.flatnonzero(price).tolist():
        rule, rows = limits.apart_of(number), limits.rows(number)
        if rule is not None:
            ours, theirs = (tuple(sorted(core.home[rows[core.place[rows] == place]].tolist())) for place in rule.both)
            shared.append(Shared(rule.one, ours, rule.other, theirs, int(price[number])))
    named = {rules.names[row]: int(building[row]) for row in np.flatnonzero(building).tolist()}
    return Tariff(unit, node, tuple(sorted(named.items())), tuple(shared))


def paid(tariff: Tariff, network: Network, rules: SideRules, place: Ints, home: Ints, cost: Ints | int = 0) -> Ints:
    """Return what each of these pairs pays by a tariff, with its cost in misfit if that is given."""
    total = _by_home(tariff, network, rules)[home] + tariff.unit * cost
    for area in tariff.shared:
        for who, homes in ((area.one, area.homes), (area.other, area.other_homes)):
            rows = np.flatnonzero(place == who)
            total[rows[np.isin(home[rows], homes)]] += area.price
    return total


def least_paid(tariff: Tariff, network: Network, rules: SideRules, cost: Cost | None = None) -> Ints:
    """Return by place the least that any home would cost her by this tariff, its misfit with it if `cost` is given."""
    usable = rules.usable
    place, home = usable.of_places(np.arange(len(usable.count)))
    by_pair = paid(tariff, network, rules, place, home, cost(place, home) if cost else 0)
    least = np.full(len(usable.count), NO_HOME, dtype=np.int64)
    some = np.flatnonzero(usable.count)
    least[some] = np.minimum.reduceat(by_pair, usable.start[some]) if len(some) else NO_HOME
    return least


def taken_in(tariff: Tariff, network: Network, rules: SideRules) -> int:
    """Return the most that there is to take: each price times its room."""
    in_buildings = sum(price * int(rules.cap[rules.names.index(name)]) for name, price in tariff.building)
    in_areas = sum(area.price for area in tariff.shared)
    return int((tariff.node[: network.out] * network.cap).sum()) + in_buildings + in_areas


def _by_home(tariff: Tariff, network: Network, rules: SideRules) -> Ints:
    """Add up what is charged for each home, on all its way out and in its building."""
    building = np.zeros(len(rules.cap) + 1, dtype=np.int64)
    for name, price in tariff.building:
        building[rules.names.index(name)] = price
    above = np.append(network.above, network.out)
    charged, node = building[rules.building], np.arange(network.homes)
    while (node != network.out).any():
        charged = charged + tariff.node[node] * (node != network.out)
        node = above[node]
    return charged


@dataclass
class Wall:
    """A tariff by which those accepted so far pay all that there is to take, so that it keeps others out."""

    tariff: Tariff
    least: Ints
    level: int
    """what all accepted pay at least, beyond what there is to take; never falls, for nobody pays less than nothing"""

    def keeps_out(self, place: int) -> bool:
        """Say whether this need would have to pay what nobody takes."""
        return bool(self.level + self.least[place] > 0)

    def accept(self, place: int) -> None:
        """Count one more in."""
        self.level += int(self.least[place])


def wall_for(
    core: Core, limits: Limits, charge: Floats, accepted: Ints, wanted: int, *, network: Network, rules: SideRules
) -> Wall | None:
    """Return the wall that keeps a need out beside those accepted, if these charges make one."""
    for unit in UNITS:
        tariff = tariff_from(core, limits, charge, unit, network=network, rules=rules)
        least = least_paid(tariff, network, rules)
        wall = Wall(tariff, least, int(least[accepted].sum()) - taken_in(tariff, network, rules))
        if wall.keeps_out(wanted):
            return wall
    return None
