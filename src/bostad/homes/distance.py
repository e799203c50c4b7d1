"""How far it is to the nearest school, as the crow flies; nothing is looked up outside."""

from collections.abc import Sequence

import numpy as np

from bostad.matching.nearness import metres_between

Place = tuple[float, float]
"""Latitude and longitude in decimal degrees."""


def nearest_m(home: Place | None, schools: Sequence[Place]) -> int | None:
    """Give whole metres to the nearest, or None where the home's place is unknown or there is no school."""
    if home is None or not schools:
        return None
    lats, lons = np.array(schools, dtype=np.float64).T
    return round(float(metres_between(*home, lats, lons).min()))
