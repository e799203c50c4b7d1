"""Coming back after sign-in: to which address, and with which answers (U35)."""

import hashlib
import hmac
from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType, ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from bostad.accounts.drafts import Answered, drop_draft, save_draft
from bostad.accounts.sessions import timed_out_user
from bostad.records import Sessions, clock
from bostad.web.auth import SessionCookie, only_proof_is_missing
from bostad.web.rendering import wants_part

KEPT = "_kept"
"""The field that a form carries when it is made of kept answers."""
NEVER_KEPT = frozenset({"_csrf_token", KEPT, "password", "new_password", "code", "answer"})
FILE_AGAIN = "?file=again"
"""What an import's address ends in when a file came before its sender had shown who she is. Files are not kept."""
FAILED = 500


def local_path(address: object, otherwise: str = "/") -> str:
    """Give an address if it stays with us, else the start page: nobody is led elsewhere through our sign-in.

    Browsers read addresses with two slashes, backslashes, tabs or line ends in them as other hosts.
    """
    if not isinstance(address, str) or not address.startswith("/") or address.startswith("//"):
        return otherwise
    if "\\" in address or any(sign <= " " or sign == "\x7f" for sign in address):
        return otherwise
    return address


def sign_in_address(request: Request[Any, Any, Any]) -> str:
    """Give the address of the sign-in page that leads back to where this person was."""
    return "/sign-in?" + urlencode({"next": _back(request)}, safe="/")


def second_step_address(request: Request[Any, Any, Any]) -> str:
    """Give the address of the page that asks for the second factor and leads back to where this person was."""
    return "/second-step?" + urlencode({"next": _back(request)}, safe="/")


def _back(request: Request[Any, Any, Any]) -> str:
    if request.scope["state"].get(KEPT):
        return "/kept?" + urlencode({"path": request.url.path})
    return _page_of(request) + (FILE_AGAIN if _is_file(request) else "")


def address_of(request: Request[Any, Any, Any], secret: str) -> str:
    """Give a keyed hash of where a request came from: enough to count by, and no address to keep (S69)."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return _keyed(secret, host)
    one_line = ip_network((address, 64), strict=False) if isinstance(address, IPv6Address) else address
    return _keyed(secret, str(one_line))


class KeepDrafts(ASGIMiddleware):
    """Keeps the answers of a form that cannot be taken yet, and drops them once they have arrived.

    That is a form sent after its session had timed out, and one that wants a fresh proof of who sends it. A file is
    not kept: its sender chooses it again.

    Stands inside SessionAuthentication. Any form of the house is kept so; no page has to know.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, sessions: Sessions, cookie: SessionCookie, secret: str) -> None:
        """Take the database, the cookie that says whose session it was, and the secret that drafts are sealed with."""
        self.sessions = sessions
        self.cookie = cookie
        self.secret = secret

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Look at forms that need a sign-in, and at nothing else."""
        request: Request[Any, Any, Any] = Request(scope, receive)
        unproved = request.user is None or only_proof_is_missing(request)
        if unproved and _is_file(request):
            await (await request.form()).close()
            await next_app(scope, receive, send)
        elif not _is_form(request) or scope["route_handler"].opt.get("public"):
            await next_app(scope, receive, send)
        elif unproved:
            scope["state"][KEPT] = await self._keep(request)
            await next_app(scope, receive, send)
        elif KEPT in await request.form():
            await self._pass_on_and_drop(request, next_app, send)
        else:
            await next_app(scope, receive, send)

    async def _keep(self, request: Request[Any, Any, Any]) -> bool:
        token = self.cookie.read(request)
        answers = _answers(await request.form())
        known = request.user.id if request.user else None
        save = partial(self._save, str(token), request.url.path, answers, known=known)
        return bool(token and answers) and await sync_to_thread(save)

    def _save(self, token: str, path: str, answers: Answered, *, known: UUID | None) -> bool:
        at = clock(self.sessions)
        user_id = known or timed_out_user(self.sessions, token, at=at)
        if user_id is None:
            return False
        return save_draft(self.sessions, path, answers, user_id=user_id, secret=self.secret, at=at)

    async def _pass_on_and_drop(self, request: Request[Any, Any, Any], next_app: ASGIApp, send: Send) -> None:
        """Drop what was kept once the form has been answered; a failure of ours keeps it."""
        statuses: list[int] = []

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        await next_app(request.scope, request.receive, watched)
        if statuses and statuses[0] < FAILED:
            await sync_to_thread(drop_draft, self.sessions, request.url.path, by=request.user)


def _is_form(request: Request[Any, Any, Any]) -> bool:
    return request.method == "POST" and request.content_type[0] == RequestEncodingType.URL_ENCODED


def _is_file(request: Request[Any, Any, Any]) -> bool:
    return request.method == "POST" and request.content_type[0] == RequestEncodingType.MULTI_PART


def _answers(form: FormMultiDict) -> Answered:
    """Give a form's answers without what is secret or belongs to the form itself."""
    return {name: [str(value) for value in form.getall(name)] for name in form if name not in NEVER_KEPT}


def _page_of(request: Request[Any, Any, Any]) -> str:
    """Give the page that a request was made from: a part's page as htmx names it, a change's nearest page above it."""
    named_by_htmx = request.headers.get("HX-Current-URL")
    if named_by_htmx and wants_part(request):
        return local_path(_bare(named_by_htmx))
    if request.method in {"GET", "HEAD"}:
        return local_path(_bare(str(request.url)))
    pages = {route.path_format for route in request.app.routes if "GET" in getattr(route, "methods", ())}
    template, path = request.scope["path_template"], request.url.path
    while template not in pages and template.count("/") > 1:
        template, path = template.rpartition("/")[0], path.rpartition("/")[0]
    return local_path(path) if template in pages else "/"


def _bare(address: str) -> str:
    """Give an address without its host; what is none gives nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _keyed(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), f"address {text}".encode(), hashlib.sha256).hexdigest()
