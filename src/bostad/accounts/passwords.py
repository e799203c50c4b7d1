"""Passwords: how they are kept (S46). Which ones are too easy to guess says `guessing.py`."""

import unicodedata
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hashing costs: memory in KiB, passes over it, lanes at once."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4


class Passwords:
    """Argon2id at one cost. An unknown user is answered as slowly as a known one (S06)."""

    def __init__(self, cost: Cost) -> None:
        """Prepare the hash that stands in where there is none."""
        self._argon2 = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
        self._nobodys = self._argon2.hash("the password of nobody")

    def hash(self, password: str) -> str:
        """Hash a password with a salt of its own."""
        return self._argon2.hash(_plain(password))

    def match(self, password: str, kept: str | None) -> bool:
        """Tell whether a password is the kept one; without a kept one the work is done all the same."""
        try:
            self._argon2.verify(kept or self._nobodys, _plain(password))
        except VerifyMismatchError:
            return False
        return kept is not None

    def is_dated(self, kept: str) -> bool:
        """Tell whether a hash was made at another cost than today's."""
        return self._argon2.check_needs_rehash(kept)


def _plain(password: str) -> str:
    """Write a password one way: keyboards differ in how they send the dots of an ö."""
    return unicodedata.normalize("NFKC", password)
