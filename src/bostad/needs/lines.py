"""Answers and cards in plain words: a question, and what stands there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bostad.homes.features import Feature
from bostad.needs.household import AgeBand, ContractForm
from bostad.needs.stays import AvoidKind
from bostad.words import Sentence, Word, say

Value = Sentence | Word | str | int | date


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a summary. `hard` marks what can never be traded for a wish (U33)."""

    label: Sentence
    values: tuple[Value, ...]
    hard: bool = False


def line(label: Sentence, *values: Value | None, none: Sentence, hard: bool = False) -> Line:
    """Make a line; `none` is said where there is nothing to say."""
    given = tuple(value for value in values if value is not None and value != "")
    return Line(label, given or (none,), hard=hard and bool(given))


def area_words(kind: AvoidKind, name: str, metres: int | None) -> Sentence:
    """Say what an area to avoid is, without coordinates."""
    if kind is AvoidKind.CIRCLE:
        return say("Nearer than %(metres)s metres to %(name)s", metres=metres, name=name)
    if kind is AvoidKind.BUILDING:
        return say("The building %(name)s", name=name)
    return say("The district %(name)s", name=name)


def card_lines(content: Mapping[str, Any]) -> tuple[Line, ...]:
    """Say a card's content in words; the same for the company and for the preview of what it would see."""
    return tuple(_CARD[key](content[key]) for key in _CARD if key in content)


def _children(bands: Mapping[str, int]) -> Line:
    counted = [
        say("%(count)s aged %(band)s", count=bands[band.value], band=band.label)
        for band in AgeBand
        if band.value in bands
    ]
    return line(say("Children"), *counted, none=say("None"))


def _contracts(codes: Sequence[str]) -> Line:
    return line(say("Contract form"), *(ContractForm(code) for code in codes), none=say("Any"))


def _must(codes: Sequence[str]) -> Line:
    return line(say("The home must have"), *(Feature(code) for code in codes), none=say("No such demands"), hard=True)


def _step_free(needed: bool) -> Line:  # noqa: FBT001 - one value of the card, as it is stored
    return Line(say("Step-free access"), (say("Needed") if needed else say("Not needed"),), hard=needed)


def _from(day: str | None) -> Line:
    return line(say("Earliest move-in"), date.fromisoformat(day) if day else None, none=say("At once"))


_CARD: Mapping[str, Any] = {
    "adults": lambda count: Line(say("Adults"), (count,)),
    "children": _children,
    "rooms": lambda count: Line(say("Rooms needed, apart from the kitchen"), (count,)),
    "rent_max": lambda kronor: Line(say("Highest rent a month, in kronor"), (kronor,)),
    "contracts": _contracts,
    "move_in_from": _from,
    "must": _must,
    "step_free": _step_free,
    "contact": lambda contact: Line(say("Contact at social services"), (contact,)),
}
