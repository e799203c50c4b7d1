"""Codes that change every half minute, as authenticator apps make them: the library `pyotp`, and what apps are told."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError

SECRET_BYTES = 20
"""160 random bits, as RFC 4226 recommends."""
SECONDS = 30
DIGITS = 6
TYPING = timedelta(seconds=5)
"""What it takes to read a code, type it and send it. A code holds that much later than the app shows it, and no longer:
whoever begins to type one in its last seconds is in time, and its life is half a minute all the same."""
ISSUER = "bostad"
GROUP = 4
QUIET = 4
"""Squares of white around a picture: without them cameras do not find it."""
DARK, WHITE = "h1.0", "m1 0"
"""A square of a picture, as a step of a pen. They are equally long: the length of a page tells nothing of a key."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A secret in the three ways that an app takes it in: typed, by a link on its own device, and by its camera."""

    written: str
    link: str
    picture: str
    """A QR code, as an SVG's path: a pen one square wide, row by row."""
    size: int
    """The picture's width and height in squares, with the white around it."""


def code_at(secret: bytes, at: datetime) -> str:
    """Give the one code that holds at a moment."""
    return _app(secret).at(at - TYPING)


def left_at(at: datetime) -> int:
    """Give for how many more seconds that code holds."""
    return SECONDS - int((at - TYPING).timestamp()) % SECONDS


def matching_step(secret: bytes, typed: str, *, after: int, at: datetime) -> int | None:
    """Give the half minute that a code belongs to, if it is the one that holds now and none so late was used before."""
    try:
        step = _app(secret).verify_and_get_timecode(typed, for_time=at - TYPING, valid_window=0)
    except OTPVerificationError:
        return None
    return step if step > after else None


def new_key(secret: bytes, username: str) -> NewKey:
    """Write a secret as apps take it, and draw it."""
    app = _app(secret)
    letters = app.secret
    link = app.provisioning_uri(name=username, issuer_name=ISSUER)
    rows = segno.make_qr(link).matrix
    return NewKey(
        written=" ".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP)),
        link=link,
        picture="".join(_drawn(row, y) for y, row in enumerate(rows, QUIET)),
        size=len(rows) + 2 * QUIET,
    )


def _drawn(row: bytearray, y: int) -> str:
    return f"M{QUIET} {y}.5" + "".join(DARK if dark else WHITE for dark in row)


def _app(secret: bytes) -> TOTP:
    return TOTP(base64.b32encode(secret).decode(), digits=DIGITS, interval=SECONDS)
