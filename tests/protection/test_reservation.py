"""A private landlord's staff read and confirm the reservation, each for herself, before a card shows anything."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation, User
from bostad.errors import Missing, OutOfStep
from bostad.needs.sharing import card_for
from bostad.placements import service
from bostad.placements.acknowledging import acknowledge
from bostad.placements.pages import placement_page
from bostad.placements.tables import Placement
from bostad.protection.disclosures import disclosures_of_case
from bostad.protection.reservation import RESERVATION, reservation_of
from bostad.protection.tables import Acknowledgement
from tests import factories
from tests.browsing import Browser, words
from tests.factories import NOON, TODAY, actor
from tests.worlds import World


@pytest.fixture
def placement(world: World, rows: Session) -> Placement:
    """Share a card with a landlord who is private."""
    rows.get_one(Organisation, world.company.id).private_landlord = True
    rows.commit()
    return world.released(rent_max=8_765)


def test_the_card_shows_nothing_until_the_reservation_is_confirmed(world: World, placement: Placement) -> None:
    before = placement_page(world.sessions, placement.id, by=world.staff, at=NOON)
    assert before.card is not None
    assert (before.card.lines, before.card.reservation, before.moves) == ((), reservation_of(RESERVATION), ())

    acknowledge(world.sessions, placement.id, by=world.staff, at=NOON)

    after = placement_page(world.sessions, placement.id, by=world.staff, at=NOON)
    assert after.card is not None
    assert len(after.card.lines) > 0
    assert (after.card.reservation, bool(after.moves)) == ((), True)


def test_who_confirmed_what_and_when_is_kept_with_the_card(world: World, placement: Placement) -> None:
    for _ in range(2):
        acknowledge(world.sessions, placement.id, by=world.staff, at=NOON)

    with world.sessions() as db:
        kept = db.exec(select(Acknowledgement)).one()
    assert (kept.card_id, kept.user_id, kept.at, kept.reservation) == (
        world.card_of(placement).id,
        world.staff.id,
        NOON,
        RESERVATION,
    )
    case_id = world.again_need(placement).case_id
    [line] = disclosures_of_case(world.sessions, case_id, by=world.worker, on=TODAY).disclosures
    assert (line.reserved, line.acknowledged_at) == (True, NOON)


def test_the_duty_is_each_persons_own(world: World, placement: Placement) -> None:
    with world.writing():
        user = factories.UserFactory(organisation=world.company, role=Role.HOUSING_STAFF)
    acknowledge(world.sessions, placement.id, by=world.staff, at=NOON)

    with world.sessions() as db:
        seen = card_for(db, world.card_of(placement).id, by=actor(user, world.company), on=TODAY)
    assert (seen.content, seen.unread) == ({}, RESERVATION)


def test_nobody_answers_for_a_household_whose_card_she_has_not_been_shown(world: World, placement: Placement) -> None:
    with pytest.raises(OutOfStep):
        service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)
    acknowledge(world.sessions, placement.id, by=world.staff, at=NOON)
    service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)


def test_a_stranger_confirms_nothing(world: World, placement: Placement) -> None:
    """S06."""
    with world.writing():
        other = factories.CompanyFactory()
        stranger = factories.UserFactory(organisation=other, role=Role.HOUSING_STAFF)

    with pytest.raises(Missing):
        acknowledge(world.sessions, placement.id, by=actor(stranger, other), at=NOON)


def test_a_municipal_company_is_asked_nothing(world: World) -> None:
    """Its people are bound by law already (OSL 2:3)."""
    placement = world.released()

    page = placement_page(world.sessions, placement.id, by=world.staff, at=NOON)

    assert page.card is not None
    assert page.card.reservation == ()
    acknowledge(world.sessions, placement.id, by=world.staff, at=NOON)
    with world.sessions() as db:
        assert db.exec(select(Acknowledgement)).all() == []


def test_the_page_asks_without_scripts_and_holds_nothing_of_the_card(
    world: World, placement: Placement, browse: Callable[[User | None], Browser]
) -> None:
    """U08: a form and a button; the rent ceiling is on the page only afterwards."""
    browser = browse(world.staff_user)
    before = browser.get(f"/placements/{placement.id}")
    assert f'action="/placements/{placement.id}/acknowledge"' in before.text
    assert "8 765" not in words(before)

    after = browser.post(f"/placements/{placement.id}/acknowledge")

    assert after.status_code == 200
    assert "8 765" in words(after)
