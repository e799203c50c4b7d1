"""All that bounds which pairs can be chosen together, as lists of pairs of which so many can be chosen at most."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from bostad.matching.network import Network
from bostad.matching.relation import Ints, Table, ranges
from bostad.matching.side_rules import KeptApart, SideRules

NO_NODE = -1


@dataclass(frozen=True)
class Core:
    """Needs that must each get one of these pairs, sorted by place, and the room there is: by node, by building."""

    place: Ints
    home: Ints
    room: Ints
    building_room: Ints
    cost: Ints | None = None

    @property
    def costs(self) -> Ints:
        """What each pair costs, nothing where that is not asked."""
        return np.zeros_like(self.place) if self.cost is None else self.cost

    @property
    def first(self) -> Ints:
        """The first row of each need."""
        return np.flatnonzero(np.diff(self.place, prepend=-1))

    @property
    def sizes(self) -> Ints:
        """How many rows each need has."""
        return np.diff(np.append(self.first, len(self.place)))

    def rows_of(self, place: int) -> Ints:
        """Return the rows of one need."""
        return np.arange(*np.searchsorted(self.place, [place, place + 1]))

    def only(self, rows: Ints) -> "Core":
        """Return the core with some of its pairs."""
        return replace(self, place=self.place[rows], home=self.home[rows], cost=self.costs[rows])


@dataclass(frozen=True)
class Limits:
    """Of the rows of a core from start[n] to start[n + 1] at most most[n] are chosen.

    That is so because of a node, a building or two who are kept apart.
    """

    start: Ints
    row: Ints
    most: Ints
    node: Ints
    """by limit: the node of the network, or NO_NODE"""
    building: Ints
    """by limit: the building, or NO_NODE"""
    apart: tuple[KeptApart, ...]
    """of the last limits, one each"""

    def __len__(self) -> int:
        """Count the limits."""
        return len(self.most)

    @property
    def number(self) -> Ints:
        """The number of the limit of each entry of `row`."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    def rows(self, number: int) -> Ints:
        """Return the rows that a limit bounds."""
        return self.row[self.start[number] : self.start[number + 1]]

    def apart_of(self, number: int) -> KeptApart | None:
        """Return whom a limit keeps apart."""
        first = len(self) - len(self.apart)
        return self.apart[number - first] if number >= first else None


@dataclass(frozen=True)
class _Lists:
    """Rows by key: those of the nth key from start[n] to start[n + 1]."""

    key: Ints
    start: Ints
    row: Ints

    @classmethod
    def by(cls, keys: Ints, rows: Ints) -> Self:
        in_turn = np.argsort(keys, kind="stable")
        start = np.flatnonzero(np.diff(keys[in_turn], prepend=-1))
        return cls(keys[in_turn][start], np.append(start, len(keys)), rows[in_turn])

    def only(self, stay: Table) -> Self:
        count = np.diff(self.start)[stay]
        _, at = ranges(self.start[:-1][stay], count)
        return type(self)(self.key[stay], np.append(0, np.cumsum(count)), self.row[at])


def limits_of(core: Core, network: Network, rules: SideRules) -> Limits:
    """Return the limits that some choice of one pair for each need could pass."""
    # A home goes to one need; nodes above the homes hold no more than they have room for.
    node = _Lists.by(*_passed(network, core.home))
    node = node.only(np.diff(node.start) > core.room[node.key])

    # Buildings that are no node hold no more than their caps.
    building, capped = rules.building[core.home], np.flatnonzero(rules.building[core.home] >= 0)
    house = _Lists.by(building[capped], capped)
    house = house.only(np.diff(house.start) > core.building_room[house.key])

    # Two who are kept apart never get homes in the same area.
    inside = set(np.unique(core.place).tolist())
    both_inside = [rule for rule in rules.apart if inside.issuperset(rule.both)]
    areas = [(rule, rows) for rule in both_inside for rows in _areas(rule, core)]

    sizes = [np.diff(node.start), np.diff(house.start), np.array([len(rows) for _, rows in areas], dtype=np.int64)]
    no_node, no_building, neither = (np.full(count, NO_NODE) for count in (len(house.key), len(node.key), len(areas)))
    return Limits(
        start=np.append(0, np.cumsum(np.concatenate(sizes))),
        row=np.concatenate([node.row, house.row, *(rows for _, rows in areas)]),
        most=np.concatenate([core.room[node.key], core.building_room[house.key], np.ones(len(areas), dtype=np.int64)]),
        node=np.concatenate([node.key, no_node, neither]),
        building=np.concatenate([no_building, house.key, neither]),
        apart=tuple(rule for rule, _ in areas),
    )


def _passed(network: Network, homes: Ints) -> tuple[Ints, Ints]:
    """Return every node on the way out of each home, the home first, beside the home's position."""
    nodes, positions = [homes], [np.arange(len(homes))]
    while len(nodes[-1]):
        node, position = network.above[nodes[-1]], positions[-1]
        nodes.append(node[node < network.out])
        positions.append(position[node < network.out])
    return np.concatenate(nodes), np.concatenate(positions)


def _areas(rule: KeptApart, core: Core) -> Iterator[Ints]:
    """Return for each area in which both could live the rows that lie there; an unknown one is its municipality."""
    mine, others = (
        {row: rule.area[home] for row, home in zip(rows.tolist(), core.home[rows].tolist(), strict=True)}
        for rows in map(core.rows_of, rule.both)
    )
    for one, two in ((mine, others), (others, mine)):
        for town, name in sorted(set(one.values()), key=str):
            here = [row for row, area in one.items() if area == (town, name)]
            there = [
                row
                for row, (other_town, other) in two.items()
                if other_town == town and (name is None or other is None or other == name)
            ]
            if there:
                yield np.array(here + there, dtype=np.int64)
