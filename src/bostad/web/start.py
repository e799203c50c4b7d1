"""The front door, the health of the house, and the accessibility statement."""

from collections.abc import Callable

from litestar import Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Redirect, Response, Template

from bostad.accounts.access import Actor, Role
from bostad.web.auth import public, signed_in
from bostad.web.rendering import WebRequest, page

FIRST_PAGE = {
    Role.SOCIAL_WORKER: "/cases",
    Role.UNIT_MANAGER: "/overview",
    Role.HOUSING_STAFF: "/to-answer",
    Role.ADMINISTRATOR: "/users",
    Role.DATA_PROTECTION_OFFICER: "/log",
}


@get("/", opt=public, sync_to_thread=False)
def front_door(request: Request[Actor | None, None, State]) -> Redirect:
    """Send everybody to the page their work begins on."""
    return Redirect(FIRST_PAGE[request.user.role] if request.user else "/sign-in", status_code=303)


@get("/accessibility", opt=public, sync_to_thread=False)
def accessibility(request: WebRequest) -> Template:
    """Show the accessibility statement (U02)."""
    return page(request, "accessibility.html")


@get("/how-matching-works", guards=[signed_in], sync_to_thread=False)
def how_matching_works(request: WebRequest) -> Template:
    """Explain the order and the plan in plain words."""
    return page(request, "how_matching_works.html")


@get("/health/live", opt=public, media_type="text/plain", sync_to_thread=False)
def live() -> str:
    """Say that the process answers."""
    return "live"


@get("/health/ready", opt=public, media_type="text/plain", sync_to_thread=True)
def ready(schema_is_current: NamedDependency[SkipValidation[Callable[[], bool]]]) -> Response[str]:
    """Say whether the database answers and stands at this version's schema, and nothing more (E03).

    A lost Redis does not count: the pages work without it, and the outbox keeps what it would have carried.
    """
    good = schema_is_current()
    return Response("ready" if good else "not ready", status_code=200 if good else 503)
