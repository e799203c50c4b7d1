"""Who may use what: every route says so, and the few that are open to everybody are counted here."""

from collections.abc import Iterator

import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler

from bostad.web.auth import UndeclaredRoutes, check_every_route_declares

OPEN_TO_EVERYBODY = {
    "GET /",
    "GET /accessibility",
    "GET /code",
    "GET /health/live",
    "GET /health/ready",
    "GET /sign-in",
    "GET /static/{file_path:path}",
    "HEAD /static/{file_path:path}",
    "POST /code",
    "POST /policy-reports",
    "POST /sign-in",
    "POST /sign-out",
}


def test_only_the_doors_counted_here_are_open_to_everybody(app: Litestar) -> None:
    """S37. ASVS V13.4.5."""
    assert {door for door, handler in _doors(app) if handler.opt.get("public")} == OPEN_TO_EVERYBODY


def test_a_route_that_says_nothing_stops_the_start() -> None:
    """S37. ASVS V8.2.1."""

    @get("/forgotten", sync_to_thread=False)
    def forgotten() -> str:
        return ""

    with pytest.raises(UndeclaredRoutes, match="GET /forgotten"):
        check_every_route_declares(Litestar([forgotten], openapi_config=None))


def test_every_change_asks_for_a_role(app: Litestar) -> None:
    """S37: signing in is the one change that nobody can be asked to have signed in for."""
    changes = {door for door, handler in _doors(app) if not door.startswith(("GET ", "HEAD "))}
    unguarded = {door for door, handler in _doors(app) if door in changes and not handler.resolve_guards()}

    assert unguarded <= OPEN_TO_EVERYBODY
    assert changes, "there is something to change"


def _doors(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            for method in handler.http_methods - {"OPTIONS"}:
                yield f"{method} {route.path}", handler
