"""How places are given today: one home at a time, or one household at a time, and nobody ever moves for another."""

import numpy as np
from numpy.typing import NDArray

from bostad.bench.arena import Arena

Ints = NDArray[np.int64]
NOBODY = -1


def home_by_home(arena: Arena) -> Ints:
    """Give each home, those that fit fewest first, to the first in the order whom it fits and who has none."""
    home_of, used = _nothing(arena)
    by_home = np.argsort(arena.home, kind="stable")
    first = np.searchsorted(arena.home[by_home], np.arange(arena.homes + 1))
    place = arena.place
    for home in np.argsort(np.diff(first), kind="stable").tolist():
        if _has_room(arena, used, home):
            wanting = place[by_home[first[home] : first[home + 1]]]
            free = wanting[home_of[wanting] == NOBODY]
            if len(free):
                _give(arena, used, home_of, int(free[0]), home)
    return home_of


def household_by_household(arena: Arena) -> Ints:
    """Give each household in the order the home that suits her best of those that are left."""
    home_of, used = _nothing(arena)
    for place in range(arena.needs):
        span = slice(arena.start[place], arena.start[place + 1])
        for at in np.argsort(arena.cost[span], kind="stable").tolist():
            home = int(arena.home[span][at])
            if used[home] == 0 and _has_room(arena, used, home):
                _give(arena, used, home_of, place, home)
                break
    return home_of


def _nothing(arena: Arena) -> tuple[Ints, Ints]:
    return np.full(arena.needs, NOBODY, dtype=np.int64), np.zeros(len(arena.above), dtype=np.int64)


def _has_room(arena: Arena, used: Ints, home: int) -> bool:
    node = home
    while node < len(used):
        if used[node] >= arena.cap[node]:
            return False
        node = int(arena.above[node])
    return True


def _give(arena: Arena, used: Ints, home_of: Ints, place: int, home: int) -> None:
    home_of[place] = home
    node = home
    while node < len(used):
        used[node] += 1
        node = int(arena.above[node])
