"""Where the web is put together: settings, database, templates, sign-in, doors."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from litestar import Litestar, Request
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import DefineMiddleware
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from bostad.accounts.access import KEYED_ROLES, Role
from bostad.accounts.passwords import Cost, Passwords
from bostad.adapters.database import Databases, connect, is_current, sessions_on
from bostad.adapters.key_file import keyring_from
from bostad.adapters.wall_check import faults_of, refuse_faults
from bostad.errors import BostadError
from bostad.resources import resource
from bostad.settings import Settings, read_web_settings
from bostad.web.auth import SessionAuthentication, SessionCookie, check_every_route_declares, holder, public
from bostad.web.controllers import CONTROLLERS
from bostad.web.headers import AnswerHeaders
from bostad.web.hosts import KnownHosts
from bostad.web.noticing import NoticeRefusals
from bostad.web.pace import KeepPace, Pace
from bostad.web.policy_reports import Violations
from bostad.web.reading import WriteReadings
from bostad.web.refusals import failed, http_refused, overtaken, refused
from bostad.web.rendering import environment
from bostad.web.returning import KeepDrafts
from bostad.web.security_txt import security_txt
from bostad.web.speech import speak
from bostad.web.ways import Ways
from bostad.zones.logins import Login

LARGEST_BODY = 256 * 1024
"""A form's; whatever takes a file says for itself how large that may be."""
REFUSALS: Any = {BostadError: refused, HTTPException: http_refused, DBAPIError: overtaken, Exception: failed}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def from_environment() -> Litestar:
    """Make the application as `bostad serve` runs it."""
    settings = read_web_settings()
    engines = {login: connect(address, plans_once=True) for login, address in settings.databases.items()}
    ways = {login: sessions_on(engine) for login, engine in engines.items()}
    if Login.SOCIAL in engines:  # a process that serves the companies alone holds no key
        keyring = keyring_from(file=settings.keys_file, written=settings.key)
        ways[Login.SOCIAL] = sessions_on(engines[Login.SOCIAL], keyring=keyring)
    databases = Databases(ways[Login.DOOR], ways.get(Login.SOCIAL), ways.get(Login.HOUSING), ways.get(Login.REPORT))
    current = partial(_stands, engines[Login.DOOR])
    _refuse_a_broken_wall(engines[Login.DOOR])
    return create_app(settings, databases, passwords=Passwords(Cost()), schema_is_current=current, pace=Pace())


def create_app(
    settings: Settings,
    databases: Databases,
    *,
    passwords: Passwords,
    schema_is_current: Callable[[], bool],
    pace: Pace | None = None,
) -> Litestar:
    """Put the web together on its ways into the database; tests give their own, keep no pace, and patch nothing."""
    cookie, ways, violations = SessionCookie(settings.secure), Ways(databases), Violations()
    keyed = frozenset[Role]() if settings.codes_suffice else KEYED_ROLES
    app = Litestar(
        route_handlers=[*CONTROLLERS, _static_files(), *_contact(settings)],
        dependencies={
            "sessions": Provide(ways.of_her_side, sync_to_thread=False),
            "door": Provide(ways.at_the_door, sync_to_thread=False),
            "reports": Provide(ways.to_reports, sync_to_thread=False),
            "at": Provide(ways.moment, sync_to_thread=True),
            "cookie": Provide(lambda: cookie, sync_to_thread=False),
            "passwords": Provide(lambda: passwords, sync_to_thread=False),
            "secret": Provide(lambda: settings.secret, sync_to_thread=False),
            "violations": Provide(lambda: violations, sync_to_thread=False),
            "schema_is_current": Provide(lambda: schema_is_current, sync_to_thread=False),
        },
        middleware=[
            DefineMiddleware(SessionAuthentication, sessions=databases.door, cookie=cookie, keyed=keyed),
            *([KeepPace(pace)] if pace else []),
            KeepDrafts(databases.door, cookie, settings.secret),
            WriteReadings(ways),
        ],
        before_request=_before,
        before_send=[AnswerHeaders(secure=settings.secure), NoticeRefusals()],
        csrf_config=_csrf(settings),
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment())),
        exception_handlers=REFUSALS,
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        logging_config=None,
    )
    check_every_route_declares(app)
    app.asgi_handler = KnownHosts(app.asgi_handler, settings.hosts)
    return app


def _csrf(settings: Settings) -> CSRFConfig:
    return CSRFConfig(
        secret=settings.secret,
        cookie_name="__Host-csrf" if settings.secure else "csrf",
        cookie_secure=settings.secure,
        cookie_httponly=True,
        cookie_samesite="strict",
    )


def _static_files() -> Any:
    return create_static_files_router(path="/static", directories=[resource("static")], opt=dict(public))


def _contact(settings: Settings) -> Iterator[HTTPRouteHandler]:
    """Give the door that says whom to tell of a fault, where the operator has named somebody."""
    if settings.security_contacts:
        yield security_txt(settings.security_contacts, settings.hosts if settings.secure else ())


async def _before(request: Request[Any, Any, Any]) -> None:
    """Speak the reader's language; refuse a change that another site sent (S56), and what no page of ours asks for."""
    if request.method == "OPTIONS" or "\0" in request.scope["path"]:
        raise HTTPException(status_code=404)
    known = holder(request)
    speak(known[1].locale if known else "sv")
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise HTTPException(status_code=403)


def _refuse_a_broken_wall(engine: Engine) -> None:
    """Stop the start when the database lets through whom it must not; one that does not answer yet is not ready yet."""
    with suppress(OperationalError), engine.connect() as connection:
        refuse_faults(connection)


def _stands(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            return is_current(engine) and not faults_of(connection)
    except SQLAlchemyError:
        return False
