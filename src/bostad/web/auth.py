"""Who is asking: the session cookie, the actor behind it, and what every route says about who may use it."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from litestar import Litestar, Response
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from bostad.accounts.access import Actor, Role
from bostad.accounts.sessions import SessionNow, actor_now
from bostad.accounts.tokens import CODE_BYTES, written_code
from bostad.errors import NotAllowed, NotSignedIn, ProofWanted
from bostad.records import Sessions, clock_in
from bostad.web.headers import REPORTS

TOKEN_BYTES = 32
STATIC = "/static/"
NOBODYS = (STATIC, REPORTS, "/health/")
"""What is the same for everybody: no session is looked up there, and none is kept alive by it."""
HALFWAY = "halfway"
"""Where a request's state holds who has proved her password and not her second factor."""

public: Mapping[str, Any] = MappingProxyType({"public": True})
"""What a route says (`opt=public`) when everybody may use it, signed in or not."""


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """The cookie that holds a session's token: never for scripts, never for other sites, never over plain HTTP (S20).

    Only a demo on this computer's own address goes without Secure; the prefix `__Host-` goes with it.
    """

    secure: bool

    @property
    def name(self) -> str:
        """Give the cookie's name."""
        return "__Host-bostad" if self.secure else "bostad"

    def read(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
        """Give the token that came with a request."""
        return connection.cookies.get(self.name)

    def put(self, response: Response[Any], token: str) -> None:
        """Hand a new token to the browser; it forgets it when it is closed."""
        response.set_cookie(self.name, token, path="/", httponly=True, samesite="lax", secure=self.secure)

    def remove(self, response: Response[Any]) -> None:
        """Take the token back, with the flags that a `__Host-` cookie needs even then."""
        response.set_cookie(self.name, "", max_age=0, path="/", httponly=True, samesite="lax", secure=self.secure)


def new_code() -> str:
    """Draw a one-time code, written as it is handed over."""
    return written_code(secrets.token_bytes(CODE_BYTES))


def new_token() -> str:
    """Draw a session token of 256 random bits (S20)."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class SessionAuthentication(AbstractAuthenticationMiddleware):
    """Finds the actor behind the cookie: `request.user` is an Actor or None, `request.auth` a SessionNow or None.

    Whoever has not proved her second factor yet is nobody here; only the pages that ask for it know her, as `halfway`.

    `DefineMiddleware(SessionAuthentication, sessions=..., cookie=SessionCookie(settings.secure), keyed=KEYED_ROLES)`.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions, cookie: SessionCookie, keyed: Collection[Role]) -> None:
        """Take the next application, the database, the cookie, and the roles that only a passkey proves."""
        super().__init__(app, exclude_http_methods=())  # whoever asks with OPTIONS is somebody too
        self.sessions = sessions
        self.cookie = cookie
        self.keyed = keyed

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Look the token up in a worker thread; whoever has none is anonymous, not refused.

        Static files are everybody's: they cost no look-up, and a page about a lost database still has its style. A
        report that a browser sends by itself must not keep a session alive.
        """
        token = None if connection.scope["path"].startswith(NOBODYS) else self.cookie.read(connection)
        found = await sync_to_thread(_look_up, self.sessions, token, self.keyed) if token else None
        if found and not found[1].proved:
            connection.scope["state"][HALFWAY] = found
        actor, now = found if found and found[1].proved else (None, None)
        return AuthenticationResult(user=actor, auth=now)


def _look_up(sessions: Sessions, token: str, keyed: Collection[Role]) -> tuple[Actor, SessionNow] | None:
    with sessions.begin() as db:
        return actor_now(db, token, at=clock_in(db), keyed=keyed)


def holder(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[Actor, SessionNow] | None:
    """Give who holds this session, whether or not her second factor is proved; None for a stranger."""
    if connection.user is not None:
        return connection.user, connection.auth
    found: tuple[Actor, SessionNow] | None = connection.scope["state"].get(HALFWAY)
    return found


@dataclass(frozen=True, slots=True)
class RoleGuard:
    """A guard that lets some roles through; a start-up check reads `roles` from it."""

    roles: frozenset[Role]

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Send a stranger to sign in, somebody halfway to the second step; tell all others that it is not theirs."""
        if connection.user is None and holder(connection):
            raise ProofWanted("Prove who you are with your second factor.")
        if connection.user is None:
            raise NotSignedIn("Sign in to see this page.")
        if connection.user.role not in self.roles:
            raise NotAllowed("This page is for people with another role than yours.")


