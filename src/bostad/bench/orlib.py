"""Assignment problems from elsewhere: OR-Library's files, and planted ones whose best answer is known by making."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bostad.matching.candidates import Lists
from bostad.matching.network import NOBODY, Network
from bostad.matching.solve import Solved, solve

Ints = NDArray[np.int64]


def read_orlib(path: Path) -> tuple[Lists, Ints]:
    """Read a file: n, then n x n costs row by row, or n, then `i j cost` for the pairs that are allowed.

    Returns the lists and a cost for each entry of them; raises ValueError for anything else.
    """
    numbers = np.array(path.read_text().split(), dtype=np.int64)
    size, rest = int(numbers[0]), numbers[1:]
    if len(rest) == size * size:
        return _lists(size, np.repeat(np.arange(size), size), np.tile(np.arange(size), size), rest)
    if len(rest) % 3:
        message = f"{path.name}: neither {size} x {size} costs nor rows of three numbers"
        raise ValueError(message)
    one, other, cost = rest.reshape(-1, 3).T
    return _lists(size, one - 1, other - 1, cost)


def planted(size: int, per_need: int, seed: int) -> tuple[Lists, Ints, int]:
    """Choose a matching and prices; a pair costs the sum of its two prices on the matching, and more elsewhere.

    Returns the lists, the costs, and the least total.
    """
    dice = np.random.default_rng(seed)
    mate = dice.permutation(size)
    hers, its = dice.integers(0, 1000, size), dice.integers(0, 1000, size)
    one = np.repeat(np.arange(size), per_need)
    other = dice.integers(0, size, size * per_need)
    keys = np.unique(np.concatenate([one * size + other, np.arange(size) * size + mate]))
    one, other = keys // size, keys % size
    above = np.where(mate[one] == other, 0, dice.integers(1, 50, len(one)))
    lists, cost = _lists(size, one, other, hers[one] + its[other] + above)
    return lists, cost, int(hers.sum() + its.sum())


def least_total(lists: Lists, cost: Ints) -> int:
    """Run the same solve as everything else and return the total; raises ValueError if not everybody can be placed."""
    solved = solved_of(lists, cost)
    home_of = solved.network.home_of
    if (home_of == NOBODY).any():
        raise ValueError("not everybody can have one")
    return int(_cost_of(lists, cost, np.arange(len(home_of)), home_of).sum())


def solved_of(lists: Lists, cost: Ints) -> Solved:
    """Solve lists with a cost for each entry; nothing stands above the homes."""
    homes = int(lists.homes.max(initial=-1)) + 1
    return solve(_flat(len(lists.start) - 1, homes), lists, lambda place, home: _cost_of(lists, cost, place, home))


def _cost_of(lists: Lists, cost: Ints, place: Ints, home: Ints) -> Ints:
    """Look entries up; homes stand in order within each list."""
    size = int(lists.homes.max(initial=0)) + 1
    keys = np.repeat(np.arange(len(lists.start) - 1), lists.count) * size + lists.homes
    found: Ints = cost[np.searchsorted(keys, place * size + home)]
    return found


def _lists(size: int, one: Ints, other: Ints, cost: Ints) -> tuple[Lists, Ints]:
    in_turn = np.lexsort([other, one])
    start = np.searchsorted(one[in_turn], np.arange(size + 1))
    return Lists(start, other[in_turn].astype(np.int32)), cost[in_turn]


def _flat(needs: int, homes: int) -> Network:
    rows = np.arange(homes)
    return Network(
        homes=homes,
        above=np.full(homes, homes),
        cap=np.ones(homes, dtype=np.int64),
        child_start=np.append(np.zeros(homes + 1, dtype=np.int64), [homes]),
        children=rows,
        names=(),
        holder=np.full(homes, NOBODY),
        used=np.zeros(homes, dtype=np.int64),
        home_of=np.full(needs, NOBODY),
    )
