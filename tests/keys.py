"""The keys that tests work with: fixed, and good for nothing else."""

import hashlib

from bostad.sealing.keyring import LOOKUP, WRAP, Keyring, read_entries, written_entry


def entry(use: str, number: int) -> str:
    """Write a key made from a number alone."""
    return written_entry(use, hashlib.sha512(f"{use} {number}".encode()).digest()[:36])


KEY_TEXT = f"{entry(LOOKUP, 1)} {entry(WRAP, 1)}"
"""What BOSTAD_KEY holds for a process that a test starts."""

KEYRING = Keyring(read_entries(KEY_TEXT))


def other_keyring() -> Keyring:
    """Give the keys of another installation."""
    return Keyring(read_entries(f"{entry(LOOKUP, 2)} {entry(WRAP, 2)}"))
