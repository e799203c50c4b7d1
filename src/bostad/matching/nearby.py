"""Who is in the way of a need where side rules bite: those who hold what she and others near her could have."""

from dataclasses import dataclass

import numpy as np

from bostad.matching.housing import chains_of
from bostad.matching.network import NOBODY, Network
from bostad.matching.relation import Ints, Table
from bostad.matching.shortest import movers
from bostad.matching.side_rules import SideRules


@dataclass(frozen=True)
class Nearby:
    """An assignment that keeps every rule, looked at from a need; `blocked` are free homes in full buildings."""

    network: Network
    rules: SideRules
    blocked: Table

    def first_in_the_way(self, place: int) -> list[int]:
        """Return who would move along the shortest chain; then for each full building on it, who could leave."""
        network, rules = self.network, self.rules
        chains = chains_of(network, rules.usable)
        partners = [other for rule in rules.rules_of(place) for other in rule.both]
        found = [place, *movers(place, chains, np.zeros(network.homes, dtype=np.bool_)), *partners]
        full = np.flatnonzero(rules.held(network.home_of) >= rules.cap)
        homes = rules.usable.of_places(np.array(found, dtype=np.int64))[1]
        for building in np.intersect1d(full, rules.building[homes]).tolist():
            inside = rules.building == building
            for holder in network.holder[inside & (network.holder != NOBODY)].tolist():
                found += [holder, *movers(holder, chains, inside | self.blocked)]
        return [one for one in dict.fromkeys(found) if one == place or network.home_of[one] != NOBODY]

    def around(self, seeds: list[int], size: int) -> Ints:
        """Return the first in the way and those nearest to them, who hold what others could have."""
        members = dict.fromkeys(seeds[:size])
        for at in range(size):
            if at >= len(members) or len(members) >= size:
                break
            for other in self._in_the_way_of(list(members)[at]):
                members.setdefault(other)
        return np.array(sorted(list(members)[:size]), dtype=np.int64)

    def _in_the_way_of(self, place: int) -> list[int]:
        network, rules = self.network, self.rules
        homes = rules.usable.of(place)
        near = [other for rule in rules.rules_of(place) for other in rule.both]
        buildings = np.unique(rules.building[homes])
        inside = [homes, np.flatnonzero(np.isin(rules.building, buildings[buildings >= 0]))]
        above = network.above[homes]
        while len(above):
            full = np.unique(above[network.used[above] >= network.cap[above]])
            inside += [network.homes_under(node) for node in full.tolist()]
            above = network.above[above]
            above = above[above < network.out]
        found = [*near, *network.holder[np.concatenate(inside)].tolist()]
        return [other for other in dict.fromkeys(found) if other != NOBODY and network.home_of[other] != NOBODY]
