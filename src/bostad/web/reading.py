"""Writing down what a page shows, by the table of `web/reads.py`, before it leaves (S66).

Nothing sensitive leaves without its row: when the row cannot be written, a plain page goes out in its place.
"""

from datetime import datetime
from typing import Any

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy.exc import SQLAlchemyError

from bostad.accounts.access import Actor
from bostad.audit.reading import Reading, seen
from bostad.audit.reveals import note_limit
from bostad.errors import TooMany
from bostad.records import Sessions
from bostad.web.reads import declares, reading_of
from bostad.web.rendering import refusal
from bostad.web.ways import Ways
from bostad.words import Sentence, say

SHOWN = frozenset({200, 422})
"""The answers that carry a page; all others are refusals and ways on."""
_NOT_WRITTEN = say("That you read this could not be written down, so it is not shown. Try again in a moment.")
_UNAVAILABLE = 503
DONE = 200


class WriteReadings(ASGIMiddleware):
    """Writes a page's reading down before the first byte of the page leaves."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, ways: Ways) -> None:
        """Take the ways into the database: the row is written as the person's own side."""
        self.ways = ways

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Hold back the start of a page that shows something until its row stands in the log."""
        request: Request[Actor | None, Any, State] = Request(scope, receive)
        me = request.user
        if me is None or not declares(scope["path_template"]):
            await next_app(scope, receive, send)
            return
        kept_back = False

        async def after_writing(message: Message) -> None:
            nonlocal kept_back
            if _shows(message):
                limited = request.method != "POST" or not _is_done(message)
                refused = await sync_to_thread(self._write, request, me, limited=limited)
                kept_back = refused is not None
                if refused:
                    answer = refusal(request, *refused)
                    await answer.to_asgi_response(app=None, request=request)(scope, receive, send)
            if not kept_back:
                await send(message)

        await next_app(scope, receive, after_writing)

    def _write(self, request: Request[Any, Any, Any], me: Actor, *, limited: bool) -> tuple[int, Sentence] | None:
        """Write it down, or give the status and the sentence that go out in the page's place.

        What a change answers with is shown all the same: the change is made, and must not look as if it were not.
        """
        sessions = self.ways.of_her_side(request)
        try:
            at = self.ways.moment(request)
            reading = reading_of(request.scope["path_template"], request.path_params, sessions, by=me, at=at)
            if reading is not None:
                return _refused(sessions, reading, by=me, at=at, limited=limited)
        except SQLAlchemyError:
            return _UNAVAILABLE, _NOT_WRITTEN
        return None


def _refused(
    sessions: Sessions, reading: Reading, *, by: Actor, at: datetime, limited: bool
) -> tuple[int, Sentence] | None:
    try:
        seen(sessions, reading, by=by, at=at, limited=limited)
    except TooMany as much:
        note_limit(sessions, by=by, at=at)
        return much.status, much.sentence
    return None


def _is_done(message: Message) -> bool:
    """Tell whether an answer says that a change was made."""
    return message["type"] == "http.response.start" and message["status"] == DONE


def _shows(message: Message) -> bool:
    """Tell whether an answer carries a page: no refusal, and no way on."""
    if message["type"] != "http.response.start":
        return False
    return message["status"] in SHOWN and b"hx-redirect" not in {name.lower() for name, _ in message["headers"]}
