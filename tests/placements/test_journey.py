"""One placement from need to keys, through the service functions."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.homes.states import HomeState
from bostad.homes.tables import Home
from bostad.needs.household import ContractForm
from bostad.needs.states import NeedState, PausedBecause
from bostad.needs.tables import Consent, Need
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.placements.by_hand import place_by_hand
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import Closed
from tests.factories import NOON, UserFactory, actor
from tests.worlds import World

FIRST_HAND = Contract(contract=ContractForm.FIRST_HAND, contract_from=date(2026, 12, 1))


def test_a_household_gets_its_keys(world: World) -> None:
    placement = world.proposal()
    service.put_to_household(world.sessions, placement.id, by=world.worker, at=NOON)
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)
    service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)
    service.sign(world.sessions, placement.id, FIRST_HAND, by=world.staff, at=NOON)
    service.hand_over(world.sessions, placement.id, date(2026, 12, 1), by=world.worker, at=NOON + timedelta(days=20))

    now, tally = world.again(placement), world.tally()
    with world.sessions() as db:
        need, home = db.get_one(Need, now.need_id), db.get_one(Home, now.home_id)
    assert (now.stage, now.moved_in_on) == (Stage.MOVED_IN, date(2026, 12, 1))
    assert (need.state, home.state) == (NeedState.HOUSED, HomeState.LET)
    assert (tally.released, tally.signed) == (1, 1)


def test_the_company_knows_nothing_before_the_household_accepts(world: World) -> None:
    """S04: a proposal is the social side's own matter."""
    placement = world.proposal()
    with pytest.raises(Missing):
        service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)


def test_accepting_writes_a_card_that_tells_no_more_than_it_must(world: World) -> None:
    placement = world.released()
    card = world.card_of(placement)
    assert card.company_id == world.company.id
    assert "9901-2026" not in str(card.content)


def test_a_stranger_is_told_that_there_is_nothing(world: World) -> None:
    """S06: the owner may, the colleague, the other side and the stranger find nothing."""
    placement = world.proposal()
    with world.writing():
        teammate = actor(UserFactory(organisation=world.board))
        stranger = actor(UserFactory())
    for other in (teammate, stranger, world.staff):
        with pytest.raises(Missing):
            service.put_to_household(world.sessions, placement.id, by=other, at=NOON)
    service.put_to_household(world.sessions, placement.id, by=world.worker, at=NOON)


def test_the_company_cannot_accept_for_the_household(world: World) -> None:
    placement = world.released()
    with pytest.raises(NotAllowed):
        service.reserve(world.sessions, placement.id, by=world.worker, at=NOON)


def test_what_is_answered_cannot_be_answered_again(world: World) -> None:
    """F05, U28."""
    placement = world.reserved()
    with pytest.raises(OutOfStep):
        service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)
    with pytest.raises(OutOfStep):
        service.release(world.sessions, placement.id, by=world.worker, at=NOON)


def test_a_declined_home_is_never_proposed_to_that_household_again(world: World) -> None:
    placement = world.proposal()
    service.decline(world.sessions, placement.id, Closed.OTHER_HOME, by=world.worker, at=NOON)

    world.run()

    assert world.placement_of(world.again_need(placement)) is None
    assert world.again(placement).closed_because is Closed.OTHER_HOME


def test_an_unsafe_home_pauses_the_need_until_it_is_looked_over(world: World) -> None:
    placement = world.proposal()
    service.decline(world.sessions, placement.id, Closed.UNSAFE, by=world.worker, at=NOON)
    need = world.again_need(placement)
    assert (need.state, need.paused_because) == (NeedState.PAUSED, PausedBecause.TO_REVIEW)


def test_a_home_that_is_let_elsewhere_leaves_and_the_quota_is_given_back(world: World) -> None:
    placement = world.released()
    assert world.tally().released == 1
    service.refuse(world.sessions, placement.id, Closed.LET_ELSEWHERE, by=world.staff, at=NOON)
    tally = world.tally()
    assert (tally.delivered, tally.approved, tally.released) == (0, 0, 0)
    assert world.card_of(placement).withdrawn_at == NOON


def test_the_quota_of_a_month_cannot_be_overdrawn(world: World) -> None:
    """I03: one a month is one a month, also by hand. ASVS V2.3.2."""
    first, second = world.need(), world.need()
    one, other = world.home(), world.home()
    place_by_hand(world.sessions, first.case_id, one.id, "Nära skolan", by=world.worker, at=NOON)
    with pytest.raises(OutOfStep):
        place_by_hand(world.sessions, second.case_id, other.id, "Nära skolan", by=world.worker, at=NOON)


def test_a_worker_cannot_place_by_hand_against_a_rule(world: World) -> None:
    """I05, U33: hard requirements bind by hand too."""
    need, home = world.need(must=["door_code"]), world.home()
    with pytest.raises(OutOfStep):
        place_by_hand(world.sessions, need.case_id, home.id, "Vill ha den", by=world.worker, at=NOON)
    assert world.placement_of(need) is None


def test_a_need_that_changed_shows_on_the_card_and_stops_the_release(world: World) -> None:
    """I16: what no longer fits is not promised."""
    placement = world.proposal()
    with world.sessions.begin() as db:
        db.get_one(Need, placement.need_id).rent_max = 5_000
    with pytest.raises(OutOfStep):
        service.release(world.sessions, placement.id, by=world.worker, at=NOON)


def test_a_contract_and_a_move_before_the_household_had_accepted_are_refused(world: World) -> None:
    """Waiting times are counted from these days."""
    placement = world.reserved()
    early = Contract(contract=ContractForm.FIRST_HAND, contract_from=date(2026, 11, 20))
    with pytest.raises(Invalid):
        service.sign(world.sessions, placement.id, early, by=world.staff, at=NOON)
    service.sign(world.sessions, placement.id, FIRST_HAND, by=world.staff, at=NOON)
    with pytest.raises(Invalid):
        service.hand_over(world.sessions, placement.id, date(1900, 1, 1), by=world.staff, at=NOON)


def test_a_refused_contract_tells_nothing_that_the_card_does_not(world: World) -> None:
    """S04: without consent to the group that holds the contract form, the company cannot probe for it."""
    placement = world.proposal(contracts=["social"])
    with world.sessions.begin() as db:
        consent = db.exec(select(Consent).where(Consent.need_id == placement.need_id)).one()
        consent.field_groups = ["size"]
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)
    service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)
    service.sign(world.sessions, placement.id, FIRST_HAND, by=world.staff, at=NOON)
    assert world.again(placement).stage is Stage.SIGNED


def test_the_card_is_withdrawn_when_the_household_has_moved_in(world: World) -> None:
    placement = world.reserved()
    service.sign(world.sessions, placement.id, FIRST_HAND, by=world.staff, at=NOON)
    later = NOON + timedelta(days=20)
    service.hand_over(world.sessions, placement.id, date(2026, 12, 1), by=world.staff, at=later)
    assert world.card_of(placement).withdrawn_at == later
