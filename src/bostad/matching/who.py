"""Who is housed where building caps and keep-apart pairs bite: the needs in order, each if all before her keep a home.

Two relaxations are tried first, each a network in which chains decide: one without the caps of buildings whose homes
lie in several lines, one in which the homes of such a building count against it instead of against their lines. Who
finds no chain in either can be housed in no plan. Who finds one that happens to keep every rule is housed. Only between
the two a small model decides, grown around her until it is settled: with all others where they are it can show that she
can be housed, with all others left out that she cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bostad.matching.candidates import Candidates
from bostad.matching.cores import Answer, Budget, Core, settle
from bostad.matching.housing import CLOSED, Chains, Search, a_search, chains_of, find_way_out, move_along
from bostad.matching.network import NOBODY, Network
from bostad.matching.relation import Ints, Table
from bostad.matching.shortest import movers
from bostad.matching.side_rules import SideRules

SIZES = (4, 16, 64, 256)
"""How many needs a core holds, one size after another."""
MOST_PAIRS = 60_000
"""In one model; it decides most questions before it has to search."""
BLOCKED = 2 * CLOSED


@dataclass
class _Relaxed:
    """A network in which everybody accepted is housed by chains alone."""

    network: Network
    chains: Chains
    search: Search
    stamp: int = 0

    @classmethod
    def of(cls, network: Network, candidates: Candidates) -> "_Relaxed":
        chains = chains_of(network, candidates)
        return cls(network, chains, a_search(chains))

    def way_for(self, place: int) -> int:
        """Return the length of a chain that houses one more; what a search saw in vain is closed for good."""
        self.stamp += 1
        length, visits = find_way_out(place, self.stamp, self.chains, self.search)
        if not length:
            self.search.seen[self.search.visited[:visits]] = CLOSED
        return length

    def go(self, place: int, length: int) -> None:
        move_along(place, length, self.chains, self.search.path)


@dataclass
class Housing:
    """An assignment that keeps every rule, growing need by need; `unproven` is the first place that is not settled."""

    network: Network
    rules: SideRules
    budget: Budget
    relaxations: list[_Relaxed]
    unproven: int | None = None
    notes: Search = field(init=False)

    def __post_init__(self) -> None:
        """Make room for the notes of searches."""
        self.notes = a_search(chains_of(self.network, self.rules.usable))

    def house(self, place: int) -> None:
        """House one need more if that can be done with everybody before her."""
        ways = [relaxed.way_for(place) for relaxed in self.relaxations]
        if not all(ways):
            return
        if not self._by_a_chain(place):
            answer = self._by_a_core(place)
            if answer is Answer.UNKNOWN and self.unproven is None:
                self.unproven = place
            if answer is not Answer.FOUND:
                return
        for relaxed, length in zip(self.relaxations, ways, strict=True):
            relaxed.go(place, length)

    def _by_a_chain(self, place: int) -> bool:
        """Try one chain that enters no full building and no area of somebody she is kept apart from."""
        rules, network = self.rules, self.network
        chains = chains_of(network, rules.usable)
        search = self.notes
        blocked = self._blocked
        for rule in rules.rules_of(place):
            other = int(network.home_of[rule.other if place == rule.one else rule.one])
            if other != NOBODY:
                homes = rules.usable.of(place)
                blocked[homes[rule.near(homes, other)]] = True
        search.seen[:] = 0
        search.seen[:-2][: len(blocked)][blocked] = BLOCKED
        search.looked[:] = chains.start
        length, _ = find_way_out(place, 1, chains, search)
        if not length:
            return False
        before = network.copy()
        move_along(place, length, chains, search.path)
        if rules.broken(network.home_of):
            self._restore(before)
            return False
        return True

    @property
    def _blocked(self) -> Table:
        """Which free homes lie in a building that is full."""
        full = np.append(self.rules.held(self.network.home_of) >= self.rules.cap, [False])
        free: Table = (self.network.holder == NOBODY) & full[self.rules.building]
        return free

    def _homes_of(self, places: list[int]) -> tuple[Ints, Ints]:
        position, homes = self.rules.usable.of_places(np.array(places, dtype=np.int64))
        return homes, position

    def _restore(self, before: Network) -> None:
        self.network.holder[:], self.network.used[:] = before.holder, before.used
        self.network.home_of[:] = before.home_of

    def _by_a_core(self, place: int) -> Answer:
        """Let models around her decide, each larger than the last; the last one holds everybody."""
        if self.budget.left <= 0:
            return Answer.UNKNOWN
        members, seeds = np.zeros(0, dtype=np.int64), self._first_in_the_way(place)
        for size in SIZES:
            before, members = members, self._around(seeds, size)
            if len(members) == len(before):
                break
            if self._with_others_in_place(members) is Answer.FOUND:
                return Answer.FOUND
            if self._with_others_left_out(members) is Answer.NONE:
                return Answer.NONE
        return self._with_others_in_place(np.union1d(np.flatnonzero(self.network.home_of != NOBODY), [place]))

    def _first_in_the_way(self, place: int) -> list[int]:
        """Return who would move along the shortest chain; then for each full building on it, who could leave."""
        network, rules = self.network, self.rules
        chains = chains_of(network, rules.usable)
        partners = [other for rule in rules.rules_of(place) for other in (rule.one, rule.other)]
        found = [place, *movers(place, chains, np.zeros(network.homes, dtype=np.bool_)), *partners]
        full = np.flatnonzero(rules.held(network.home_of) >= rules.cap)
        homes, _ = self._homes_of(found)
        for building in np.intersect1d(full, rules.building[homes]).tolist():
            inside = rules.building == building
            for holder in network.holder[inside & (network.holder != NOBODY)].tolist():
                found += [holder, *movers(holder, chains, inside | self._blocked)]
        return [one for one in dict.fromkeys(found) if one == place or network.home_of[one] != NOBODY]

    def _around(self, seeds: list[int], size: int) -> Ints:
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
        near = [other for rule in rules.rules_of(place) for other in (rule.one, rule.other)]
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

    def _with_others_in_place(self, members: Ints) -> Answer:
        """Look for homes for these needs with everybody else where they are; if found, they move there."""
        network, rules = self.network, self.rules
        fixed = network.home_of.copy()
        fixed[members] = NOBODY
        others = np.flatnonzero(fixed != NOBODY)
        rest = network.copy()
        rest.put(others, fixed[others])
        position, home = rules.usable.of_places(members)
        place, open_to = members[position], rest.holder[home] == NOBODY
        for rule in rules.apart:
            for mine, other in ((rule.one, rule.other), (rule.other, rule.one)):
                if fixed[other] != NOBODY:
                    rows = np.flatnonzero(place == mine)
                    open_to[rows] &= ~rule.near(home[rows], int(fixed[other]))
        place, home = place[open_to], home[open_to]
        if len(np.unique(place)) < len(members):
            return Answer.NONE
        if len(place) > MOST_PAIRS:
            return Answer.UNKNOWN
        core = Core(place, home, rest.left, rules.cap - rules.held(fixed))
        found = settle(core, network, rules, self.budget)
        if found.answer is Answer.FOUND:
            fixed[place[found.rows]] = home[found.rows]
            places = np.flatnonzero(fixed != NOBODY)
            network.put(places, fixed[places])
        return found.answer

    def _with_others_left_out(self, members: Ints) -> Answer:
        """Ask whether these needs alone could all be housed."""
        position, home = self.rules.usable.of_places(members)
        if len(position) > MOST_PAIRS:
            return Answer.UNKNOWN
        core = Core(members[position], home, self.network.cap, self.rules.cap)
        return settle(core, self.network, self.rules, self.budget).answer


def house_with_rules(networks: Sequence[Network], rules: SideRules, effort: float) -> Housing:
    """House the needs in their order with every rule kept; the first network takes them, the others are relaxations."""
    relaxed = [_Relaxed.of(network.copy(), rules.usable) for network in networks]
    housing = Housing(networks[0], rules, Budget(effort), relaxed)
    for place in np.flatnonzero(rules.usable.count > 0).tolist():
        housing.house(place)
    return housing