def only(*roles: Role) -> RoleGuard:
    """Make the guard that lets these roles through: `guards=[only(Role.SOCIAL_WORKER)]`."""
    return RoleGuard(frozenset(roles))


signed_in = only(*Role)
"""The guard of pages that everybody has who signs in."""


class HalfwayGuard(RoleGuard):
    """The guard of the pages that ask for the second factor: whoever has proved her password may use them."""

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Send a stranger to the sign-in page."""
        if holder(connection) is None:
            raise NotSignedIn("Sign in to see this page.")


halfway = HalfwayGuard(frozenset(Role))


@dataclass(frozen=True, slots=True)
class StepUpGuard:
    """A guard that asks for the second factor again unless it was proved a short while ago (S23).

    Stands after the guard that says whose the page is. With `word`, only some values of that part of the address ask.
    """

    word: str = ""
    values: frozenset[str] = frozenset()

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Lead to the second step whoever proved it too long ago."""
        if self.wants_proof(connection):
            raise ProofWanted("Prove who you are with your second factor.")

    def wants_proof(self, connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
        """Tell whether this request has to wait for a proof."""
        concerned = not self.word or connection.path_params.get(self.word) in self.values
        return concerned and not (connection.auth and connection.auth.fresh)


stepped_up = StepUpGuard()
"""`guards=[only(...), stepped_up]`: before what reveals, releases, exports or changes who may do what."""


def stepped_up_for(word: str, *values: str) -> StepUpGuard:
    """Make the guard that asks only where a word in the address is one of these."""
    return StepUpGuard(word, frozenset(values))


def only_proof_is_missing(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Tell whether a signed-in person may do this, once she has proved her second factor anew."""
    guards = connection.route_handler.resolve_guards()
    is_hers = all(connection.user.role in guard.roles for guard in guards if isinstance(guard, RoleGuard))
    return is_hers and any(guard.wants_proof(connection) for guard in guards if isinstance(guard, StepUpGuard))


class UndeclaredRoutes(Exception):
    """Some routes do not say who may use them."""


def check_every_route_declares(app: Litestar) -> None:
    """Refuse to start, naming the routes, when one says neither who may use it nor that everybody may (S37)."""
    handlers = [(route.path, handler) for route in app.routes for handler in getattr(route, "route_handlers", [])]
    handlers += [(route.path, route.route_handler) for route in app.routes if hasattr(route, "route_handler")]
    undeclared = sorted({_named(path, handler) for path, handler in handlers if not _declares(handler)})
    if undeclared:
        raise UndeclaredRoutes(f"These routes must say who may use them, or that they are public: {undeclared}")


def _declares(handler: BaseRouteHandler) -> bool:
    """Tell whether a route says exactly one of the two; Litestar's own answers to OPTIONS need not."""
    if isinstance(handler, HTTPRouteHandler) and handler.http_methods == {HttpMethod.OPTIONS}:
        return True
    guarded = any(isinstance(guard, RoleGuard) for guard in handler.resolve_guards())
    return guarded != bool(handler.opt.get("public"))


def _named(path: str, handler: BaseRouteHandler) -> str:
    methods = "/".join(sorted(handler.http_methods)) if isinstance(handler, HTTPRouteHandler) else "ASGI"
    return f"{methods} {path}"
