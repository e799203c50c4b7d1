"""What holds within one board holds across two: protection, necessity, deletion, buildings, and either side's no."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.agreements.tables import LineMonth, QuotaLine
from bostad.counties.service import leave_run
from bostad.errors import Missing, OutOfStep
from bostad.homes.states import HomeState, WithdrawnBecause
from bostad.homes.tables import Home
from bostad.needs.consent import FieldGroup
from bostad.needs.household import ContractForm
from bostad.needs.states import NeedState
from bostad.needs.tables import Case, Need
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.placements.by_hand import place_by_hand
from bostad.placements.endings import withdraw_home
from bostad.placements.lifecycle import Stage
from bostad.placements.lists import free_homes
from bostad.placements.reasons import Closed
from bostad.placements.tables import Placement
from bostad.protection.answers import Necessity
from bostad.protection.necessity import ask_to_disclose, decide_to_disclose
from bostad.records import Sessions, clock
from tests.browsing import Browser, words
from tests.counties.conftest import County, Known, joined
from tests.factories import NOON
from tests.keeping.conftest import make_town
from tests.keeping.test_deleting import deleted
from tests.protection.people import of_the_unit

Browse = Callable[[User | None], Browser]
UNDER = "This home is under another board's agreement: {}."
BECAUSE = "Nobody can be asked in time, and the home must be answered for this week."


def signed(county: County, placement: Placement) -> None:
    """Let a proposal across boards come to its contract."""
    service.release(county.first.sessions, placement.id, by=county.first.worker, at=NOON)
    service.reserve(county.first.sessions, placement.id, by=county.second.staff, at=NOON)
    contract = Contract(contract=ContractForm.FIRST_HAND, contract_from=NOON.date())
    service.sign(county.first.sessions, placement.id, contract, by=county.second.staff, at=NOON)


def test_the_worker_reads_on_both_pages_whose_agreement_the_home_is_under(county: County, browse: Browse) -> None:
    """S29: the household's own worker is told plainly; a home of one's own board says nothing of the kind."""
    placement, own = county.across(), county.first.proposal()
    worker, said = browse(county.first.worker_user), UNDER.format(county.second.board.name)
    worker.post("/me/language", locale="en")
    for address in (f"/placements/{placement.id}", f"/cases/{county.first.again_need(placement).case_id}"):
        assert said in words(worker.get(address))
    assert UNDER.partition(":")[0] not in words(worker.get(f"/placements/{own.id}"))


def test_a_household_with_heightened_protection_gets_the_home_and_its_host_learns_no_more(
    county: County, known: Known
) -> None:
    """S14, S29: the host's people are told of its home what they are told of any."""
    placement = county.across()
    with county.first.sessions.begin() as db:
        db.get_one(Case, county.first.again_need(placement).case_id).heightened = True
    signed(county, placement)
    service.hand_over(county.first.sessions, placement.id, NOON.date(), by=county.first.worker, at=NOON)

    manager, host = known(_user(county, Role.UNIT_MANAGER)), known(county.second.worker_user)
    assert (county.second.tally().released, county.second.tally().signed) == (1, 1)
    for way in (manager, host):
        with way() as db:
            assert db.execute(text("select count(*) from placement")).scalar_one() == 0
            assert db.execute(text("select count(*) from case_")).scalar_one() == 0


def test_a_need_may_be_disclosed_by_necessity_to_another_boards_company(county: County) -> None:
    """S10: asked for by one, granted by the manager of the household's own board, and nobody of the other's."""
    first, second = county.first, county.second
    need, home = first.need(consent=False), second.home()
    asked = Necessity(company_id=second.company.id, field_groups=[FieldGroup.SIZE, FieldGroup.HOME], because=BECAUSE)
    request = ask_to_disclose(first.sessions, need.case_id, asked, by=first.worker, at=NOON)
    with pytest.raises(Missing):
        decide_to_disclose(first.sessions, request, grant=True, by=of_the_unit(second, Role.UNIT_MANAGER), at=NOON)
    first.run()
    assert first.placement_of(need) is None

    decide_to_disclose(first.sessions, request, grant=True, by=of_the_unit(first, Role.UNIT_MANAGER), at=NOON)
    first.run()
    found = first.placement_of(need)
    assert found is not None
    assert found.home_id == home.id


