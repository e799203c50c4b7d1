"""Who is housed where building caps and keep-apart pairs bite: the needs in order, each if all before her keep a home.

Two relaxations are tried first, each a network in which chains decide: one without the caps of buildings whose homes
lie in several lines, one in which the homes of such a building count against it instead of against their lines. Who
finds no chain in either can be housed in no plan. Who finds one that happens to keep every rule is housed. Only between
the two models decide, first small ones around her that leave everybody else in place, then a linear programme of all:
mostly it gives homes to all of them, or a tariff by which she and those before her would pay more than there is to
take. Such a tariff keeps others out as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from bostad.matching.cores import Answer, Budget, settle
from bostad.matching.housing import CLOSED, Search, a_search, chains_of, find_way_out, move_along
from bostad.matching.limits import Core, Limits, limits_of
from bostad.matching.linear import NEAR, Relaxed, relax
from bostad.matching.nearby import Nearby
from bostad.matching.network import NOBODY, Network
from bostad.matching.relation import Ints, Table
from bostad.matching.side_rules import SideRules
from bostad.matching.tariffs import Wall, wall_for
from bostad.matching.unbound import Unbound

SIZES = (4, 16, 64, 256)
"""How many needs the small models hold, one after another."""
SEARCHED = 16
"""Up to so many, a search is quickest (CP-SAT); beyond, a linear programme."""
MOST_PAIRS = 60_000
"""In one model or programme."""
TOGETHER = 200
"""How many of those who wait a tariff is made to keep out, if it can."""
RINGS = 3
"""How often what is around a broken corner grows before everybody may move."""
BLOCKED = 2 * CLOSED


class _Relaxation(NamedTuple):
    core: Core
    limits: Limits
    found: Relaxed | None


@dataclass
class Housing:
    """An assignment that keeps every rule, growing need by need; `unproven` is the first place that is not settled."""

    network: Network
    rules: SideRules
    budget: Budget
    relaxations: list[Unbound]
    walls: list[Wall] = field(default_factory=list)
    by_search: list[int] = field(default_factory=list)
    """places of whom only a search in vain says that they cannot be housed"""
    unproven: int | None = None
    notes: Search = field(init=False)

    def __post_init__(self) -> None:
        """Make room for the notes of searches."""
        self.notes = a_search(chains_of(self.network, self.rules.usable))

    def house(self, place: int) -> None:
        """House one need more if that can be done with everybody before her."""
        ways = [relaxed.way_for(place) for relaxed in self.relaxations]
        if not all(ways) or any(wall.keeps_out(place) for wall in self.walls):
            return
        if not self._by_a_chain(place):
            answer = self._by_a_model(place)
            if answer is Answer.UNKNOWN and self.unproven is None:
                self.unproven = place
            if answer is not Answer.FOUND:
                return
        for relaxed, length in zip(self.relaxations, ways, strict=True):
            relaxed.go(place, length)
        for wall in self.walls:
            wall.accept(place)

    def _by_a_chain(self, place: int) -> bool:
        """Try one chain that enters no full building and no area of somebody she is kept apart from."""
        rules, network, search = self.rules, self.network, self.notes
        chains = chains_of(network, rules.usable)
        blocked = _blocked(network, rules)
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
            network.go_back_to(before)
            return False
        return True

    def _by_a_model(self, place: int) -> Answer:
        """Let models decide: small ones around her, each larger than the last, then one of all, unless too large."""
        if self.budget.left <= 0:
            return Answer.UNKNOWN
        nearby = Nearby(self.network, self.rules, _blocked(self.network, self.rules))
        members, seeds = np.zeros(0, dtype=np.int64), nearby.first_in_the_way(place)
        for size in SIZES:
            before, members = members, nearby.around(seeds, size)
            if len(members) == len(before):
                break
            if self._moves_within(members, place):
                return Answer.FOUND
        everybody = np.union1d(np.flatnonzero(self.network.home_of != NOBODY), [place])
        of_all = int(self.rules.usable.count[everybody].sum()) <= MOST_PAIRS
        return self._by_relaxing(everybody if of_all else members, place, of_all=of_all)

    def _moves_within(self, members: Ints, place: int) -> bool:
        """House her with these needs moving and all others where they are, if that can be seen quickly."""
        if len(members) <= SEARCHED:
            return self._with_others_where(members, self.network.home_of) is Answer.FOUND
        core, fixed = self._beside(members, self.network.home_of)
        limits = limits_of(core, self.network, self.rules)
        hers = core.place == place
        start = self.network.home_of[core.place] == core.home
        worth = -hers.astype(np.float64)
        found = relax(core, limits, worth, self.budget, wanted=np.array([place]), start=start)
        if found is None or found.broken.any() or found.share[hers].sum() < 1 - NEAR:
            return False
        self._put_beside(fixed, core, np.flatnonzero(found.share > 1 - NEAR))
        return True

    def _by_relaxing(self, members: Ints, place: int, *, of_all: bool) -> Answer:
        """Relax a model of these needs with all others left out; if all are in it, its homes are theirs."""
        alone = self._relaxation(members, np.array([place]))
        if alone.found is None:
            return Answer.UNKNOWN
        if alone.found.share[alone.core.place == place].sum() > 1 - NEAR:
            return self._made_whole(alone.core, alone.found, place) if of_all else Answer.UNKNOWN
        wall = self._wall_by(self._relaxation(members, self._next_to(place)), place) or self._wall_by(alone, place)
        self.walls += [wall] if wall else []
        return Answer.NONE if wall else Answer.UNKNOWN

    def _relaxation(self, members: Ints, wanted: Ints) -> "_Relaxation":
        """Relax a model of some needs, and of those wanted, who may stay without a home."""
        members = np.union1d(members, wanted)
        position, home = self.rules.usable.of_places(members)
        core = Core(members[position], home, self.network.cap, self.rules.cap)
        limits = limits_of(core, self.network, self.rules)
        start = self.network.home_of[core.place] == core.home
        worth = -np.isin(core.place, wanted).astype(np.float64)
        return _Relaxation(core, limits, relax(core, limits, worth, self.budget, wanted=wanted, start=start))

    def _next_to(self, place: int) -> Ints:
        """Return a need and the next who could have a home but for side rules: one tariff may keep all out."""
        usable = self.rules.usable
        open_homes = np.all([relaxed.open_homes for relaxed in self.relaxations], axis=0)
        open_to = np.append(0, np.cumsum(open_homes[usable.homes]))
        could = np.flatnonzero(open_to[usable.start[1:]] > open_to[usable.start[:-1]])
        return could[could >= place][:TOGETHER]

    def _wall_by(self, relaxation: "_Relaxation", place: int) -> Wall | None:
        core, limits, found = relaxation
        if found is None:
            return None
        accepted = np.flatnonzero(self.network.home_of != NOBODY)
        return wall_for(core, limits, found.charge, accepted, place, network=self.network, rules=self.rules)

    def _made_whole(self, core: Core, found: Relaxed, place: int) -> Answer:
        """Give out what the relaxed model chose whole; let models decide on what it chose in part, and around it."""
        whole = np.flatnonzero(found.share > 1 - NEAR)
        home_of = np.full_like(self.network.home_of, NOBODY)
        home_of[core.place[whole]] = core.home[whole]
        in_part = np.unique(core.place[found.broken])
        if not len(in_part):
            self.network.put(core.place[whole], core.home[whole])
            return Answer.FOUND
        members = in_part
        for _ in range(RINGS):
            if self._with_others_where(members, home_of) is Answer.FOUND:
                return Answer.FOUND
            wanted = self.rules.usable.of_places(members)[1]
            members = np.union1d(members, np.flatnonzero(np.isin(home_of, wanted)))
        answer = self._with_others_where(np.unique(core.place), home_of)
        self.by_search += [place] if answer is Answer.NONE else []
        return answer

    def _with_others_where(self, members: Ints, home_of: Ints) -> Answer:
        """Look for homes for these needs with everybody else in the homes given; if found, all move there."""
        core, fixed = self._beside(members, home_of)
        if len(np.unique(core.place)) < len(members):
            return Answer.NONE
        found = settle(core, self.network, self.rules, self.budget)
        if found.answer is Answer.FOUND:
            self._put_beside(fixed, core, found.rows)
        return found.answer

    def _beside(self, members: Ints, home_of: Ints) -> tuple[Core, Ints]:
        """Return the model of these needs with everybody else in the homes given, and those homes."""
        network, rules = self.network, self.rules
        fixed = home_of.copy()
        fixed[members] = NOBODY
        others = np.flatnonzero(fixed != NOBODY)
        rest = network.copy()
        rest.put(others, fixed[others])
        position, home = rules.usable.of_places(members)
        place, open_to = members[position], rest.holder[home] == NOBODY
        for rule in rules.apart:
            for mine, other in (rule.both, rule.both[::-1]):
                if fixed[other] != NOBODY and mine in members:
                    rows = np.flatnonzero(place == mine)
                    open_to[rows] &= ~rule.near(home[rows], int(fixed[other]))
        return Core(place[open_to], home[open_to], rest.left, rules.cap - rules.held(fixed)), fixed

    def _put_beside(self, fixed: Ints, core: Core, rows: Ints) -> None:
        """Let those in a model move to the homes chosen, and everybody else to where the model had them."""
        fixed[core.place[rows]] = core.home[rows]
        places = np.flatnonzero(fixed != NOBODY)
        self.network.put(places, fixed[places])


def _blocked(network: Network, rules: SideRules) -> Table:
    """Return which free homes lie in a building that is full."""
    full = np.append(rules.held(network.home_of) >= rules.cap, [False])
    free: Table = (network.holder == NOBODY) & full[rules.building]
    return free


def house_with_rules(networks: Sequence[Network], rules: SideRules, effort: float) -> Housing:
    """House the needs in their order with every rule kept; the first network takes them, all are relaxations."""
    relaxed = [Unbound.of(network.copy(), rules.usable) for network in networks]
    housing = Housing(networks[0], rules, Budget(effort), relaxed)
    for place in np.flatnonzero(rules.usable.count > 0).tolist():
        housing.house(place)
    return housing
