"""The hash chain: each row's hash covers the row and the hash before it.

The database computes it as it takes a row in (migration 0004). This computes the same from the same text, apart from
the database, so that whoever can change the one must still explain the other.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

START = "0" * 64
"""The hash before the first row."""
_FORM = "bostad audit 2"


@dataclass(frozen=True, slots=True)
class Link:
    """One row as the chain sees it. `facts` is the text in which PostgreSQL writes the row's JSON."""

    number: int
    at: datetime
    written_at: datetime
    actor: UUID | None
    organisation: UUID | None
    action: str
    subject: UUID | None
    case: UUID | None
    board: UUID | None
    purpose: str | None
    listed: Sequence[UUID] | None
    facts: str
    previous: str
    hash: str


def canonical(link: Link) -> str:
    """Write a row as one text: a line for each part, the facts last. Nothing else in it can hold a line end."""
    parts = (
        _FORM,
        link.previous,
        str(link.number),
        _moment(link.at),
        _moment(link.written_at),
        _or_dash(link.actor),
        _or_dash(link.organisation),
        link.action,
        _or_dash(link.subject),
        _or_dash(link.case),
        _or_dash(link.board),
        link.purpose or "-",
        ",".join(map(str, link.listed or ())) or "-",
        link.facts,
    )
    return "\n".join(parts)


def holds(link: Link, *, number: int, previous: str) -> bool:
    """Tell whether a row is the one that belongs after a hash, at a number."""
    in_place = (link.number, link.previous) == (number, previous)
    return in_place and link.hash == hashlib.sha256(canonical(link).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _or_dash(known: UUID | None) -> str:
    return str(known) if known else "-"
