"""`bostad demo-code`: the code of the second step, for the demo's invented people, who have no telephones."""

import argparse
from datetime import UTC, datetime

from bostad.accounts.totp import code_at, left_at

EVERYBODYS_APP = b"invented, all of it."
"""The key of every demo user's authenticator app. For the demo alone: all that it opens is invented."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command, which has no options of its own."""
    subparsers.add_parser("demo-code", help="show the code of the demo's second step")


def run(_: argparse.Namespace) -> int:
    """Show it."""
    print(code_now())
    return 0


def code_now() -> str:
    """Give the code that holds at this moment, and for how long."""
    at = datetime.now(UTC)
    return f"Code for the second step: {code_at(EVERYBODYS_APP, at)} (for {left_at(at)} s more; once for each user)"
