"""Which homes lie outside the circles a household keeps out of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bostad.matching.problem import Home, Place

EARTH_RADIUS_M = 6_371_008.8
_NOWHERE = (np.nan, np.nan)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Circles:
    """The circles of all needs, one need after another, and where the homes are; NaN where that is unknown."""

    first: NDArray[np.int64]
    count: NDArray[np.int64]
    lat: Floats
    lon: Floats
    metres: Floats
    home_lat: Floats
    home_lon: Floats

    @classmethod
    def around(cls, circles: Sequence[Collection[Place]], homes: Sequence[Home]) -> Self:
        """Take a set of circles for each need."""
        count = np.array([len(places) for places in circles], dtype=np.int64)
        every = [place for places in circles for place in sorted(places)]
        lat, lon, metres = np.array(every, dtype=np.float64).reshape(-1, 3).T
        at = [(home.lat, home.lon) if home.lat is not None and home.lon is not None else _NOWHERE for home in homes]
        home_lat, home_lon = np.array(at, dtype=np.float64).reshape(-1, 2).T
        return cls(np.cumsum(count) - count, count, lat, lon, metres, home_lat, home_lon)

    def clear(self, needs: NDArray[np.int64], homes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return True where the home lies outside each circle of the need; the arrays broadcast.

        A home whose place is unknown is clear of no circle.
        """
        table = np.ones(np.broadcast_shapes(needs.shape, homes.shape), dtype=np.bool_)
        circled = np.nonzero(np.broadcast_to(self.count[needs] > 0, table.shape))
        need = np.broadcast_to(needs, table.shape)[circled]
        home = np.broadcast_to(homes, table.shape)[circled]
        outside = np.ones(len(need), dtype=np.bool_)
        for nth in range(int(self.count[need].max(initial=0))):
            has = np.flatnonzero(self.count[need] > nth)
            circle = self.first[need[has]] + nth
            lat, lon = self.home_lat[home[has]], self.home_lon[home[has]]
            outside[has] &= metres_between(self.lat[circle], self.lon[circle], lat, lon) > self.metres[circle]
        table[circled] = outside
        return table


def metres_between(lat: float | Floats, lon: float | Floats, lats: Floats, lons: Floats) -> Floats:
    """Return great-circle distances in metres between places in decimal degrees, one to many or each to each."""
    here, there = np.radians(lat), np.radians(lats)
    half_chord = (
        np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(np.radians(lons - lon) / 2) ** 2
    )
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0)))
    return metres
