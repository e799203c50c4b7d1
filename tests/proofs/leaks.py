"""Leaks made on purpose, one of each kind: an application that tells a little too much, to see that it is noticed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from litestar import Litestar
from sqlalchemy import text

from bostad.records import Sessions
from tests.proofs.wire import Answer

PLACEMENT = re.compile(r"^/placements/([0-9a-f-]{36})$")
HOME = re.compile(r"^/homes/([0-9a-f-]{36})$")
LIST = re.compile(r"^/(?:to-answer|homes)()$")
BEHIND = " from placement p join need n on n.id = p.need_id join case_ c on c.id = n.case_id where p.id::text = :id"

Told = Callable[[Answer, str], Answer]


def in_the_page(answer: Answer, told: str) -> Answer:
    """Write it at the end of the page."""
    return replace(answer, body=answer.body + told.encode())


def in_a_header(answer: Answer, told: str) -> Answer:
    """Say it in a header, as an ETag would that is made of more than the page."""
    return replace(answer, headers=(*answer.headers, (b"etag", f'"{told}"'.encode())))


def by_length(answer: Answer, told: str) -> Answer:
    """Let the page grow with it, by signs that nobody sees."""
    return replace(answer, body=answer.body + b" " * len(told))


def by_status(answer: Answer, told: str) -> Answer:
    """Answer otherwise when there is something there."""
    return replace(answer, status=403) if told and answer.status == 404 else answer


@dataclass(frozen=True, slots=True)
class Leak:
    """On which pages, by which question to the database, and in which part of the answer."""

    where: re.Pattern[str]
    sql: str
    how: Told


LEAKS: Mapping[str, Leak] = {
    "the risk": Leak(PLACEMENT, "select n.risk {behind}", in_the_page),
    "whose case it is": Leak(PLACEMENT, "select c.id::text {behind}", in_the_page),
    "how long they have waited": Leak(PLACEMENT, "select n.waiting_since::text {behind}", in_the_page),
    "that they live in a shelter": Leak(
        PLACEMENT,
        "select 'x' {behind} and exists (select from shelter_stay s where s.case_id = c.id)",
        in_the_page,
    ),
    "how many places they avoid": Leak(
        PLACEMENT,
        "select repeat('x', (select count(*) from avoid_area a where a.need_id = n.id)::int) {behind}",
        by_length,
    ),
    "what they wish": Leak(PLACEMENT, "select n.wish::text {behind}", in_the_page),
    "an age within its band": Leak(PLACEMENT, "select n.child_ages::text {behind}", in_the_page),
    "who works with the case": Leak(PLACEMENT, "select c.worker_id::text {behind}", in_the_page),
    "when it was proposed": Leak(PLACEMENT, "select p.proposed_at::text {behind}", in_a_header),
    "a proposal that is not released": Leak(
        HOME, "select id::text from placement where home_id::text = :id and stage = 'proposed'", in_the_page
    ),
    "that somebody has declined the home": Leak(
        HOME,
        "select repeat('x', count(*)::int) from placement where home_id::text = :id and stage = 'closed'",
        by_length,
    ),
    "how many other households there are": Leak(LIST, "select count(*)::text from need", in_the_page),
    "how many are kept from the company": Leak(LIST, "select count(*)::text from blocked_company", in_a_header),
    "consents not given": Leak(
        LIST, "select count(*)::text from need where id not in (select need_id from consent)", in_a_header
    ),
    "an order that is not the company's": Leak(
        LIST,
        "select string_agg(d.code, ' ' order by c.opened_at) from card d join consent s on s.id = d.consent_id"
        " join need n on n.id = s.need_id join case_ c on c.id = n.case_id where d.code <> ''",
        in_the_page,
    ),
    "other boards and companies": Leak(
        LIST, "select string_agg(name, ', ' order by name) from organisation", by_length
    ),
    "when the matching ran": Leak(LIST, "select max(finished_at)::text from matching_run", in_a_header),
    "the version of a row": Leak(LIST, "select max(number)::text from audit_row", in_a_header),
    "that there is something at an address": Leak(HOME, "select 'x' from home where id::text = :id", by_status),
}


class Leaking:
    """An application with a leak in front of it, where a hook before sending would sit."""

    def __init__(self, app: Litestar, sessions: Sessions, leak: Leak) -> None:
        self.app = app
        self.sessions = sessions
        self.leak = leak

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as the application does, and tell."""
        start: dict[str, Any] = {}
        chunks: list[bytes] = []

        async def kept(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        await self.app(scope, receive, kept)  # type: ignore[arg-type]
        told = self._told(scope["path"], Answer(start["status"], tuple(start["headers"]), b"".join(chunks)))
        await send({**start, "status": told.status, "headers": list(told.headers)})
        await send({"type": "http.response.body", "body": told.body})

    def _told(self, path: str, answer: Answer) -> Answer:
        found = self.leak.where.match(path)
        if found is None or (answer.status != 200 and self.leak.how is not by_status):
            return answer
        with self.sessions() as db:
            secret = db.execute(text(self.leak.sql.replace("{behind}", BEHIND)), {"id": found[1]}).scalars().first()
        return self.leak.how(answer, str(secret or ""))
