"""A browser without a screen: keeps cookies, sends the CSRF token, follows redirects like a person would."""

from html.parser import HTMLParser
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from tests.people import PASSWORD, code_now

HOST = "http://testserver.local"


class Browser:
    """One person's browser on the application under test."""

    def __init__(self, app: Litestar) -> None:
        self.client = TestClient(app, base_url=HOST, raise_server_exceptions=True)
        self.client.get("/health/live")

    def get(self, address: str, **kwargs: Any) -> Response:
        return self.client.get(address, **kwargs)

    def post(self, address: str, /, *, htmx: bool = False, follow: bool = True, **fields: Any) -> Response:
        """Send a form; `htmx` sends it as htmx 4 does for a part of a page."""
        headers = {"HX-Request": "true", "HX-Request-Type": "partial"} if htmx else {}
        data = {"_csrf_token": self.token(), **fields}
        return self.client.post(address, data=data, headers=headers, follow_redirects=follow)

    def sign_in(self, username: str, *, to: str = "/") -> Response:
        """Sign in with both factors and go on."""
        self.post("/sign-in", username=username, password=PASSWORD, next=to, follow=False)
        return self.post("/second-step", code=code_now(), next=to)

    def upload(self, address: str, name: str, content: bytes, /, **fields: Any) -> Response:
        """Send a form with a file in its field `file`."""
        data = {"_csrf_token": self.token(), **fields}
        return self.client.post(address, data=data, files={"file": (name, content)})

    def token(self) -> str:
        """Give the CSRF token as a form on a page would carry it."""
        if "csrf" not in self.client.cookies:
            self.client.get("/accessibility")
        return str(self.client.cookies["csrf"])


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(answer: Response) -> str:
    """Give what a person reads on a page, white space folded."""
    parser = _Text()
    parser.feed(answer.text)
    return " ".join(" ".join(parser.words).split())
