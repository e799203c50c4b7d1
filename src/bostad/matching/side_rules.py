"""Building caps and keep-apart pairs as numbers: what they forbid, and whether an assignment keeps them.

An assignment is an array by place in the order: the home row that the need holds, or -1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from bostad.matching.candidates import Candidates
from bostad.matching.network import building_caps, building_of, nested_caps
from bostad.matching.problem import Home, Problem, name_key
from bostad.matching.relation import Ints, Table

Area = tuple[str, str | None]
"""A municipality, and a name in it: None where unknown, empty where the municipality itself is meant."""


@dataclass(frozen=True)
class KeptApart:
    """Two places in the order that may not get homes in the same area; `area` is each home's, by row."""

    one: int
    other: int
    area: list[Area]

    @property
    def both(self) -> tuple[int, int]:
        """The two."""
        return self.one, self.other

    def together(self, home: int, other_home: int) -> bool:
        """Say whether two homes lie in the same area; an unknown one is the same as every other of its municipality."""
        (town, name), (other_town, other_name) = self.area[home], self.area[other_home]
        return town == other_town and (name is None or other_name is None or name == other_name)

    def near(self, homes: Ints, other_home: int) -> Table:
        """Return True for each of the homes that lies in the same area as another."""
        return np.array([self.together(home, other_home) for home in homes.tolist()], dtype=np.bool_)


@dataclass(frozen=True)
class SideRules:
    """The rules that the flow does not keep by itself."""

    building: Ints
    """by home row: the number of its building where that has a cap of its own, or -1"""
    cap: Ints
    """by building: how many it may hold beside the promised ones"""
    names: tuple[str, ...]
    """by building: its municipality and name"""
    apart: tuple[KeptApart, ...]
    usable: Candidates
    """the pairs that fit and are not kept apart from a promise"""

    def idle(self, candidates: Candidates) -> bool:
        """Say whether there is nothing to keep: no building with a limit of its own, and nobody kept apart."""
        return not len(self.cap) and not self.apart and self.usable is candidates

    def kept_by(self, home_of: Ints, candidates: Candidates) -> bool:
        """Say whether an assignment of any pairs that fit keeps all rules, those about promises too."""
        if self.usable is not candidates:
            places = np.flatnonzero(home_of >= 0)
            if any(home_of[place] not in self.usable.of(place) for place in places.tolist()):
                return False
        return not self.broken(home_of)

    def broken(self, home_of: Ints) -> bool:
        """Say whether an assignment breaks any of the rules."""
        return bool(self.overfull(home_of).any()) or next(self.too_near(home_of), None) is not None

    def overfull(self, home_of: Ints) -> Table:
        """Return True for each building that holds too many."""
        over: Table = self.held(home_of) > self.cap
        return over

    def held(self, home_of: Ints) -> Ints:
        """Count what each building holds."""
        building = self.building[home_of[home_of >= 0]]
        return np.bincount(building[building >= 0], minlength=len(self.cap))

    def too_near(self, home_of: Ints) -> Iterator[KeptApart]:
        """Find the pairs that are to be kept apart and are not."""
        for rule in self.apart:
            home, other = int(home_of[rule.one]), int(home_of[rule.other])
            if home >= 0 and other >= 0 and rule.together(home, other):
                yield rule

    def rules_of(self, place: int) -> Iterable[KeptApart]:
        """Return the keep-apart pairs that a place is in."""
        return (rule for rule in self.apart if place in {rule.one, rule.other})


def side_rules_of(problem: Problem, candidates: Candidates) -> SideRules:
    """Return the side rules of a problem that its network does not hold as quotas."""
    nested = nested_caps(problem)
    names = [name for name in sorted(building_caps(problem)) if name not in nested]
    number = {name: row for row, name in enumerate(names)}
    buildings = [building_of(home.municipality, home.building) or "" for home in problem.homes]
    caps = building_caps(problem)
    cap = np.array([caps[name] for name in names], dtype=np.int64)
    row_of = {home.home: row for row, home in enumerate(problem.homes)}
    building = np.array([number.get(name, -1) for name in buildings], dtype=np.int64)
    locked = {need: row_of[home] for need, home in problem.locked}
    taken = building[list(locked.values())] if locked else building[:0]
    cap = np.maximum(0, cap - np.bincount(taken[taken >= 0], minlength=len(cap)))
    place_of = {problem.needs[row].need: place for place, row in enumerate(candidates.needs.tolist())}
    apart, forbidden = [], np.zeros(len(candidates), dtype=np.bool_)
    areas = {scope: [_area(home, scope) for home in problem.homes] for scope in {rule.scope for rule in problem.apart}}
    for rule in problem.apart:
        pair = KeptApart(place_of[rule.need_a], place_of[rule.need_b], areas[rule.scope])
        promised = [need for need in (rule.need_a, rule.need_b) if need in locked]
        if not promised:
            apart.append(pair)
        elif len(promised) == 1:
            free = pair.other if promised[0] == rule.need_a else pair.one
            span = slice(candidates.start[free], candidates.start[free + 1])
            forbidden[span] |= pair.near(candidates.of(free), locked[promised[0]])
    return SideRules(building, cap, tuple(names), tuple(apart), _without(candidates, forbidden))


def _area(home: Home, scope: str) -> Area:
    if scope == "municipality":
        return home.municipality, ""
    name = home.district if scope == "district" else home.building
    return home.municipality, name_key(name) if name else None


def _without(candidates: Candidates, forbidden: Table) -> Candidates:
    """Return the pairs without some of them."""
    if not forbidden.any():
        return candidates
    dropped = np.append(0, np.cumsum(forbidden))[candidates.start]
    return replace(candidates, start=candidates.start - dropped, homes=candidates.homes[~forbidden])
