"""A word planted in every field of the case zone that holds words: none of them reaches a card (S04, S42)."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import ARRAY
from sqlmodel import AutoString, SQLModel, col, select, update

from bostad.accounts.tables import Unit, User
from bostad.homes.features import Feature
from bostad.needs.card import ACCESS_FEATURES, CardFacts, card_content
from bostad.needs.consent import FieldGroup
from bostad.needs.household import AgeBand, ContractForm
from bostad.needs.sharing import card_for, share
from bostad.needs.stays import AvoidKind, PlaceKind
from bostad.needs.tables import AvoidArea, Case, Consent, Need, ShelterPlace, ShelterStay
from bostad.protection.tables import DisclosureRequest, ExcludedStaff
from bostad.sealing.columns import Secret, Secrets
from tests.factories import NOON, TODAY
from tests.worlds import World

CANARY = "Kanariefågel"
OF_A_HOUSEHOLD = (Case, Need, AvoidArea, ExcludedStaff, DisclosureRequest, ShelterPlace, ShelterStay, Consent)
PLANTED = {
    "case_.case_number",
    "need.contracts",
    "need.municipalities",
    "need.must",
    "need.sections_done",
    "need.target_group",
    "need.wish",
    "avoid_area.lat",
    "avoid_area.lon",
    "avoid_area.metres",
    "avoid_area.municipality",
    "avoid_area.name",
    "excluded_staff.name",
    "disclosure_request.because",
    "disclosure_request.field_groups",
    "shelter_place.code",
    "consent.field_groups",
    "consent.language",
}
ON_A_CARD = {
    "adults",
    "children",
    "rooms",
    "rent_max",
    "contracts",
    "move_in_from",
    "must",
    "step_free",
    "contact",
}
"""The issue's list, which with the random code is all that a company sees."""


def test_every_field_that_holds_words_has_a_word_planted_in_it() -> None:
    """Whoever adds one plants one."""
    assert {f"{table.__tablename__}.{name}" for table in OF_A_HOUSEHOLD for name in _wordy(table)} == PLANTED


def test_no_planted_word_reaches_a_card(world: World) -> None:
    """S04: not the number, a name, a place, a unit, a wish or a reason; the contact is the board's and nobody's own."""
    need = world.need(
        rent_max=9_000, must=[CANARY, "door_code", "step_free"], wish=[CANARY], contracts=[CANARY, "social"]
    )
    _plant(world, need)
    with world.sessions.begin() as db:
        row = db.exec(select(Need).where(Need.id == need.id).with_for_update()).one()
        card = share(db, row, world.company.id, by=world.worker, at=NOON)

    with world.sessions() as db:
        seen = card_for(db, card.id, by=world.staff, on=TODAY)

    told = json.dumps(seen.content, ensure_ascii=False)
    assert CANARY not in told + seen.code
    assert world.worker.name not in told
    assert seen.content.keys() == ON_A_CARD
    assert (seen.content["must"], seen.content["contracts"], seen.content["step_free"]) == (
        ["door_code"],
        ["social"],
        True,
    )


words = st.text(min_size=1, max_size=12)
codes = st.sampled_from([one.value for one in (*Feature, *ContractForm)])
facts = st.builds(
    CardFacts,
    adults=st.integers(1, 9),
    couples=st.just(0),
    child_ages=st.lists(st.integers(0, 17), max_size=6).map(tuple),
    rooms_min=st.none() | st.integers(1, 9),
    rent_max=st.integers(1, 99_999),
    contracts=st.lists(words | codes, max_size=4).map(tuple),
    move_in_from=st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    must=st.frozensets(words | codes, max_size=6),
)


@given(facts=facts, groups=st.frozensets(st.sampled_from(FieldGroup)))
def test_whatever_stands_in_a_need_a_card_says_only_words_of_closed_lists(
    facts: CardFacts, groups: frozenset[FieldGroup]
) -> None:
    """S04, S10: every word on a card is one of a list, and all else is a number or a day."""
    content = card_content(facts, groups)

    assert content.keys() <= ON_A_CARD
    known = {one.value for one in (*Feature, *ContractForm, *AgeBand)} - {one.value for one in ACCESS_FEATURES}
    day = facts.move_in_from.isoformat() if facts.move_in_from else None
    assert {word for word in _words_in(content) if word != day} <= known


def _wordy(table: type[SQLModel]) -> Iterator[str]:
    """Name a table's fields that hold words, sealed ones too; closed lists that the database keeps are none."""
    for column in table.__table__.columns:  # type: ignore[attr-defined]
        kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
        if isinstance(kind, AutoString) or kind.python_type is str:
            yield column.name
    if issubclass(table, Secrets):
        yield from (name for name, value in vars(table).items() if isinstance(value, Secret))


def _words_in(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from [] if key in ON_A_CARD else [key]
            yield from _words_in(value)
    elif isinstance(content, list):
        for one in content:
            yield from _words_in(one)


def _plant(world: World, need: Need) -> None:
    """Put the word wherever a household's rows hold words, and in the names of the people and the unit around it."""
    with world.sessions.begin() as db:
        db.get_one(Case, need.case_id).case_number = f"{CANARY} 1"
        place = ShelterPlace(board_id=world.board.id, kind=PlaceKind.SHELTER, code=CANARY)
        request = DisclosureRequest(
            need_id=need.id,
            company_id=world.company.id,
            field_groups=[CANARY],
            because=f"{CANARY} kan inte nås",
            ends_on=TODAY,
            asked_by=world.worker.id,
            asked_on=TODAY,
            asked_at=NOON,
        )
        area = AvoidArea(need_id=need.id, kind=AvoidKind.DISTRICT, municipality="9901", name=CANARY)
        person = ExcludedStaff(need_id=need.id, company_id=world.company.id, name=f"{CANARY} {CANARY}")
        db.add_all([place, request, area, person])
        db.flush()
        since = TODAY - timedelta(days=9)
        db.add(ShelterStay(case_id=need.case_id, kind=PlaceKind.SHELTER, place_id=place.id, since=since))
        db.execute(update(Need).where(col(Need.id) == need.id).values(target_group=CANARY, municipalities=[CANARY]))
        db.execute(update(Consent).where(col(Consent.need_id) == need.id).values(language=CANARY))
        db.execute(update(Unit).where(col(Unit.id) == world.unit_id).values(name=CANARY))
        db.execute(update(User).where(col(User.id) == world.worker.id).values(name=CANARY))
