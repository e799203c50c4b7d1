"""What one cell may hold: small parsers that return a value or raise BadCell with a sentence about the cell."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from bostad.matching.problem import Place

T = TypeVar("T")
Parser = Callable[[str], T]

MOST = 1_000_000_000
LATITUDE, LONGITUDE = 90, 180
SHOWN = 60


class BadCell(ValueError):
    """A cell that does not hold what its column asks for; the message quotes it."""


def quoted(text: str) -> str:
    """Return a cell's text for a message: short, and without what a terminal would act on."""
    safe = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return f"'{safe}'" if len(safe) <= SHOWN else f"'{safe[:SHOWN]}...'"


def text(cell: str) -> str:
    """Return the cell as it is."""
    return cell


def whole(cell: str) -> int:
    """Return a whole number of either sign."""
    return _number(cell, None, MOST, "a whole number")


def above_zero(cell: str) -> int:
    """Return a whole number above 0."""
    return _number(cell, 1, MOST, "a whole number above 0")


def zero_or_more(cell: str) -> int:
    """Return a whole number, 0 or above."""
    return _number(cell, 0, MOST, "a whole number, 0 or above")


def child_age(cell: str) -> int:
    """Return the age of a child."""
    return _number(cell, 0, 17, "an age from 0 to 17", too_large="an age from 0 to 17")


def latitude(cell: str) -> float:
    """Return decimal degrees north."""
    return _degrees(cell, LATITUDE)


def longitude(cell: str) -> float:
    """Return decimal degrees east."""
    return _degrees(cell, LONGITUDE)


def day(cell: str) -> date:
    """Return a date written YYYY-MM-DD; every other way of writing one is refused."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        try:
            return date.fromisoformat(cell)
        except ValueError as error:
            raise BadCell(f"{quoted(cell)} is not a day in the calendar") from error
    raise BadCell(f"{quoted(cell)} is not a date written YYYY-MM-DD")


def municipality(cell: str) -> str:
    """Return a municipality code."""
    if re.fullmatch(r"[0-9]{4}", cell):
        return cell
    raise BadCell(f"{quoted(cell)} is not a municipality code of four digits")


def one_of(words: Sequence[str]) -> Parser[str]:
    """Return a parser that takes one of a few words."""

    def parse(cell: str) -> str:
        if cell in words:
            return cell
        raise BadCell(f"{quoted(cell)} is not one of {', '.join(words)}")

    return parse


def list_of(entry: Parser[T]) -> Parser[tuple[T, ...]]:
    """Return a parser of entries with | between them."""

    def parse(cell: str) -> tuple[T, ...]:
        entries = [part.strip() for part in cell.split("|")]
        if "" in entries:
            raise BadCell(f"{quoted(cell)} has an empty entry")
        return tuple(entry(part) for part in entries)

    return parse


def set_of(entry: Parser[T]) -> Parser[frozenset[T]]:
    """Return a parser of a set: what stands twice counts once."""
    parse_list = list_of(entry)

    def parse(cell: str) -> frozenset[T]:
        return frozenset(parse_list(cell))

    return parse


def place(cell: str) -> Place:
    """Return a circle written lat:lon:metres."""
    parts = [part.strip() for part in cell.split(":")]
    if len(parts) != len(Place._fields):
        raise BadCell(f"{quoted(cell)} is not a place written lat:lon:metres")
    return Place(latitude(parts[0]), longitude(parts[1]), zero_or_more(parts[2]))


def consent(cell: str) -> tuple[str, date]:
    """Return a consent written company:date."""
    company, colon, until = (part.strip() for part in cell.rpartition(":"))
    if not (colon and company):
        raise BadCell(f"{quoted(cell)} is not a consent written company:date")
    return company, day(until)


def _number(cell: str, least: int | None, most: int, wanted: str, *, too_large: str | None = None) -> int:
    if not re.fullmatch(r"-?[0-9]+", cell) or (least is not None and cell.startswith("-")):
        raise BadCell(f"{quoted(cell)} is not {wanted}")
    if len(cell.lstrip("-0")) > len(str(MOST)) or abs(int(cell)) > most:
        raise BadCell(f"{quoted(cell)} is not {too_large}" if too_large else f"{quoted(cell)} is above {most}")
    if least is not None and int(cell) < least:
        raise BadCell(f"{quoted(cell)} is not {wanted}")
    return int(cell)


def _degrees(cell: str, most: int) -> float:
    if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]+)?", cell) and -most <= float(cell) <= most:
        return float(cell)
    raise BadCell(f"{quoted(cell)} is not decimal degrees with a point, from -{most} to {most}")


AnyParser = Parser[Any]
