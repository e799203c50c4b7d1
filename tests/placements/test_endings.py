"""What ends a placement: consent, deadlines, and what is bound by a contract."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import select

from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement
from bostad.errors import Invalid, Missing, OutOfStep
from bostad.homes.states import HomeState, WithdrawnBecause
from bostad.homes.tables import Home
from bostad.needs.household import ContractForm
from bostad.needs.states import ClosedBecause, NeedState, PausedBecause
from bostad.needs.tables import Consent, Need
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.placements.endings import close_case, let_overdue_homes_leave, revoke_consent, withdraw_home
from bostad.placements.lapsing import lapse_overdue
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import Closed
from tests.factories import NOON
from tests.worlds import World

FIRST_HAND = Contract(contract=ContractForm.FIRST_HAND, contract_from=date(2026, 12, 1))


def test_revoking_consent_stops_everything_at_once(world: World) -> None:
    """S11, I04: the card vanishes and the home is free."""
    placement = world.released()
    with world.sessions() as db:
        consent = db.exec(select(Consent).where(Consent.need_id == placement.need_id)).one()
    revoke_consent(world.sessions, consent.id, by=world.worker, at=NOON)
    assert world.again(placement).closed_because is Closed.CONSENT_ENDED
    assert world.tally().released == 0
    with pytest.raises(Missing):
        service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)


def test_a_consent_whose_last_day_has_passed_shares_nothing(world: World) -> None:
    """S10."""
    placement = world.proposal()
    with world.sessions.begin() as db:
        db.exec(select(Consent).where(Consent.need_id == placement.need_id)).one().ends_on = date(2026, 11, 20)
    with pytest.raises(OutOfStep):
        service.release(world.sessions, placement.id, by=world.worker, at=NOON)


def test_no_answer_from_social_services_pauses_the_need_and_frees_the_home(world: World) -> None:
    placement = world.proposal()
    assert lapse_overdue(world.sessions, at=NOON + timedelta(days=1)) == 0
    assert lapse_overdue(world.sessions, at=NOON + timedelta(days=7)) == 1
    need = world.again_need(placement)
    assert (need.state, need.paused_because) == (NeedState.PAUSED, PausedBecause.NO_ANSWER)
    assert world.again(placement).closed_because is Closed.NO_ANSWER_SOCIAL


def test_no_answer_from_the_company_pauses_the_home_and_not_the_need(world: World) -> None:
    placement = world.released()
    lapse_overdue(world.sessions, at=NOON + timedelta(days=14))
    with world.sessions() as db:
        home, need = db.get_one(Home, placement.home_id), db.get_one(Need, placement.need_id)
    assert (home.state, need.state) == (HomeState.PAUSED, NeedState.OPEN)


def test_a_social_contract_needs_its_take_over_date() -> None:
    """ASVS V2.2.3."""
    with pytest.raises(ValidationError):
        Contract(contract=ContractForm.SOCIAL, contract_from=date(2026, 12, 1))


def test_a_contract_the_household_cannot_take_is_refused(world: World) -> None:
    placement = world.proposal(contracts=["social"])
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)
    service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)
    with pytest.raises(Invalid):
        service.sign(world.sessions, placement.id, FIRST_HAND, by=world.staff, at=NOON)


def test_a_signed_placement_binds_the_case_and_the_home(world: World) -> None:
    placement = world.reserved()
    service.sign(world.sessions, placement.id, FIRST_HAND, by=world.staff, at=NOON)
    need = world.again_need(placement)
    with pytest.raises(OutOfStep):
        close_case(world.sessions, need.case_id, ClosedBecause.MOVED, by=world.worker, at=NOON)
    with pytest.raises(OutOfStep):
        withdraw_home(world.sessions, placement.home_id, WithdrawnBecause.LET_ELSEWHERE, by=world.staff, at=NOON)


def test_a_paused_agreement_promises_nothing_new(world: World) -> None:
    placement = world.proposal()
    with world.sessions.begin() as db:
        db.get_one(Agreement, world.agreement.id).state = AgreementState.PAUSED
    with pytest.raises(OutOfStep):
        service.release(world.sessions, placement.id, by=world.worker, at=NOON)


def test_a_home_leaves_when_its_last_day_to_accept_has_passed(world: World) -> None:
    placement = world.proposal()
    with world.sessions.begin() as db:
        db.get_one(Home, placement.home_id).offer_until = date(2026, 11, 22)
    assert let_overdue_homes_leave(world.sessions, at=NOON + timedelta(days=1)) == 0
    assert let_overdue_homes_leave(world.sessions, at=NOON + timedelta(days=2)) == 1
    assert world.again(placement).closed_because is Closed.HOME_GONE
    with world.sessions() as db:
        assert db.get_one(Home, placement.home_id).withdrawn_because is WithdrawnBecause.DATE_PASSED


def test_a_home_that_was_accepted_in_time_stays(world: World) -> None:
    placement = world.released()
    with world.sessions.begin() as db:
        db.get_one(Home, placement.home_id).offer_until = date(2026, 11, 22)
    assert let_overdue_homes_leave(world.sessions, at=NOON + timedelta(days=2)) == 0
    assert world.again(placement).stage is Stage.RELEASED
