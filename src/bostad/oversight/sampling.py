"""Which rows of a month are looked at: chosen by the chain's own hash, so that nobody can choose or foresee (S68)."""

import hashlib
from collections.abc import Collection
from uuid import UUID

SAMPLE = 20
"""Rows for one unit and month: a quarter of an hour's work. Where there are fewer, all are looked at."""


def drawn(numbers: Collection[int], *, seed: str, whose: UUID, size: int = SAMPLE) -> tuple[int, ...]:
    """Draw some of a month's row numbers; whoever has the seed draws the same ones again."""
    by_lot = sorted(numbers, key=lambda number: hashlib.sha256(f"{seed} {whose} {number}".encode()).digest())
    return tuple(sorted(by_lot[:size]))
