"""Passwords: how they are kept, and which ones are too easy to guess (S46)."""

import string
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from bostad.words import Sentence, say

SHORTEST = 12
ADVISED = 15
LONGEST = 128
FEWEST_DIFFERENT = 5
"""Fewer different characters than this is one key held down, or a few keys in turn."""
SHORTEST_NAME = 4
"""A user name this long may not stand in the password; a shorter one may be in there by chance."""


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


def weakness(password: str, username: str) -> Sentence | None:
    """Say why a password is too easy to guess, or None: length and being uncommon count, kinds of characters do not."""
    if len(password) < SHORTEST:
        return say(
            "Use at least %(shortest)s characters. %(advised)s or more is better: a few words of your own, say.",
            shortest=SHORTEST,
            advised=ADVISED,
        )
    if len(password) > LONGEST:
        return say("Use at most %(longest)s characters.", longest=LONGEST)
    if len(username) >= SHORTEST_NAME and username in password.casefold():
        return say("Your user name stands in the password. Choose something else.")
    if len(set(password)) < FEWEST_DIFFERENT or is_common(password):
        return say("Many people use this password, so it is guessed first. Choose words of your own.")
    return None


def is_common(password: str) -> bool:
    """Tell whether a password is on the list, also with a year or signs before or after it, or written twice."""
    plain = password.casefold()
    bare = plain.strip(string.digits + string.punctuation + string.whitespace)
    half = bare[: len(bare) // 2]
    doubled = half if half * 2 == bare else bare
    return bool({plain, bare, doubled} & _common())


@cache
def _common() -> frozenset[str]:
    """Read the list once."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())
