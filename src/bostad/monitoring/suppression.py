"""Which numbers of a breakdown may be told (S07): none under five, and none that gives such a one away."""

from collections.abc import Sequence
from dataclasses import dataclass

from bostad.placements.few import FEWEST


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total and its parts, in order, where None is not told."""

    total: int | None
    parts: tuple[int | None, ...]


def suppressed(counts: Sequence[int]) -> Breakdown:
    """Withhold each count under five, zero among them, and with them the smallest others, all that are equally small.

    Then whoever subtracts what is told from the total is left with a sum over several households' kinds, of which one
    at least is five or more and nobody can say which. Where there is no such one, the total is withheld too.
    """
    if all(count >= FEWEST for count in counts):
        return Breakdown(sum(counts), tuple(counts))
    next_smallest = min((count for count in counts if count >= FEWEST), default=None)
    if next_smallest is None:
        return Breakdown(None, (None,) * len(counts))
    return Breakdown(sum(counts), tuple(count if count > next_smallest else None for count in counts))
