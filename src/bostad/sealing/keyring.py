"""The keys that live outside the database: one that wraps households' keys, its elders, and one for exact look-up.

A keyring is written as entries `use:id:key`, one to a line in a file or apart by spaces in a variable:

    lookup:5f0c22aa:<32 bytes, URL-safe base64>
    wrap:91d3b06e:<32 bytes>
    wrap:c4471f0b:<32 bytes>

The last `wrap` entry wraps; every one of them unwraps. There is one `lookup` entry, and it stays.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from bostad.sealing.envelope import KEY_BYTES, BrokenSeal, open_sealed, seal

ID_BYTES = 4
HEAD_BYTES = ID_BYTES + 16
"""In front of a wrapped key stand the id of what wrapped it and the id of its case."""
WRAPPED = b"household_key.wrapped"
LOOKUP, WRAP = "lookup", "wrap"


class UnsafeKeys(Exception):
    """The keys cannot be read, or are not safe to start with."""


class NoKeys(Exception):
    """Something asked for a secret of the case zone on a side that holds no keys."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys themselves. Nothing of them is shown when this is printed."""

    lookup_id: str
    lookup: bytes = field(repr=False)
    wrapping: Mapping[str, bytes] = field(repr=False)
    """By id, in the order of their making: the last one wraps."""

    @property
    def newest(self) -> str:
        """Give the id of the key that wraps."""
        return next(reversed(list(self.wrapping)))


class Keyring:
    """The keys a process works with, read anew when their source has changed: a rotation needs no restart."""

    def __init__(self, keys: Keys, newer: Callable[[], Keys | None] = lambda: None) -> None:
        """Keep the keys and a way to ask whether there are newer ones."""
        self._keys, self._newer = keys, newer

    @property
    def keys(self) -> Keys:
        """Give the keys as they were last read."""
        return self._keys

    def newest(self) -> str:
        """Give the id of the key that wraps now."""
        self._look_again()
        return self._keys.newest

    def wrap(self, key: bytes, case_id: UUID) -> tuple[str, bytes]:
        """Wrap a household's key with the newest key there is; give that key's id and the wrapped key.

        The case stands in front of it, authenticated: a key says itself whose it is.
        """
        newest = self.newest()
        head = bytes.fromhex(newest) + case_id.bytes
        return newest, seal(self._keys.wrapping[newest], key, id_of=head, about=WRAPPED)

    def unwrap(self, wrapped: bytes) -> tuple[UUID, bytes]:
        """Give a household's case and key; BrokenSeal if the key that wrapped it is not here."""
        head = wrapped[1 : 1 + HEAD_BYTES]
        key_id = head[:ID_BYTES].hex()
        if key_id not in self._keys.wrapping:
            self._look_again()
        if key_id not in self._keys.wrapping:
            raise BrokenSeal(f"the key {key_id} is not among the keys of this process")
        key = open_sealed(self._keys.wrapping[key_id], wrapped, id_length=HEAD_BYTES, about=WRAPPED)
        return UUID(bytes=head[ID_BYTES:]), key

    def hash_for(self, board_id: UUID, text: str) -> bytes:
        """Hash what is looked up exactly, with a key of the board's own: equal numbers of two boards do not show."""
        return self._keyed(b"look-up " + board_id.bytes, text)

    def fingerprint(self, about: str, text: str) -> str:
        """Hash what need only be told apart; who does not hold the keys cannot find it by guessing."""
        return self._keyed(b"fingerprint " + about.encode(), text).hex()

    def _keyed(self, purpose: bytes, text: str) -> bytes:
        own = hmac.digest(self._keys.lookup, purpose, hashlib.sha256)
        return hmac.digest(own, text.encode(), hashlib.sha256)

    def _look_again(self) -> None:
        self._keys = self._newer() or self._keys


def read_entries(written: str) -> Keys:
    """Read a keyring's entries; UnsafeKeys says what is wrong, and never what stood there."""
    lines = (line.partition("#")[0] for line in written.splitlines())
    entries = [_entry(number, word) for number, word in enumerate(" ".join(lines).split(), start=1)]
    wrapping = {key_id: key for use, key_id, key in entries if use == WRAP}
    lookups = [(key_id, key) for use, key_id, key in entries if use == LOOKUP]
    if len(lookups) != 1 or not wrapping:
        raise UnsafeKeys("there must be one lookup key and at least one wrap key; `bostad keys new` makes them")
    if len({key_id for _, key_id, _ in entries}) != len(entries) or len({key for *_, key in entries}) != len(entries):
        raise UnsafeKeys("no two keys may have the same id or be the same")
    return Keys(*lookups[0], wrapping)


def written_entry(use: str, random: bytes) -> str:
    """Write an entry from random bytes: the first few name it, the rest are the key."""
    key_id, key = random[:ID_BYTES], random[ID_BYTES:]
    if len(key) != KEY_BYTES:
        raise ValueError(len(random))
    return f"{use}:{key_id.hex()}:{base64.urlsafe_b64encode(key).decode()}"


def _entry(number: int, word: str) -> tuple[str, str, bytes]:
    parts = word.split(":")
    if len(parts) != 3 or parts[0] not in {LOOKUP, WRAP}:  # noqa: PLR2004 - use, id, key
        raise UnsafeKeys(f"entry {number} is not lookup:id:key or wrap:id:key")
    use, key_id, encoded = parts
    try:
        known, key = bytes.fromhex(key_id), base64.b64decode(encoded, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as wrong:
        raise UnsafeKeys(f"entry {number} cannot be read") from wrong
    if len(known) != ID_BYTES or len(key) != KEY_BYTES:
        raise UnsafeKeys(f"entry {number} must have an id of {ID_BYTES} bytes and a key of {KEY_BYTES}")
    if len(set(key)) < KEY_BYTES // 4:
        raise UnsafeKeys(f"entry {number} does not look random")
    return use, key_id.lower(), key
