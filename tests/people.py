"""What tests about signing in have in common: a password that is cheap to hash, and browsers to use it from."""

import time
from datetime import UTC, datetime

from bostad.accounts import totp
from bostad.accounts.answers import SignIn
from bostad.accounts.passwords import Cost, Passwords
from bostad.accounts.signing_in import Browser

CHEAP = Passwords(Cost(memory_kib=8, passes=1, lanes=1))
TOKEN = "token"
PASSWORD = "plums in the icebox"
HASHED = CHEAP.hash(PASSWORD)
"""For `UserFactory(password_hash=HASHED)`: a user who has chosen PASSWORD, and whose app holds APP_SECRET."""
SECRET = "x" * 40
"""The installation's secret, in tests."""
APP_SECRET = b"twenty bytes of them"
ENOUGH = 6
"""Seconds: what the slowest browser takes to send a code."""


def code_at(at: datetime, secret: bytes = APP_SECRET) -> str:
    """Give the code that holds at a moment."""
    return totp.code_at(secret, at)


def code_now(secret: bytes = APP_SECRET) -> str:
    """Give a code that holds for some seconds more; wait for the next one, as people do, when it is nearly over."""
    left = totp.left_at(datetime.now(UTC))
    if left < ENOUGH:
        time.sleep(left)
    return code_at(datetime.now(UTC), secret)


def from_browser(token: str = TOKEN, *, instead_of: str | None = None, address: str = "here") -> Browser:
    """Give the browser a service function is told about."""
    return Browser(token, instead_of, address)


def given(username: str, password: str = PASSWORD) -> SignIn:
    """Give what was written on the sign-in page."""
    return SignIn(username=username, password=password)
