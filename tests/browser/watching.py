"""What must be true of everything a browser did during a test, whatever the test was about."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response
from sqlmodel import select

from bostad.accounts.tables import User
from bostad.homes.tables import Home
from bostad.needs.tables import AvoidArea, Card, Case
from bostad.records import Sessions

TELLING = re.compile(
    r"våld|skydd|kvinno|mansjour|jour(?:en|boende)|hot(?:ad|ar)|förövar|offer|misshand|"
    r"violen|shelter|refuge|victim|perpetrat|abus|assault|threat|protected",
    re.IGNORECASE,
)
"""Words that tell what the service is about to whoever sees a tab, an address or a file's name (U31)."""

SEEN_BY_BROWSER = "Failed to load resource: the server responded with a status of 4"
"""Chromium's own note of a refusal; that people see it too is what the tests are about."""
SHORTEST = 5
"""A shorter word may stand in an address by chance."""
QUERY_FIELDS = {
    "next",
    "path",
    "back",
    "gone",
    "like",
    "out",
    "chosen",
    "everywhere",
    "changed",
    "turn",
    "skip",
    "file",
}
"""The only names that may stand in an address's query; what they hold is checked like the rest of it."""


class Watch:
    """Listens to a browser context and says at the end what was wrong."""

    def __init__(self, base: str, sessions: Sessions) -> None:
        self.base = base
        self.sessions = sessions
        self.expected: list[str] = []
        self.said: list[str] = []
        self.addresses: set[str] = set()
        self.file_names: set[str] = set()

    def on(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.said.append(f"page error: {error.error}"))
        context.on("request", lambda request: self.addresses.add(request.url))
        context.on("response", self._answered)

    def expect(self, *sentences: str) -> None:
        """Name what the browser may complain of in this test, since the test brings it about."""
        self.expected += sentences

    def faults(self, pages: Iterable[Page]) -> list[str]:
        """Say everything that was wrong."""
        secrets = self._secrets()
        return [
            *self._complaints(),
            *(f"asked another host: {one}" for one in self.addresses if not self._is_ours(one)),
            *(f"tells too much: {one}" for one in self.addresses | self.file_names if self._tells(one, secrets)),
            *(f"unknown in a query: {one}" for one in self.addresses if self._queries(one) - QUERY_FIELDS),
            *(f"kept in the browser: {page.url}" for page in pages if self._kept(page)),
        ]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.said.append(message.text)

    def _answered(self, response: Response) -> None:
        disposition = response.headers.get("content-disposition", "")
        if "filename" in disposition:
            self.file_names.add(disposition.partition("filename")[2])

    def _complaints(self) -> list[str]:
        """Give console errors, policy violations among them, and page errors that no test asked for (S50)."""
        expected = (SEEN_BY_BROWSER, *self.expected)
        return [said for said in self.said if not any(one in said for one in expected)]

    def _is_ours(self, address: str) -> bool:
        """S59."""
        return address.startswith((f"{self.base}/", "data:"))

    def _tells(self, address: str, secrets: set[str]) -> bool:
        """S53: no case number, name, card's code, address or place to avoid, no word about why somebody moves."""
        if address.startswith("data:"):
            return False
        text = unquote_plus(unquote_plus(address.removeprefix(self.base))).casefold()
        return bool(TELLING.search(text)) or any(secret in text for secret in secrets)

    def _secrets(self) -> set[str]:
        with self.sessions() as db:
            numbers = [case.case_number for case in db.exec(select(Case)).all()]
            people = db.exec(select(User.name)).all()
            codes = db.exec(select(Card.code)).all()
            addresses = db.exec(select(Home.address)).all()
            avoided = [area.name for area in db.exec(select(AvoidArea)).all()]
        every = (*numbers, *people, *codes, *addresses, *avoided)
        return {secret.casefold() for secret in every if len(secret) >= SHORTEST}

    @staticmethod
    def _queries(address: str) -> set[str]:
        query = "" if address.startswith("data:") else urlsplit(address).query
        return {part.partition("=")[0] for part in query.split("&") if part}

    def _kept(self, page: Page) -> bool:
        """S52."""
        if not page.url.startswith(self.base):
            return False
        return bool(page.evaluate("localStorage.length + sessionStorage.length"))
