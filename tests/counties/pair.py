"""Two boards whose households have homes of each other's, and what the one board is not told, drawn otherwise."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from bostad.accounts.access import Role
from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.homes.tables import Home
from bostad.needs.household import Risk
from bostad.needs.stays import AvoidKind, PlaceKind
from bostad.needs.tables import AvoidArea, Card, Case, Consent, Need, ShelterPlace, ShelterStay
from bostad.placements import service
from bostad.placements.tables import Placement
from bostad.protection.tables import BlockedCompany, ExcludedStaff
from bostad.records import Sessions
from tests.counties.conftest import County, joined
from tests.factories import CaseFactory, ConsentFactory, NeedFactory, UserFactory, actor
from tests.proofs.ground import stop_the_clock, undone

ROLES = (Role.SOCIAL_WORKER, Role.UNIT_MANAGER, Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER)
FAR_TOO_DEAR = 30_000
HOUR = timedelta(hours=1)
ABSENT = UUID(int=0xABCDEF, version=4)


@dataclass(frozen=True)
class Pair:
    """What is the same in every world: the first board's cases, both boards' homes, and the people who ask."""

    county: County
    at: datetime
    mine: Need
    """Her home is the other board's."""
    others: Mapping[str, list[UUID]]
    """By kind, what stands in addresses besides what a world has of its own."""
    home: Home
    """The first board's own, which a household of the other's is to have."""


@dataclass(frozen=True)
class Behind:
    """The household of the other board's that is to have the first board's home."""

    county: County
    need: Need
    facts: Mapping[str, Any]


def standing_pair(sessions: Sessions) -> Pair:
    """Write what is the same in every world, and let no time pass from here on."""
    at, county = stop_the_clock(sessions), joined(sessions)
    me, other = county.first, county.second
    mine = me.need(consent=False, risk=Risk.HIGH)
    with me.writing():
        given = ConsentFactory(need=mine, company=other.company, by=me.worker_user)
    waiting, unfit = me.need(risk=Risk.STANDARD), me.need(risk=Risk.STANDARD, rent_max=2_000)
    home, empty = me.home(), me.home(rent=FAR_TOO_DEAR)
    theirs = [other.home(), other.home(rent=FAR_TOO_DEAR)]
    with me.writing():
        people = [me.worker_user] + [
            UserFactory(organisation=me.board, unit_id=me.unit_id, role=role) for role in ROLES[1:]
        ]
    with sessions.begin() as db:
        for user in people:
            begin_session(db, user, user.role.value, at=at, proved_at=at)
    named = {
        "case": [mine.case_id, waiting.case_id, unfit.case_id],
        "home": [home.id, empty.id, *(one.id for one in theirs)],
        "agreement": [me.agreement.id, other.agreement.id],
        "line": [me.line.id, other.line.id],
        "user": [user.id for user in people] + [other.worker_user.id],
        "consent": [given.id],
        "run": [county.run_id],
        "unit": [me.unit_id, other.unit_id],
        "absent": [ABSENT],
    }
    return Pair(county, at, mine, named, home)


@contextmanager
def world_of(pair: Pair, otherwise: str) -> Iterator[dict[str, list[UUID]]]:
    """Add what the first board is not told, let the run be made, and give by kind the ids to ask for."""
    county, me, other = pair.county, pair.county.first, pair.county.second
    with undone(me.sessions):
        facts: dict[str, Any] = {"risk": Risk.ACUTE, "waiting_since": date(2026, 1, 1)}
        facts |= FACTS.get(otherwise, {})
        behind = Behind(county, _guest(county, facts), facts)
        if otherwise in BEFORE:
            BEFORE[otherwise](behind)
        me.run(pair.at - 3 * HOUR)
        placement = me.placement_of(pair.mine)
        assert placement is not None
        assert placement.host_id == other.board.id
        service.release(me.sessions, placement.id, by=me.worker, at=pair.at - 2 * HOUR)
        with me.sessions.begin() as db:
            db.get_one(Card, me.card_of(placement).id).code = "SAMESAME"  # drawn at random for each card
            theirs = db.exec(select(Placement).where(Placement.home_id == pair.home.id)).one()
            assert theirs.host_id == me.board.id
            consent = db.exec(select(Consent.id).where(Consent.need_id == theirs.need_id)).first()
            case_id = db.get_one(Need, theirs.need_id).case_id
        if otherwise == "put to the household":
            service.put_to_household(me.sessions, theirs.id, by=other.worker, at=pair.at - HOUR)
        found = {kind: list(ids) for kind, ids in pair.others.items()}
        found["placement"] = [placement.id, theirs.id, ABSENT]
        found["case"].append(case_id)
        found["consent"].append(consent or ABSENT)
        yield found


def _guest(county: County, facts: Mapping[str, Any]) -> Need:
    """Open a need at the other board, with consent to the first board's company alone."""
    need = county.second.need(consent=False, **facts)
    with county.second.writing():
        ConsentFactory(need=need, company=county.first.company, by=county.second.worker_user)
    return need


def _more(behind: Behind) -> None:
    for _ in range(3):
        _guest(behind.county, behind.facts)


def _protection(behind: Behind) -> None:
    """Let the household be protected and live in a shelter, and others be kept from people and companies."""
    other, first, need = behind.county.second, behind.county.first, behind.need
    refused = other.need()
    since = date(2026, 10, 1)
    with other.sessions.begin() as db:
        db.get_one(Case, need.case_id).heightened = True
        place = ShelterPlace(board_id=other.board.id, kind=PlaceKind.SHELTER, code="P1")
        db.add_all(
            [
                place,
                AvoidArea(need_id=need.id, kind=AvoidKind.DISTRICT, municipality="9901", name="Annanstans"),
                BlockedCompany(need_id=refused.id, company_id=first.company.id),
                ExcludedStaff(need_id=need.id, company_id=first.company.id, name="Prov Utomstående"),
            ]
        )
        db.flush()
        db.add(
            ShelterStay(case_id=need.case_id, kind=PlaceKind.SHELTER, place_id=place.id, since=since, ready_since=since)
        )


def _names(behind: Behind) -> None:
    """Let other people work there, with other cases, and let consents have ended."""
    other = behind.county.second
    with other.sessions.begin() as db:
        db.get_one(User, other.worker_user.id).name = "Någon Helt Annan"
    with other.writing():
        colleague = UserFactory(organisation=other.board, unit_id=other.unit_id, role=Role.UNIT_MANAGER)
        revoked = other.need()
        NeedFactory(case=_case(behind, "9901-2026-8888"))
    assert actor(colleague, other.board).name
    with other.sessions.begin() as db:
        for consent in db.exec(select(Consent).where(Consent.need_id == revoked.id)).all():
            consent.revoked_at = consent.recorded_at


def _case(behind: Behind, number: str) -> Case:
    other = behind.county.second
    case: Case = CaseFactory(
        unit=None, worker=other.worker_user, board_id=other.board.id, unit_id=other.unit_id, case_number=number
    )
    return case


FACTS: Mapping[str, dict[str, Any]] = {
    "another household": {
        "adults": 2,
        "couples": 1,
        "rent_max": 12_000,
        "wish": ["balcony"],
        "waiting_since": date(2025, 1, 1),
    },
    "another order": {"risk": Risk.HIGH, "waiting_since": date(2024, 1, 1)},
}
BEFORE: Mapping[str, Callable[[Behind], None]] = {
    "more of them": _more,
    "protection, exclusions": _protection,
    "people and consents": _names,
}
OTHERWISE = (*FACTS, *BEFORE, "put to the household")
