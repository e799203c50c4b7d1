"""From a need and its consent to the card a company sees: what is not named here does not leave the case zone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bostad.homes.features import Feature
from bostad.matching.crowding import rooms_needed
from bostad.needs.consent import FieldGroup
from bostad.needs.household import ContractForm, bands_of

CODE_SIGNS = "23456789BCDFGHJKMNPQRSTVWXZ"
"""No signs that look alike, and no vowels, so that no code spells a word."""
CODE_LENGTH = 8
ACCESS_FEATURES = frozenset({Feature.STEP_FREE})


@dataclass(frozen=True, slots=True)
class CardFacts:
    """As much of a need as a card is written from. No name, number, place or risk has a way in."""

    adults: int
    couples: int
    child_ages: tuple[int, ...]
    rooms_min: int | None
    rent_max: int
    contracts: tuple[str, ...]
    move_in_from: date | None
    must: frozenset[str]


def card_content(facts: CardFacts, groups: frozenset[FieldGroup], *, contact: str | None = None) -> dict[str, Any]:
    """Write the card: the consented groups of facts and nothing else, in plain JSON values.

    `contact` is whom to ask at social services; it says nothing of the household.
    """
    content: dict[str, Any] = {}
    for group, write in _WRITERS.items():
        if group in groups:
            content |= write(facts)
    return content | ({"contact": contact} if contact else {})


def rooms_for(facts: CardFacts) -> int:
    """Give the rooms that the need calls for: its own number, else what the crowding rule says."""
    return facts.rooms_min or rooms_needed(facts.adults, facts.couples, facts.child_ages)


def _size(facts: CardFacts) -> dict[str, Any]:
    bands = bands_of(list(facts.child_ages))
    return {"adults": facts.adults, "children": {band.value: count for band, count in bands.items()}}


def _home(facts: CardFacts) -> dict[str, Any]:
    return {
        "rooms": rooms_for(facts),
        "rent_max": facts.rent_max,
        "contracts": [form.value for form in ContractForm if form.value in facts.contracts],
        "move_in_from": facts.move_in_from.isoformat() if facts.move_in_from else None,
    }


def _safety(facts: CardFacts) -> dict[str, Any]:
    return {"must": [one.value for one in Feature if one.value in facts.must and one not in ACCESS_FEATURES]}


def _access(facts: CardFacts) -> dict[str, Any]:
    return {"step_free": Feature.STEP_FREE.value in facts.must}


_WRITERS: Mapping[FieldGroup, Callable[[CardFacts], dict[str, Any]]] = {
    FieldGroup.SIZE: _size,
    FieldGroup.HOME: _home,
    FieldGroup.SAFETY: _safety,
    FieldGroup.ACCESS: _access,
}
