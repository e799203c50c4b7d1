"""How fast one session may ask and change: faster than anybody reads or decides, slower than a program (S58)."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from bostad.errors import TooMany
from bostad.web.auth import STATIC

PER_SECOND = 5
SECONDS = 60
CHANGES_PER_SECOND, CHANGE_SECONDS = 1, 10
"""How many changes a session may send: ten within ten seconds. A person who signs row after row stays under it."""
MOST_SESSIONS = 10_000
"""How many sessions are remembered; when there are more, the counts begin anew."""


class Pace:
    """Counts the requests of each session over a minute, in this process: two processes let twice as many through.

    What limits guessing is counted in the database instead (`accounts/attempts.py`); a row for every page would cost
    each reader more than this is worth.
    """

    def __init__(
        self, per_second: int = PER_SECOND, seconds: int = SECONDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Take how many requests a second on average, over how long, and a clock that never goes back."""
        self.most, self.seconds, self.now = per_second * seconds, seconds, now
        self._lock = Lock()
        self._counts: dict[str, tuple[int, int]] = {}

    def count(self, session: str) -> None:
        """Count one request; raises TooMany when there were enough for this minute."""
        minute = int(self.now() // self.seconds)
        with self._lock:
            if len(self._counts) >= MOST_SESSIONS and session not in self._counts:
                self._counts.clear()
            counted_in, times = self._counts.get(session, (minute, 0))
            times = times + 1 if counted_in == minute else 1
            self._counts[session] = minute, times
        if times > self.most:
            raise TooMany("You are going on faster than anybody can read or decide. Wait a minute and try again.")


class KeepPace(ASGIMiddleware):
    """Holds each signed-in person to a pace. Stands inside SessionAuthentication."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, pace: Pace) -> None:
        """Take the counter of everything that is asked; changes have one of their own beside it."""
        self.pace = pace
        self.changes = Pace(CHANGES_PER_SECOND, CHANGE_SECONDS, pace.now)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Count what a session asks for; strangers and static files are not counted."""
        request: Request[Any, Any, Any] = Request(scope, receive)
        if request.user is not None and not scope["path"].startswith(STATIC):
            self.pace.count(request.auth.token_hash)
            if request.method == "POST":
                self.changes.count(request.auth.token_hash)
        await next_app(scope, receive, send)
