"""Which homes lie outside the circles a household keeps out of."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from bostad.matching.problem import Home, Place

EARTH_RADIUS_M = 6_371_008.8

Floats = NDArray[np.float64]


def clear_of(circles: Sequence[Collection[Place]], homes: Sequence[Home]) -> NDArray[np.bool_]:
    """Return a row of True for nobody in particular, then one row per set of circles; by home.

    A home whose place is unknown is clear of no circle.
    """
    table = np.ones((len(circles) + 1, len(homes)), dtype=np.bool_)
    known = np.array([home.lat is not None and home.lon is not None for home in homes], dtype=np.bool_)
    lat = np.array([home.lat or 0.0 for home in homes], dtype=np.float64)
    lon = np.array([home.lon or 0.0 for home in homes], dtype=np.float64)
    for row, places in enumerate(circles, start=1):
        table[row] = known
        for place in places:
            table[row] &= metres_between(place.lat, place.lon, lat, lon) > place.metres
    return table


def metres_between(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    """Return great-circle distances in metres from one place to many, in decimal degrees (haversine)."""
    here, there = np.radians(lat), np.radians(lats)
    half_chord = (
        np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(np.radians(lons - lon) / 2) ** 2
    )
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0)))
    return metres
