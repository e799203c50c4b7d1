"""A problem as text, the same text for the same content, and back."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from bostad.matching.problem import Apart, Home, Line, Need, Place, Problem

Row = TypeVar("Row", Need, Home, Line, Apart)


def text_of(problem: Problem) -> str:
    """Write a problem down as JSON: keys and sets in order, days as text."""
    rows = {name: [_row(row) for row in getattr(problem, name)] for name in ("needs", "homes", "lines", "apart")}
    pairs = {name: sorted(getattr(problem, name)) for name in ("locked", "declined", "current")}
    return json.dumps({**rows, **pairs, "run_date": problem.run_date}, sort_keys=True, default=str)


def fingerprint_of(text: str) -> str:
    """Give the hash by which a problem is known again."""
    return sha256(text.encode()).hexdigest()


def problem_from(text: str) -> Problem:
    """Read a problem that was written down."""
    said = json.loads(text)
    return Problem(
        needs=_rows(Need, said["needs"]),
        homes=_rows(Home, said["homes"]),
        lines=_rows(Line, said["lines"]),
        apart=_rows(Apart, said["apart"]),
        run_date=date.fromisoformat(said["run_date"]),
        locked=_pairs(said["locked"]),
        declined=frozenset(_pairs(said["declined"])),
        current=frozenset(_pairs(said["current"])),
    )


def _row(row: Need | Home | Line | Apart) -> dict[str, Any]:
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}


def _rows(kind: type[Row], said: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    return tuple(kind(**{name: _READ.get(name, _as_it_is)(value) for name, value in row.items()}) for row in said)


def _pairs(said: Iterable[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((need, home) for need, home in said)


def _as_it_is(value: Any) -> Any:
    return value


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


_READ: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("waiting_since", "move_in_from", "move_in_by", "available_from", "offer_until"), _day),
    **dict.fromkeys(("valid_from", "valid_until"), _day),
    **dict.fromkeys(("municipalities", "avoid_districts", "avoid_buildings", "blocked_companies"), frozenset),
    **dict.fromkeys(("must", "wish", "contracts", "groups", "has", "lacks"), frozenset),
    "child_ages": tuple,
    "avoid_near": lambda said: frozenset(Place(*place) for place in said),
    "consents": lambda said: frozenset((company, date.fromisoformat(day)) for company, day in said),
}
"""How each kind of value is read back, by the name of its field; names mean the same in every table."""