def test_the_hosts_ledger_stands_when_the_guests_case_is_deleted(county: County) -> None:
    """S24, F05: what was counted stays counted, and the home stays let."""
    placement, town = county.across(), make_town(county.first)
    signed(county, placement)
    service.hand_over(county.first.sessions, placement.id, NOON.date(), by=county.first.worker, at=NOON)
    before = (county.second.tally().released, county.second.tally().signed, county.second.tally().delivered)
    town.decide()
    case_id = county.first.again_need(placement).case_id
    deleted(town, case_id)

    with county.first.sessions() as db:
        assert db.get(Case, case_id) is None
        assert db.get(Placement, placement.id) is None
        assert db.get_one(Home, placement.home_id).state is HomeState.LET
    assert (county.second.tally().released, county.second.tally().signed, county.second.tally().delivered) == before
    with county.second.sessions.begin() as db:
        db.execute(text("select ledger_anew(:line, :month)"), {"line": county.second.line.id, "month": _month(county)})
    assert county.second.tally().signed == 1


def test_a_buildings_limit_by_hand_counts_households_of_every_board_that_is_matched_together(
    sessions: Sessions, known: Known
) -> None:
    """I05: also where neither the need nor the home is that board's; as a run counts, while they are together."""
    county = joined(sessions, every=True)
    first, third = county.first, county.apart
    promised = third.proposal()
    service.put_to_household(sessions, promised.id, by=third.worker, at=NOON)
    need, home, way = first.need(opted_in=False), first.home(), known(first.worker_user)
    with sessions.begin() as db:
        db.get_one(QuotaLine, first.line.id).building_cap = 1

    (listed,) = free_homes(way, need.case_id, by=first.worker, at=NOON).homes
    assert len(listed.obstacles) == 1
    with pytest.raises(OutOfStep):
        by_hand(county, way, need, home)
    leave_run(sessions, county.run_id, by=county.manager(third), at=NOON)
    by_hand(county, way, need, home)
    assert first.placement_of(need) is not None


def by_hand(county: County, way: Sessions, need: Need, home: Home) -> None:
    at = clock(county.first.sessions)
    place_by_hand(way, need.case_id, home.id, "Nära skolan", by=county.first.worker, at=at)


@pytest.mark.parametrize("whose", ["household", "company", "withdrawal"])
def test_whoever_says_no_gives_the_home_back_to_its_board_and_the_need_to_hers(
    county: County, known: Known, whose: str
) -> None:
    """S29, F05: each decline has its consequence on both sides, and the ledger is the host's."""
    placement = county.across()
    sessions, way, at = county.first.sessions, known(county.first.worker_user), NOON
    service.release(way, placement.id, by=county.first.worker, at=at)
    assert county.second.tally().released == 1
    if whose == "household":
        service.call_off(way, placement.id, Closed.OTHER_HOME, by=county.first.worker, at=at)
    elif whose == "company":
        service.refuse(sessions, placement.id, Closed.LET_ELSEWHERE, by=county.second.staff, at=at)
    else:
        withdraw_home(sessions, placement.home_id, WithdrawnBecause.LET_ELSEWHERE, by=county.second.staff, at=at)
    county.first.work()

    assert county.first.again(placement).stage is Stage.CLOSED
    assert county.first.again_need(placement).state is NeedState.OPEN
    assert county.second.tally().released == 0
    with sessions() as db:
        state = db.get_one(Home, placement.home_id).state
    assert state is (HomeState.PUBLISHED if whose == "household" else HomeState.WITHDRAWN)


def _user(county: County, role: Role) -> User:
    made = of_the_unit(county.second, role)
    with county.second.sessions() as db:
        return db.get_one(User, made.id)


def _month(county: County) -> object:
    tally: LineMonth = county.second.tally()
    return tally.month
