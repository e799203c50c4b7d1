"""What a company sees: an allow-list, checked key by key."""

from datetime import date

import pytest

from bostad.needs.card import CardFacts, card_content
from bostad.needs.consent import FieldGroup

FAMILY = CardFacts(
    adults=2,
    couples=1,
    child_ages=(3, 5, 12, 17),
    rooms_min=None,
    rent_max=11_000,
    contracts=("social",),
    move_in_from=date(2026, 12, 1),
    must=frozenset({"door_code", "step_free", "above_ground_floor"}),
)
KEYS = {
    FieldGroup.SIZE: {"adults", "children"},
    FieldGroup.HOME: {"rooms", "rent_max", "contracts", "move_in_from"},
    FieldGroup.SAFETY: {"must"},
    FieldGroup.ACCESS: {"step_free"},
}
COMBINATIONS = [
    frozenset(group for place, group in enumerate(FieldGroup) if number >> place & 1)
    for number in range(2 ** len(FieldGroup))
]


@pytest.mark.parametrize("groups", COMBINATIONS, ids=lambda groups: "+".join(sorted(groups)) or "nothing")
def test_a_card_holds_the_consented_groups_and_no_other_key(groups: frozenset[FieldGroup]) -> None:
    """S04, S10. ASVS V14.2.6."""
    allowed = set().union(*(KEYS[group] for group in groups))

    assert set(card_content(FAMILY, groups)) == allowed
    assert set(card_content(FAMILY, groups, contact="Provperson, Socialnämnden")) == allowed | {"contact"}


def test_children_are_counted_by_age_band_and_never_by_age() -> None:
    content = card_content(FAMILY, frozenset({FieldGroup.SIZE}))

    assert content == {"adults": 2, "children": {"0-5": 2, "6-12": 1, "13-17": 1}}


def test_rooms_follow_the_crowding_rule_unless_a_number_was_given() -> None:
    """Two small children share a room, the older two do not, and nor does the couple: four bedrooms."""
    home = card_content(FAMILY, frozenset({FieldGroup.HOME}))

    assert home == {"rooms": 5, "rent_max": 11_000, "contracts": ["social"], "move_in_from": "2026-12-01"}


def test_step_free_is_told_only_under_its_own_group() -> None:
    assert card_content(FAMILY, frozenset({FieldGroup.SAFETY})) == {"must": ["above_ground_floor", "door_code"]}
    assert card_content(FAMILY, frozenset({FieldGroup.ACCESS})) == {"step_free": True}
