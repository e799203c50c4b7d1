"""Chance with a seed: ids, days and choices that the same seed gives again."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")


class Draw(Random):
    """A seeded source of everything that a world is made of."""

    def id(self) -> UUID:
        """Draw an id."""
        return UUID(int=self.getrandbits(128), version=4)

    def maybe(self, chance: float = 0.5) -> bool:
        """Toss."""
        return self.random() < chance

    def some(self, among: Sequence[T], at_most: int | None = None) -> list[T]:
        """Take some of a list, perhaps none, in any order."""
        most = len(among) if at_most is None else min(at_most, len(among))
        return self.sample(list(among), self.randint(0, most))

    def day(self, around: date, before: int, after: int = 0) -> date:
        """Draw a day so many days before or after another."""
        return around + timedelta(days=self.randint(-before, after))

    def moment(self, before: datetime, hours: int) -> datetime:
        """Draw a moment in the hours before another, to the second."""
        return before - timedelta(seconds=self.randint(60, hours * 3600))

    def word(self, prefix: str) -> str:
        """Draw a word that occurs nowhere else."""
        return f"{prefix}{self.getrandbits(40):010x}"
