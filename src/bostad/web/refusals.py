"""One place where errors become answers that a person can see (U14)."""

import logging
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.response import Response
from sqlalchemy.exc import DBAPIError

from bostad.adapters.logs import where
from bostad.errors import BostadError, Invalid, NotSignedIn, OutOfStep, ProofWanted
from bostad.web.noticing import notice
from bostad.web.rendering import general, go_to, refusal
from bostad.web.returning import FAILED, second_step_address, sign_in_address
from bostad.words import say

log = logging.getLogger("bostad.web")

_BY_STATUS = {
    400: say("The answers could not be read. Go back, reload the page and try again."),
    403: say("The page had been open too long, or in two windows. Reload it and try again."),
    404: say("There is nothing at this address, or it is not for you."),
    405: say("There is nothing at this address, or it is not for you."),
    413: say("What was sent is too large. A file may hold 5 MB."),
}
_UNEXPECTED = say(
    "Something went wrong on our side. Nothing was saved. Try again; if it happens again, tell your administrator."
)
_FASTER = say("Somebody saved the same thing at the same moment. Nothing was saved twice. Look at how it stands now.")
_OVERTAKEN = frozenset({"23505", "40001", "40P01"})
"""A taken place, two that could not both be, two that waited for each other: PostgreSQL's own codes."""


def refused(request: Request[Any, Any, Any], error: BostadError) -> Response[Any]:
    """Show what a person's act ran into."""
    if isinstance(error, NotSignedIn | ProofWanted):
        notice(request.scope, error.status, kind=type(error).__name__)
    if isinstance(error, NotSignedIn):
        return go_to(request, sign_in_address(request))
    if isinstance(error, ProofWanted):
        return go_to(request, second_step_address(request))
    sentence = general(error) if isinstance(error, Invalid) else error.sentence
    return refusal(request, error.status, sentence, goes_back=isinstance(error, Invalid | OutOfStep))


def http_refused(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Show what the framework refused: a wrong address, a stale form, a file too large. What it failed at is ours."""
    if error.status_code >= FAILED:
        return failed(request, error)
    status = 404 if error.status_code == 405 else error.status_code  # noqa: PLR2004 - absent and not allowed look alike
    sent = request.method == "POST" and "path_template" in request.scope
    return refusal(request, status, _BY_STATUS.get(status, _UNEXPECTED), goes_back=sent and status != 404)  # noqa: PLR2004


def overtaken(request: Request[Any, Any, Any], error: DBAPIError) -> Response[Any]:
    """Show that somebody was faster, where the database kept two from doing the same at once (F05); else it failed."""
    if getattr(error.orig, "sqlstate", None) in _OVERTAKEN:
        return refusal(request, OutOfStep.status, _FASTER, goes_back=True)
    return failed(request, error)


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Show that it was our fault, and log where: file and line, never values (S65)."""
    log.error("unexpected", extra=where(error))
    return refusal(request, 500, _UNEXPECTED)
