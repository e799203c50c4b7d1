"""When reading is so unlike a person's own habit, or so much, that somebody should ask (S58): pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass

TIMES_USUAL = 3
MOST_CASES = 20
"""Cases that one person may have before her in an hour before somebody is told: identity reveals, in S58's words."""
FEW = 10
"""Fewer readings in an hour than this are never unusual: three times nearly nothing is still little."""
HOURS_KNOWN = 5
"""Hours with any reading at all that it takes to speak of a habit."""


@dataclass(frozen=True, slots=True)
class Unusual:
    """What was too much: readings against the usual number, or cases against the limit."""

    reads: int
    cases: int
    usual: int | None


def usual_of(hours: Sequence[int]) -> int | None:
    """Give how much a person usually reads in an hour in which she reads at all; None while no habit is known."""
    if len(hours) < HOURS_KNOWN:
        return None
    return max(round(sum(hours) / len(hours)), 1)


def unusual(reads: int, cases: int, usual: int | None) -> Unusual | None:
    """Tell whether an hour's reading is unusual, and how."""
    above_habit = usual is not None and reads >= FEW and reads > TIMES_USUAL * usual
    return Unusual(reads, cases, usual) if above_habit or cases > MOST_CASES else None
