"""The misfit of many pairs at once, written apart from the one that is minimised, for the checker alone."""

from datetime import date

import numpy as np

from bostad.matching.problem import FEATURES, Home, Need, Problem
from bostad.matching.relation import Ints

_TWELVE = 12
_UNKNOWN = 10**9


class Costs:
    """What pairs of a problem cost: the five parts of the misfit, less five for a pair that was proposed before."""

    def __init__(self, problem: Problem, needs: Ints) -> None:
        """Look up what counts of the given needs (row numbers, any number of times) and of every home."""
        today = problem.run_date.toordinal()
        self._needs = np.unique(needs)
        asked = [problem.needs[row] for row in self._needs.tolist()]
        self._need = np.array([_of_need(need, today) for need in asked], dtype=np.int64).reshape(-1, 5)
        self._home = np.array([_of_home(home) for home in problem.homes], dtype=np.int64).reshape(-1, 5)
        rows = {need.need: row for row, need in enumerate(problem.needs)} if problem.current else {}
        columns = {home.home: row for row, home in enumerate(problem.homes)} if problem.current else {}
        self._homes = len(problem.homes)
        self._kept = np.array(
            [rows[need] * self._homes + columns[home] for need, home in problem.current], dtype=np.int64
        )

    def of(self, needs: Ints, homes: Ints) -> Ints:
        """Return the cost of each pair of row numbers."""
        rooms, most_rent, wishes, with_children, ready = self._need[np.searchsorted(self._needs, needs)].T
        has_rooms, rent, met, school, free = self._home[homes].T
        cost = 12 * (has_rooms - rooms) + 20 * rent // most_rent
        for feature in range(len(FEATURES)):
            cost += 6 * ((wishes >> feature & 1) > (met >> feature & 1))
        cost += np.where(with_children == 1, np.minimum(20, school // 250), 0)
        cost += np.clip((free - ready) // 3, 0, 30)
        worth: Ints = cost - 5 * np.isin(needs * self._homes + homes, self._kept)
        return worth


def rooms_asked(need: Need) -> int:
    """Return the rooms a household needs."""
    if need.rooms_min is not None:
        return need.rooms_min
    if need.adults == 1 and len(need.child_ages) == 0:
        return 1
    small = len([age for age in need.child_ages if age < _TWELVE])
    return 1 + (need.adults - need.couples) + -(-small // 2) + len(need.child_ages) - small


def features_met(home: Home) -> set[str]:
    """Return the features that a home is known to have."""
    met = {feature for feature in home.has if feature != "above_ground_floor"}
    if home.floor is not None and home.floor > 0:
        met.add("above_ground_floor")
    return met


def _of_need(need: Need, today: int) -> tuple[int, ...]:
    start: date | None = need.move_in_from
    ready = max(today, start.toordinal()) if start else today
    return rooms_asked(need), need.rent_max, _as_bits(need.wish), int(bool(need.child_ages)), ready


def _of_home(home: Home) -> tuple[int, ...]:
    school = _UNKNOWN if home.school_m is None else home.school_m
    return home.rooms, home.rent, _as_bits(features_met(home)), school, home.available_from.toordinal()


def _as_bits(features: set[str] | frozenset[str]) -> int:
    return sum(2**number for number, feature in enumerate(FEATURES) if feature in features)
