"""Asking the application without a browser: what leaves it, byte for byte, headers in their order."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

from litestar.middleware.csrf import generate_csrf_token
from litestar.types import ASGIApp

from tests.conftest import SETTINGS

HOST = "testserver.local"
CSRF = generate_csrf_token(SETTINGS.secret)
"""One token for the whole run: whoever brings it is given no other, so no answer holds chance of its own."""
FORM = "application/x-www-form-urlencoded"

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `fields` make it a form; `part` asks as htmx does; `content` is a body of another kind."""

    method: str
    address: str
    fields: Fields = ()
    part: bool = False
    content: tuple[str, bytes] | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Say it as a log would, fields and all."""
        asked = f"{self.method} {self.address}"
        return f"{asked} {dict(self.fields)}" if self.fields else asked


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: nothing is parsed, sorted or left out."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Give a header's value, or nothing."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name.encode()), "")


class InPlace(asyncio.SelectorEventLoop):
    """A loop that does what would be handed to a worker thread at once: nobody else is waiting for it."""

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        """Call the function, and give a future that is done."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it is the caller's, as from a thread
            done.set_exception(error)
        return done


class Wire:
    """A way to ask one application, as one signed-in person or (without a token) a stranger.

    Its loop runs in a thread of its own: beside the browser's tests there is one in the main thread already.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.thread = ThreadPoolExecutor(1)
        self.runner = self.thread.submit(lambda: asyncio.Runner(loop_factory=InPlace)).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.submit(self.runner.close).result()
        self.thread.shutdown()

    def ask(self, asked: Asked, token: str | None = None) -> Answer:
        """Send one request and give the whole answer."""
        return self.all([asked], token)[0]

    def all(self, requests: Iterable[Asked], token: str | None = None) -> list[Answer]:
        """Send several, one after the other."""
        return self.thread.submit(lambda: self.runner.run(_all(self.app, requests, token))).result()


async def _all(app: Any, requests: Iterable[Asked], token: str | None) -> list[Answer]:
    """Ask each in a task of its own, as a server does: what one has set in its context is not the next one's."""
    return [await asyncio.create_task(_ask(app, asked, token)) for asked in requests]


async def _ask(app: Any, asked: Asked, token: str | None) -> Answer:
    kind, body = _body(asked)
    sent, started = False, {}
    chunks: list[bytes] = []

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            chunks.append(message.get("body", b""))

    await app(_scope(asked, kind, body, token), receive, send)
    return Answer(started["status"], tuple((bytes(k), bytes(v)) for k, v in started["headers"]), b"".join(chunks))


def _body(asked: Asked) -> tuple[str, bytes]:
    if asked.content:
        return asked.content
    if asked.method not in {"POST", "PUT", "PATCH", "DELETE"}:
        return "", b""
    return FORM, urlencode([("_csrf_token", CSRF), *asked.fields]).encode()


def _scope(asked: Asked, kind: str, body: bytes, token: str | None) -> dict[str, Any]:
    parts = urlsplit(asked.address)
    cookies = f"csrf={CSRF}" + (f"; bostad={token}" if token else "")
    headers = {"host": HOST, "cookie": cookies, "x-csrftoken": CSRF} | {k.lower(): v for k, v in asked.headers}
    if kind:
        headers |= {"content-type": kind, "content-length": str(len(body))}
    if asked.part:
        headers |= {"hx-request": "true", "hx-request-type": "partial"}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": quote(parts.path).encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 50_000),
        "server": (HOST, 80),
    }
