"""The strict order of needs: safety first, then the child's perspective, then the queue."""

from collections.abc import Sequence
from datetime import date

from bostad.matching.problem import RISKS, Need


def order(needs: Sequence[Need]) -> list[int]:
    """Return the indices of the needs, the one to be housed first at the front."""
    return sorted(range(len(needs)), key=lambda index: _place(needs[index]))


def _place(need: Need) -> tuple[int, bool, date, str]:
    return RISKS.index(need.risk), not need.child_ages, need.waiting_since, need.need
