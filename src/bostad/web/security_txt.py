"""To whom a fault that somebody has found is told: /.well-known/security.txt, as RFC 9116 has it."""

from collections.abc import Sequence
from datetime import UTC, timedelta

from litestar import get
from litestar.handlers import HTTPRouteHandler

from bostad.web.auth import public
from bostad.web.doors import At

PLACE = "/.well-known/security.txt"
GOOD_FOR = timedelta(days=90)
"""What is served is true while it is served; whoever has kept a copy asks again after that time."""


def security_txt(contacts: Sequence[str], hosts: Sequence[str]) -> HTTPRouteHandler:
    """Make the door that names whom to tell. An installation that names nobody has no such door."""
    lines = (
        *(f"Contact: {contact}" for contact in contacts),
        *(f"Canonical: https://{host}{PLACE}" for host in hosts),
        "Preferred-Languages: sv, en",
    )

    @get(PLACE, opt=public, media_type="text/plain", sync_to_thread=False)
    def tell(at: At) -> str:
        midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return "\n".join((*lines, f"Expires: {midnight + GOOD_FOR:%Y-%m-%dT%H:%M:%SZ}", ""))

    return tell
