"""One sealed value: AES-256-GCM, with its algorithm, its key's id and its nonce written in front (S43, S44).

    algorithm (1 byte) | id of the key (1 or 4 bytes) | nonce (12) | ciphertext and tag

What stands in front, and what the value is about (table, column, row, case), are authenticated with it: a value that is
moved to another row, column or case does not open.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AES_256_GCM: Final = 1
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
PADDED_TO: Final = 64
"""Values are filled up to a multiple of this many bytes: the length of a name must not give it away."""


class BrokenSeal(Exception):
    """A sealed value does not open: another key, another row, or a changed byte. Says which kind, never what."""


def new_key() -> bytes:
    """Make a key."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def seal(key: bytes, plain: bytes, *, id_of: bytes, about: bytes) -> bytes:
    """Seal a value under a fresh nonce."""
    head = bytes([AES_256_GCM]) + id_of + os.urandom(NONCE_BYTES)
    return head + AESGCM(key).encrypt(head[-NONCE_BYTES:], plain, head + about)


def open_sealed(key: bytes, sealed: bytes, *, id_length: int, about: bytes) -> bytes:
    """Open a value; BrokenSeal when it was not sealed with this key, about this."""
    if not sealed or sealed[0] != AES_256_GCM:
        raise BrokenSeal("the value is not sealed in a way that is known here")
    start = 1 + id_length + NONCE_BYTES
    head, body = sealed[:start], sealed[start:]
    try:
        return AESGCM(key).decrypt(head[-NONCE_BYTES:], body, head + about)
    except (InvalidTag, ValueError) as wrong:
        raise BrokenSeal("the value does not open: another key, another row, or changed") from wrong


def padded(text: bytes) -> bytes:
    """Fill a JSON text up with spaces, which mean nothing in it."""
    return text + b" " * (-len(text) % PADDED_TO)
