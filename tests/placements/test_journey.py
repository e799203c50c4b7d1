"""One placement from need to keys, through the service functions."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import select

from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.homes.states import HomeState, WithdrawnBecause
from bostad.homes.tables import Home
from bostad.needs.household import ContractForm, Risk
from bostad.needs.states import ClosedBecause, NeedState, PausedBecause
from bostad.needs.tables import Consent, Need
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.placements.by_hand import place_by_hand
from bostad.placements.endings import close_case, pause_need, revoke_consent, withdraw_home
from bostad.placements.lapsing import lapse_overdue
from bostad.placements.lifecycle import Stage
from bostad.placements.proposing import Busy, run_matching
from bostad.placements.reasons import Closed
from bostad.placements.tables import Placement, WhyNot
from tests.factories import NOON, UserFactory, actor
from tests.worlds import World

FIRST_HAND = Contract(contract=ContractForm.FIRST_HAND, contract_from=date(2026, 12, 1))


def released(world: World) -> Placement:
    placement = world.proposal()
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)
    return placement


def reserved(world: World) -> Placement:
    placement = released(world)
    service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)
    return placement


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
    placement = released(world)
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
    placement = released(world)
    with pytest.raises(NotAllowed):
        service.reserve(world.sessions, placement.id, by=world.worker, at=NOON)


def test_what_is_answered_cannot_be_answered_again(world: World) -> None:
    """F05, U28."""
    placement = reserved(world)
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
    placement = released(world)
    assert world.tally().released == 1
    service.refuse(world.sessions, placement.id, Closed.LET_ELSEWHERE, by=world.staff, at=NOON)
    tally = world.tally()
    assert (tally.delivered, tally.approved, tally.released) == (0, 0, 0)
    assert world.card_of(placement).withdrawn_at == NOON


def test_the_quota_of_a_month_cannot_be_overdrawn(world: World) -> None:
    """I03: one a month is one a month, also by hand."""
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


def test_what_is_put_to_a_household_is_not_taken_away_by_a_run(world: World) -> None:
    placement = world.proposal(waiting_since=date(2026, 9, 1))
    service.put_to_household(world.sessions, placement.id, by=world.worker, at=NOON)
    world.need(risk=Risk.ACUTE)
    world.run()
    assert world.again(placement).stage is Stage.PROPOSED


def test_a_proposal_nobody_was_told_of_gives_way_to_someone_before_in_the_order(world: World) -> None:
    placement = world.proposal()
    acute = world.need(risk=Risk.ACUTE)
    world.run()
    overtaken, now = world.again(placement), world.placement_of(acute)
    assert overtaken.closed_because is Closed.BETTER_PLAN
    assert now is not None
    assert now.home_id == placement.home_id


def test_a_pre_empted_pair_may_be_proposed_again(world: World) -> None:
    placement = world.proposal()
    acute = world.need(risk=Risk.ACUTE)
    world.run()
    pause_need(world.sessions, acute.case_id, by=world.worker, at=NOON)
    world.run()
    back = world.placement_of(world.again_need(placement))
    assert back is not None
    assert back.home_id == placement.home_id


def test_a_need_that_changed_shows_on_the_card_and_stops_the_release(world: World) -> None:
    """I16: what no longer fits is not promised."""
    placement = world.proposal()
    with world.sessions.begin() as db:
        db.get_one(Need, placement.need_id).rent_max = 5_000
    with pytest.raises(OutOfStep):
        service.release(world.sessions, placement.id, by=world.worker, at=NOON)


def test_revoking_consent_stops_everything_at_once(world: World) -> None:
    """S11, I04: the card vanishes and the home is free."""
    placement = released(world)
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
    placement = released(world)
    lapse_overdue(world.sessions, at=NOON + timedelta(days=14))
    with world.sessions() as db:
        home, need = db.get_one(Home, placement.home_id), db.get_one(Need, placement.need_id)
    assert (home.state, need.state) == (HomeState.PAUSED, NeedState.OPEN)


def test_a_social_contract_needs_its_take_over_date() -> None:
    with pytest.raises(ValidationError):
        Contract(contract=ContractForm.SOCIAL, contract_from=date(2026, 12, 1))


def test_a_contract_the_household_cannot_take_is_refused(world: World) -> None:
    placement = world.proposal(contracts=["social"])
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)
    service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)
    with pytest.raises(Invalid):
        service.sign(world.sessions, placement.id, FIRST_HAND, by=world.staff, at=NOON)


def test_a_signed_placement_binds_the_case_and_the_home(world: World) -> None:
    placement = reserved(world)
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


def test_every_need_without_a_home_learns_why_not(world: World) -> None:
    without_consent, unlucky = world.need(consent=False), world.need(rent_max=1_000)
    world.home()
    world.run()
    with world.sessions() as db:
        reasons = {row.need_id: row.reason for row in db.exec(select(WhyNot)).all()}
    assert reasons == {without_consent.id: "no_consent", unlucky.id: "no_home_fits"}


def test_a_need_whose_worker_has_not_opted_in_takes_no_part(world: World) -> None:
    need = world.need(opted_in=False)
    world.home()
    world.run()
    assert world.placement_of(need) is None


def test_a_run_on_old_data_does_not_commit(world: World) -> None:
    """I16: something changed while the run thought."""
    need, home = world.need(), world.home()

    def change_while_thinking() -> float:
        with world.sessions.begin() as db:
            db.get_one(Home, home.id).rent += 1
        return 0.0

    with pytest.raises(Busy):
        run_matching(world.sessions, world.board.id, at=NOON, stopwatch=change_while_thinking)
    assert world.placement_of(need) is None
    world.run()
    assert world.placement_of(need) is not None
