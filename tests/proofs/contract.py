"""What the service promises of its doors, as an OpenAPI description made from its own routes and forms."""

import inspect
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any, get_args

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from bostad.answers import Answers
from bostad.web.moves import ACTS
from bostad.words import Word
from tests.proofs.doors import LEAVING, NOWHERE, WORDS

ASKED = ("200", "303", "403", "404")
SENT = (*ASKED, "400", "409", "413", "422", "429")
"""How a page and a form may be answered; anything else is not documented."""
NUMBERS = frozenset({"before", "skip", "turn"})
"""Queries that are numbers: 400 where one is none. A page is refused for no other query."""
QUERIES = (*sorted(NUMBERS), "gone", "like", "back", "next")
TEXT = {"type": "string", "maxLength": 200}
FORM = "application/x-www-form-urlencoded"


def described(app: Litestar, ids: Mapping[str, object]) -> dict[str, Any]:
    """Describe every door; `ids` are things that are there, to be asked for beside others that are not."""
    paths: dict[str, dict[str, Any]] = {}
    for route in app.routes:
        path = getattr(route, "path_format", route.path)
        if path in LEAVING or path.startswith("/static"):
            continue
        for handler in getattr(route, "route_handlers", []):
            for method in handler.http_methods - {"OPTIONS"}:
                paths.setdefault(path, {})[str(method).lower()] = _operation(path, str(method), handler, ids)
    return {"openapi": "3.1.0", "info": {"title": "bostad", "version": "1"}, "paths": paths}


def _operation(path: str, method: str, handler: HTTPRouteHandler, ids: Mapping[str, object]) -> dict[str, Any]:
    places = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": _place(path, name, ids)} for name in places]
    if method == "GET":
        parameters += [{"name": name, "in": "query", "schema": TEXT} for name in QUERIES]
    counts = NUMBERS & set(inspect.signature(_function(handler)).parameters)
    statuses = SENT if method == "POST" else (*ASKED, "400") if counts else ASKED
    found: dict[str, Any] = {
        "parameters": parameters,
        "responses": {status: {"description": "A page, a part of one, or the way to one."} for status in statuses},
    }
    if method == "POST":
        fields = {name: schema for form in _forms(handler) for name, schema in _fields(form)}
        found["requestBody"] = {"content": {FORM: {"schema": {"type": "object", "properties": fields}}}}
    return found


def _place(path: str, name: str, ids: Mapping[str, object]) -> dict[str, Any]:
    """Describe what may stand in a place of an address."""
    if name.endswith("_id") or name == "subject":
        there = ids.get(name.removesuffix("_id"))
        known = [{"enum": [str(there)]}] if there else []
        return {"anyOf": [*known, {"type": "string", "format": "uuid"}]}
    words = WORDS.get((f"/{path.split('/')[1]}", name), (NOWHERE,))
    return {"anyOf": [{"enum": list(words)}, {"type": "string", "pattern": "^[a-z_]{1,20}$"}]}


def _forms(handler: HTTPRouteHandler) -> Iterator[type[Answers]]:
    """Give the forms that a handler's code names."""
    function = _function(handler)
    code, known = function.__code__, function.__globals__
    if "_act" in code.co_names:
        yield from {act.form for act in ACTS.values()}
    for name in _names(code):
        if isinstance(known.get(name), type) and issubclass(known[name], Answers):
            yield known[name]


def _function(handler: HTTPRouteHandler) -> Any:
    """Give a handler's own function, without what the framework wraps around it."""
    return inspect.unwrap(getattr(handler.fn, "func", handler.fn))


def _names(code: CodeType) -> Iterator[str]:
    """Give every name that a function and the functions in it speak of."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _fields(form: type[Answers]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in form.model_fields.items():
        words = next((kind for kind in _kinds(field.annotation) if issubclass(kind, Word)), None)
        yield name, {"anyOf": [{"enum": [word.value for word in words]}, TEXT]} if words else TEXT


def _kinds(annotation: Any) -> Iterator[type]:
    """Give every type that an annotation is made of."""
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from _kinds(part)
