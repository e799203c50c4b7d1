"""Pages for browsers, parts for htmx, and every refusal made visible."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request
from litestar.datastructures import State
from litestar.response import Redirect, Response, Template
from litestar.routes import HTTPRoute
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

from bostad.accounts.access import Actor
from bostad.audit.field_words import field_in_words
from bostad.errors import Invalid
from bostad.resources import resource
from bostad.web import speech
from bostad.words import Sentence

WebRequest = Request[Actor, Any, State]


def environment() -> Environment:
    """Make the templates' environment: everything escaped, nothing undefined passed over."""
    templates = Environment(
        loader=FileSystemLoader(resource("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.install_gettext_callables(speech.gettext, speech.ngettext, newstyle=True)  # type: ignore[attr-defined]
    templates.globals.update(static=_static(), spoken=speech.spoken)
    templates.filters.update(
        said=speech.said, day=speech.day, moment=speech.moment, month=speech.month, number=speech.number, field=_field
    )
    return templates


def wants_part(request: Request[Any, Any, Any]) -> bool:
    """Tell whether htmx asks for a piece of a page; everybody else gets the whole page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") == "partial"


def page(request: WebRequest, name: str, *, status: int = 200, **context: Any) -> Template:
    """Answer with a page; `me` is the signed-in actor."""
    left = int(request.auth.left.total_seconds()) if request.auth else None
    asked_at = request.auth.at if request.auth and status == HTTP_200_OK else None  # a refusal says no time: S06
    known = {"me": request.user, "seconds_left": left, "asked_at": asked_at, "comes_again": _page_around(request)}
    known["file_again"] = "file" in request.query_params
    return Template(name, context={**known, **context}, status_code=status)


def page_or_part(request: WebRequest, whole: str, part: str, *, status: int = 200, **context: Any) -> Template:
    """Answer htmx with the part alone and everyone else with the page around it, at the same address."""
    return page(request, part if wants_part(request) else whole, status=status, **context)


def go_to(request: Request[Any, Any, Any], address: str) -> Response[Any]:
    """Send the browser on after a change, so that reload is safe; htmx is told in a header."""
    if wants_part(request):
        return Response(content=b"", status_code=200, headers={"HX-Redirect": address}, media_type="text/html")
    return Redirect(address, status_code=303)


def refusal(
    request: Request[Any, Any, Any], status: int, sentence: Sentence, *, goes_back: bool = False
) -> Response[Any]:
    """Show a refusal where the person is looking: in the page's place for problems, or as a page of its own.

    `goes_back` leads from that page to the one that the request was made on; it is hers to read.
    """
    me, back = request.scope.get("user"), _page_before(request, status) if goes_back else ""
    context = {"me": me, "sentence": sentence, "status": status, "back": back}
    if request.method == "POST":
        context["comes_again"] = back  # a reload shows how it stands, and sends nothing twice
    if wants_part(request):
        headers = {"HX-Retarget": "#problems", "HX-Reswap": "innerHTML"}
        return Template("_problem.html", context=context, status_code=status, headers=headers)
    return Template("problem.html", context=context, status_code=status)


def general(invalid: Invalid) -> Sentence:
    """Give the sentence for answers that were refused outside any form: the first field's own."""
    return next(iter(invalid.fields.values()), invalid.sentence)


def _page_around(request: Request[Any, Any, Any]) -> str:
    """Give the page that a reload shows after a form was answered with a page: at its address, or the nearest above."""
    return "" if request.method == "GET" else _nearest_page(request, request.scope["path"].rstrip("/").split("/"))


def _page_before(request: Request[Any, Any, Any], status: int) -> str:
    """Give the page to go back to: what was asked on, or the page above where what it asked no longer applies."""
    parts = request.scope["path"].rstrip("/").split("/")
    no_longer = request.method == "GET" or status == HTTP_409_CONFLICT
    above = parts[2:] and parts[:-1]
    return _nearest_page(request, above if no_longer and above else parts)


def _nearest_page(request: Request[Any, Any, Any], parts: list[str]) -> str:
    """Give the longest beginning of an address that is a page."""
    routes = (route for route in request.app.routes if isinstance(route, HTTPRoute))
    readable = {route.path_format for route in routes if "GET" in route.methods}
    template = request.scope["path_template"].split("/")[: len(parts)]
    while len(parts) > 1 and "/".join(template) not in readable:
        template.pop()
        parts.pop()
    return "/".join(parts) or "/"


def _field(name: str) -> str:
    """Say which field a row of the log names."""
    return speech.said(field_in_words(name))


def _static() -> Any:
    """Give the function that finds a static file's hashed address."""
    manifest: dict[str, str] = json.loads(Path(resource("static") / "manifest.json").read_text())

    def static(name: str) -> str:
        return f"/static/{manifest[name]}"

    return static
