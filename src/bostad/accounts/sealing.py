"""Sealing what the database may hold and not read: AES-256-GCM under keys derived from the installation's secret."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORM = b"\x01"
"""The first byte of whatever is sealed says how: 1 is AES-256-GCM under a key by HKDF-SHA-256 (S44)."""
NONCE_BYTES = 12


def seal(plain: bytes, secret: str, what: str) -> bytes:
    """Seal something under a key of its own; `what` names it and whose it is, and must be told again to open it."""
    nonce = os.urandom(NONCE_BYTES)  # like a password's salt: chance that decides nothing
    return FORM + nonce + AESGCM(_key(secret, what)).encrypt(nonce, plain, FORM + what.encode())


def unseal(sealed: bytes, secret: str, what: str) -> bytes | None:
    """Open it; None when it was sealed under another secret, as something else, or has been touched."""
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if sealed[:1] != FORM or len(nonce) < NONCE_BYTES:
        return None
    try:
        return AESGCM(_key(secret, what)).decrypt(nonce, body, FORM + what.encode())
    except InvalidTag:
        return None


def _key(secret: str, what: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"bostad {what}".encode()).derive(secret.encode())
