"""What is kept of a secret that somebody else holds: its hash, and how a code is written for people."""

import base64
import hashlib

CODE_BYTES = 16
"""128 random bits: too many to guess from a stolen hash too, and few enough to type from a note once."""
GROUP = 4


def hash_of(secret: str) -> str:
    """Hash a session token or a typed code (SHA-256: what has this many random bits needs no slow hash)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def written_code(drawn: bytes) -> str:
    """Write random bytes as a code to hand over on paper: capital letters and digits 2-7, in groups of four."""
    letters = base64.b32encode(drawn).decode().rstrip("=")
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def read_code(typed: str) -> str:
    """Read a code as it was meant: spaces, hyphens and case do not matter, 0 is O and 1 is I (U19)."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(str.maketrans("01", "OI"))
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))
