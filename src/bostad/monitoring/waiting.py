"""The arithmetic of waiting: waits that have ended, and apart from them those that go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median

from bostad.words import Sentence, say

NATIONAL_SHELTER_DAYS = 82
"""The average stay in shelter in Sweden: the county boards' survey of stays that ended in 2021."""

FEWEST = 10
"""With fewer waits than this, a median says little and a 90th percentile is only the longest of them."""

BANDS = (0, 30, 60, 90, 180)
"""Where each band of days begins; the last has no end."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Waits that have ended, in days. None means that there are too few to say."""

    waits: tuple[int, ...]
    mean: float | None
    median: float | None
    p90: int | None

    @property
    def too_few(self) -> bool:
        """Tell whether the waits are better read one by one."""
        return len(self.waits) < FEWEST


@dataclass(frozen=True, slots=True)
class Band:
    """How many wait for so many days: from `first` to `last`, which None leaves open."""

    first: int
    last: int | None
    count: int

    @property
    def words(self) -> Sentence:
        """Say the band."""
        if self.last is None:
            return say("%(first)s days or more", first=self.first)
        return say("%(first)s–%(last)s days", first=self.first, last=self.last)


@dataclass(frozen=True, slots=True)
class GoingOn:
    """Waits that go on: how long each will be is not known, so they have an age and enter no average."""

    count: int
    longest: int | None
    bands: tuple[Band, ...]


def ended(waits: Sequence[int]) -> Ended:
    """Sum up waits that have ended (days).

    Households that still wait have no place here: their waits are cut off, and would make the average lie.
    """
    enough = len(waits) >= FEWEST
    return Ended(
        waits=tuple(sorted(waits)),
        mean=fmean(waits) if waits else None,
        median=median(waits) if enough else None,
        p90=percentile(waits, 90) if enough else None,
    )


def going_on(ages: Sequence[int]) -> GoingOn:
    """Count waits that go on by how long they have lasted (days)."""
    ends: list[int | None] = [first - 1 for first in BANDS[1:]]
    limits = zip(BANDS, [*ends, None], strict=True)
    bands = tuple(Band(first, last, sum(_within(age, first, last) for age in ages)) for first, last in limits)
    return GoingOn(len(ages), max(ages, default=None), bands)


def percentile(values: Sequence[int], percent: int) -> int:
    """Give the smallest of the values that at least so many per cent of them do not exceed; ValueError without any.

    This is the nearest rank, the inverse of the empirical distribution (definition 1 in Hyndman and Fan, "Sample
    Quantiles in Statistical Packages", The American Statistician 50, 1996): always a wait that somebody has had.
    """
    if not values or not 0 < percent <= 100:  # noqa: PLR2004 - per cent
        raise ValueError((len(values), percent))
    rank = -(-len(values) * percent // 100)
    return sorted(values)[rank - 1]


def year_before(day: date) -> date:
    """Give the same day a year earlier; the twelve months until `day` are the days after it."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _within(age: int, first: int, last: int | None) -> bool:
    return first <= max(age, 0) and (last is None or age <= last)
