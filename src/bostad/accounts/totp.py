"""Codes that change every half minute, as authenticator apps make them (RFC 6238: SHA-1, six digits, 30 seconds)."""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

SECRET_BYTES = 20
"""160 random bits, as RFC 4226 recommends."""
SECONDS = 30
DIGITS = 6
ISSUER = "bostad"
GROUP = 4


def step_at(at: datetime) -> int:
    """Give the number of a half minute."""
    return int(at.timestamp()) // SECONDS


def code_of(secret: bytes, step: int) -> str:
    """Give the code that an app shows during a step."""
    hotp = HOTP(secret, DIGITS, SHA1())  # noqa: S303 - the one hash that every app knows; RFC 4226 says why it is enough
    return hotp.generate(step).decode()


def matching_step(secret: bytes, typed: str, *, after: int, at: datetime) -> int | None:
    """Give the step that a code belongs to: this half minute, the one before or the one after, and none used before."""
    now = step_at(at)
    matching = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(code_of(secret, step), typed)]
    return next((step for step in matching if step > after), None)


def written_secret(secret: bytes) -> str:
    """Write a secret as apps take it: letters and digits 2-7, in groups of four."""
    letters = base64.b32encode(secret).decode()
    return " ".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def link_to_app(secret: bytes, username: str) -> str:
    """Give the address that an authenticator app on the same device opens."""
    label = quote(f"{ISSUER}:{username}")
    return f"otpauth://totp/{label}?" + urlencode({"secret": base64.b32encode(secret).decode(), "issuer": ISSUER})
