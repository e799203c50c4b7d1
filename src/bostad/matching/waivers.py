"""For needs that no home fits: how many homes each single rule keeps from them, and how many would be theirs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bostad.matching.candidates import OF_A_BUCKET, OF_A_HOME, Buckets
from bostad.matching.columns import Facts, Pairs
from bostad.matching.eligibility import RULES, missing_musts
from bostad.matching.problem import FEATURES
from bostad.matching.relation import Ints, Table, ranges

NEVER_WAIVED = ("consent", "declined")
"""Hers and others' to give: a run never counts what would be had without them."""
WAIVABLE = (*(name for name in RULES if name not in {*NEVER_WAIVED, "must"}), *(f"must:{name}" for name in FEATURES))
"""Every single rule that may be waived in thought; each must feature is one by itself."""
AT_ONCE = 1_000_000
NONE_BROKEN, DROPPED = -1, -2


@dataclass(frozen=True)
class NearMisses:
    """Pairs that one rule alone keeps apart: positions in the list of needs asked about, home rows, and the rule."""

    position: Ints
    home: Ints
    rule: Ints
    """a row of WAIVABLE"""


def near_misses(facts: Facts, need_rows: Ints, homes_in: Table) -> NearMisses:
    """Find the pairs of these needs that exactly one rule keeps apart, consent and declined holding."""
    buckets = Buckets.of(facts, np.flatnonzero(homes_in))
    found = [_Open.none()] + [
        _judged(facts, buckets, need_rows, positions) for positions in _portions(facts, need_rows)
    ]
    return NearMisses(
        *(np.concatenate([getattr(part, name) for part in found]) for name in ("position", "what", "broken"))
    )


@dataclass(frozen=True)
class _Open:
    """Pairs that at most one rule has been found to keep apart so far: needs, buckets or homes, and that rule."""

    position: Ints
    what: Ints
    broken: Ints

    @classmethod
    def none(cls) -> "_Open":
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, nothing)

    def after(self, rule: int, holds: Table) -> "_Open":
        """Drop the pairs for which this rule would be the second one broken."""
        broken = np.where(holds, self.broken, np.where(self.broken == NONE_BROKEN, rule, DROPPED))
        stay = broken != DROPPED
        return _Open(self.position[stay], self.what[stay], broken[stay])

    def only(self, stay: Table) -> "_Open":
        return _Open(self.position[stay], self.what[stay], self.broken[stay])


def _portions(facts: Facts, need_rows: Ints) -> Iterator[Ints]:
    """Divide the needs so that not too many pairs are looked at together."""
    per_need = max(1, len(facts.homes.row))
    yield from np.split(
        np.arange(len(need_rows)), range(AT_ONCE // per_need + 1, len(need_rows), AT_ONCE // per_need + 1)
    )


def _judged(facts: Facts, buckets: Buckets, need_rows: Ints, positions: Ints) -> _Open:
    # Each need against each bucket of the companies that may be told of her.
    company = facts.homes.company[buckets.sample]
    by_company = np.argsort(company, kind="stable")
    position, code = facts.consented.codes_of(need_rows[positions])
    first = np.searchsorted(company[by_company], code)
    entry, at = ranges(first, np.searchsorted(company[by_company], code, side="right") - first)
    position = positions[position[entry]]
    pairs = _Open(position, by_company[at], np.full(len(position), NONE_BROKEN))
    for rule in ("municipality", *OF_A_BUCKET[1:]):
        pairs = _ask(facts, need_rows, pairs, rule, buckets.sample)

    # What is left of them, home by home.
    entry, at = ranges(buckets.first[pairs.what], (buckets.last - buckets.first)[pairs.what])
    pairs = _Open(pairs.position[entry], buckets.homes[at], pairs.broken[entry])
    for rule in ("rent", *OF_A_HOME):
        pairs = _ask(facts, need_rows, pairs, rule, facts.homes.row)
    return pairs.only(pairs.broken != NONE_BROKEN)


def _ask(facts: Facts, need_rows: Ints, pairs: _Open, rule: str, home_of: Ints) -> _Open:
    seen = Pairs.listed(facts, need_rows[pairs.position], home_of[pairs.what])
    if rule == "must":
        missing = missing_musts(seen)
        several = (missing & (missing - 1)) != 0
        which = np.bitwise_count(np.maximum(missing, 1) - 1).astype(np.int64) + WAIVABLE.index(f"must:{FEATURES[0]}")
        stay = ~several & ((missing == 0) | (pairs.broken == NONE_BROKEN))
        return _Open(pairs.position, pairs.what, np.where(missing == 0, pairs.broken, which)).only(stay)
    holds = RULES[rule](seen)
    return pairs.only(holds) if rule in NEVER_WAIVED else pairs.after(WAIVABLE.index(rule), holds)


def count_waivers(misses: NearMisses, would_be_hers: Table, needs: int) -> Callable[[int, str], dict[str, int]]:
    """Return what tells, for a position and a rule, how many homes would fit and how many of them she would get."""
    shape = (needs, len(WAIVABLE))
    at = misses.position * len(WAIVABLE) + misses.rule
    homes = np.bincount(at, minlength=needs * len(WAIVABLE)).reshape(shape).tolist()
    gets = np.bincount(at[would_be_hers], minlength=needs * len(WAIVABLE)).reshape(shape).tolist()
    column = {name: number for number, name in enumerate(WAIVABLE)}

    def counts(position: int, rule: str) -> dict[str, int]:
        return {"homes": homes[position][column[rule]], "gets": gets[position][column[rule]]}

    return counts
