"""A refusal leaves a line in the program's log: which door, to whom and how - never what was sent (S65)."""

import logging
from typing import Any

from litestar.types import Message, Scope

log = logging.getLogger("bostad.web")

REFUSED = 400


def notice(scope: Scope, status: int, *, kind: str | None = None) -> None:
    """Write that somebody did not get what she asked for; `kind` says why, where the status does not."""
    user: Any = scope.get("user")
    facts = {
        "door": scope.get("path_template") or "none",
        "method": scope.get("method"),
        "status": status,
        "role": str(user.role) if user else None,
        "user": str(user.id) if user else None,
        "error": kind,
    }
    log.info("refused", extra=facts)


class NoticeRefusals:
    """Sees every answer leave, also those that no page made: a wrong host, a missing token, a file too large."""

    async def __call__(self, message: Message, scope: Scope) -> None:
        """Write down what was refused."""
        if message["type"] == "http.response.start" and message["status"] >= REFUSED:
            notice(scope, message["status"])
