"""The pairs that fit, found without looking at all others.

Homes that lie in one municipality, under one line, of one company and with as many rooms are a bucket: what most rules
ask about is the same for all of them, so a rule asks once. In a bucket homes stand by rent, so that those that can be
paid come first. Work and memory grow with needs x buckets of their municipalities, and with the pairs that can fit.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bostad.matching.columns import Facts, Pairs, facts_of
from bostad.matching.eligibility import RULES
from bostad.matching.priority import order
from bostad.matching.problem import Problem
from bostad.matching.relation import Ints, Table, ranges

OF_A_BUCKET = ("consent", "company", "line", "group", "contract", "rooms")
"""Rules that say the same of every home in a bucket; municipality and rent are kept by how pairs are listed."""
OF_A_HOME = ("declined", "people", "must", "school", "dates", "district", "building", "near")
"""The other rules, those that are quick to ask first."""
AT_ONCE = 2_000_000

Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class Lists:
    """For each need, in the order of needs, the homes she may have: those of place p from start[p] to start[p + 1]."""

    start: Ints
    homes: Numbers

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.homes)

    def of(self, place: int) -> Ints:
        """Return the rows of the homes that fit the need at a place in the order."""
        return self.homes[self.start[place] : self.start[place + 1]].astype(np.int64)

    @cached_property
    def count(self) -> Ints:
        """How many homes fit each need, by place."""
        return np.diff(self.start)

    def of_places(self, places: Ints) -> tuple[Ints, Ints]:
        """Return the pairs of some needs: for each the position in `places`, and the home's row."""
        position, at = ranges(self.start[places], self.count[places])
        return position, self.homes[at].astype(np.int64)


@dataclass(frozen=True)
class Candidates(Lists):
    """The pairs that fit; locked needs have none. `needs` holds need rows by place in the order, `homes` home rows."""

    facts: Facts
    needs: Ints


@dataclass(frozen=True)
class Buckets:
    """Homes sorted into buckets by municipality, line, company and rooms, and in each by rent."""

    homes: Ints
    rent: Ints
    first: Ints
    last: Ints
    sample: Ints
    """one home of each bucket, to ask about all"""
    municipality: Ints

    @classmethod
    def of(cls, facts: Facts, home_rows: Ints) -> "Buckets":
        """Sort the given homes."""
        homes = facts.homes
        keys = (homes.municipality, homes.line, homes.company, homes.rooms)
        rows = home_rows[np.lexsort([homes.rent[home_rows], *(key[home_rows] for key in keys[::-1])])]
        changes = np.zeros(len(rows), dtype=np.bool_)
        changes[:1] = True
        for key in keys:
            changes[1:] |= key[rows[1:]] != key[rows[:-1]]
        first = np.flatnonzero(changes)
        last = np.append(first[1:], len(rows))
        return cls(rows, homes.rent[rows], first, last, rows[first], homes.municipality[rows[first]])

    def paid_with(self, buckets: Ints, most: Ints) -> Ints:
        """Count for each bucket and highest rent the homes that can be paid: a binary search, all side by side."""
        low, high = self.first[buckets], self.last[buckets]
        while (low < high).any():
            middle = (low + high) // 2
            within = (low < high) & (self.rent[np.minimum(middle, len(self.rent) - 1)] <= most)
            low, high = np.where(within, middle + 1, low), np.where(within, high, np.minimum(high, middle))
        return low - self.first[buckets]


def open_pairs(problem: Problem) -> Candidates:
    """Return the pairs that fit, without the needs and the homes that are promised already."""
    return candidates_of(facts_of(problem), np.array(order(problem.needs), dtype=np.int64), *rows_in_the_run(problem))


def rows_in_the_run(problem: Problem) -> tuple[Table, Table]:
    """Return True for each need, and for each home, that is not promised already."""
    needs, homes = {need for need, _ in problem.locked}, {home for _, home in problem.locked}
    return (
        np.array([need.need not in needs for need in problem.needs], dtype=np.bool_),
        np.array([home.home not in homes for home in problem.homes], dtype=np.bool_),
    )


def candidates_of(facts: Facts, in_order: Ints, needs_in: Table, homes_in: Table) -> Candidates:
    """Return the pairs that fit among some needs and homes; `in_order` holds the rows of all needs."""
    buckets = Buckets.of(facts, np.flatnonzero(homes_in))
    count = np.zeros(len(in_order) + 1, dtype=np.int64)
    found = [np.zeros(0, dtype=np.int32)]
    for places in _portions(facts, buckets, in_order):
        place, home = _pairs_of(facts, buckets, in_order, places[needs_in[in_order[places]]])
        count[1:] += np.bincount(place, minlength=len(in_order))
        found.append(home.astype(np.int32))
    return Candidates(np.cumsum(count), np.concatenate(found), facts, in_order)


def _portions(facts: Facts, buckets: Buckets, in_order: Ints) -> Iterator[Ints]:
    """Divide the places in portions that list about as many homes each, so that memory stays bounded."""
    in_municipality = np.bincount(facts.homes.municipality[buckets.homes], minlength=facts.lives_in.width)
    need, code = facts.lives_in.codes_of(facts.needs.row)
    listed = np.bincount(need, in_municipality[code], minlength=len(in_order))[in_order]
    portion = (np.cumsum(listed) // AT_ONCE).astype(np.int64)
    yield from np.split(np.arange(len(in_order)), np.flatnonzero(np.diff(portion)) + 1)


def _pairs_of(facts: Facts, buckets: Buckets, in_order: Ints, places: Ints) -> tuple[Ints, Ints]:
    """Return the pairs that fit of some places, as places and home rows."""
    # Every bucket in a municipality she can live in ...
    of_place, municipality = facts.lives_in.codes_of(in_order[places])
    lowest = np.searchsorted(buckets.municipality, municipality)
    of_entry, bucket = ranges(lowest, np.searchsorted(buckets.municipality, municipality, side="right") - lowest)
    place = places[of_place[of_entry]]

    # ... that the rules about whole buckets leave, with the homes in it that she can pay ...
    place, bucket = _kept_by(facts, OF_A_BUCKET, in_order, place, bucket, buckets.sample)
    of_entry, at = ranges(buckets.first[bucket], buckets.paid_with(bucket, facts.needs.rent_max[in_order[place]]))

    # ... that the rules about each home leave.
    return _kept_by(facts, OF_A_HOME, in_order, place[of_entry], buckets.homes[at], facts.homes.row)


def _kept_by(
    facts: Facts, rules: Collection[str], in_order: Ints, place: Ints, what: Ints, home_of: Ints
) -> tuple[Ints, Ints]:
    """Drop what a rule forbids, rule by rule, so that each is asked only about what the ones before it left."""
    for rule in rules:
        holds = RULES[rule](Pairs.listed(facts, in_order[place], home_of[what]))
        place, what = place[holds], what[holds]
    return place, what
