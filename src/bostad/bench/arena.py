"""One instance as bare arrays, the same for every method, and a file to hand it from process to process."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bostad.matching.candidates import Candidates
from bostad.matching.network import Network
from bostad.matching.tight import Cost

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
PORTION = 4_000_000


@dataclass(frozen=True)
class Arena:
    """Pairs with what each costs, needs numbered by their place in the order; what stands above homes, and its room."""

    start: Ints
    home: Small
    cost: Small
    above: Ints
    cap: Ints
    homes: int

    @property
    def needs(self) -> int:
        """How many needs there are."""
        return len(self.start) - 1

    @property
    def place(self) -> Ints:
        """The place of each pair's need."""
        return np.repeat(np.arange(self.needs), np.diff(self.start))

    def save(self, path: Path) -> None:
        """Write it to a file."""
        np.savez(
            path, start=self.start, home=self.home, cost=self.cost, above=self.above, cap=self.cap, homes=self.homes
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read it from a file."""
        with np.load(path) as stored:
            arrays = {name: stored[name] for name in stored.files}
        return cls(**{**arrays, "homes": int(arrays["homes"])})


def arena_of(network: Network, candidates: Candidates, cost: Cost) -> Arena:
    """Price every pair of an instance, in portions."""
    every = np.empty(len(candidates), dtype=np.int32)
    for first in range(0, len(candidates), PORTION):
        at = np.arange(first, min(first + PORTION, len(candidates)))
        place = np.searchsorted(candidates.start, at, side="right") - 1
        every[at] = cost(place, candidates.homes[at].astype(np.int64))
    return Arena(candidates.start, candidates.homes, every, network.above, network.cap, network.homes)


def blockers(arena: Arena) -> tuple[Small, Ints]:
    """Return rows that must be placed, for methods that know no quotas: they take what a quota or a cap leaves unused.

    As (row, home) pairs; rows are numbered from 0.
    """
    usable = np.bincount(arena.above[: arena.homes], minlength=len(arena.above) + 1).astype(np.int64)
    homes_under: dict[int, list[Ints]] = {}
    for home_node in np.unique(arena.above[: arena.homes]).tolist():
        homes_under[home_node] = [np.flatnonzero(arena.above[: arena.homes] == home_node)]
    rows, homes, count = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int64)], 0
    for node in range(arena.homes, len(arena.above)):
        if node not in homes_under:
            continue
        under = np.concatenate(homes_under[node])
        extra = max(0, int(usable[node] - arena.cap[node]))
        rows.append(np.repeat(np.arange(count, count + extra, dtype=np.int32), len(under)))
        homes.append(np.tile(under, extra))
        count += extra
        parent = int(arena.above[node])
        usable[parent] += usable[node] - extra
        homes_under.setdefault(parent, []).append(under)
    return np.concatenate(rows), np.concatenate(homes)
