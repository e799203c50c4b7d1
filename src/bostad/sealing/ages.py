"""How old keys and passwords may grow, as docs/keys.md promises, and which have: pure arithmetic (S43)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

WRAPS, KEPT_AFTER = 31, 35
"""Days: how long a key may wrap; and how long it is needed after the next one, for the backups from its time."""
SECRET, PASSWORD = 366, 90
"""Days: how long BOSTAD_SECRET may stand, and how long a password."""


@dataclass(frozen=True, slots=True)
class Age:
    """How many days something has been there at the least, how many it may be, and what is done then."""

    what: str
    days: int
    most: int
    then: str

    @property
    def is_over(self) -> bool:
        """Tell whether it is too old."""
        return self.days > self.most


def ages_of_keys(since: Mapping[str, datetime], *, at: datetime) -> Iterator[Age]:
    """Judge the wrapping keys, in the order of their making, by when each was first seen.

    The last one wraps. The others have to go when the backups from their time are gone.
    """
    ids = list(since)
    for key_id, following in pairwise(ids):
        yield Age(f"former key {key_id}", (at - since[following]).days, KEPT_AFTER, f"bostad keys retire {key_id}")
    if ids:
        yield Age(f"key {ids[-1]}", (at - since[ids[-1]]).days, WRAPS, "bostad keys rotate")


def ages_of_secrets(since: Mapping[str, datetime], *, at: datetime) -> Iterator[Age]:
    """Judge the secrets of the environment, by the name of the variable they lie in."""
    for name, first in since.items():
        most = SECRET if name == "BOSTAD_SECRET" else PASSWORD
        yield Age(name, (at - first).days, most, "a new one, as docs/keys.md says")
