"""A town in which everything stands in every relation to somebody: what the authorisation matrix is tried on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from bostad.accounts.access import Role
from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import Organisation, Unit, User
from bostad.agreements.tables import Agreement
from bostad.counties.tables import CountyMember, CountyRun
from bostad.needs.card import card_content
from bostad.needs.consent import FieldGroup
from bostad.needs.sharing import card_facts
from bostad.needs.stays import AvoidKind
from bostad.needs.tables import AvoidArea, Card
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import Closed
from bostad.placements.tables import Placement
from bostad.protection.tables import BlockedCompany
from bostad.records import Sessions
from tests import factories
from tests.factories import (
    AgreementFactory,
    CaseFactory,
    ConsentFactory,
    HomeFactory,
    LineFactory,
    NeedFactory,
    UserFactory,
    writing_with,
)
from tests.proofs.allowed import Person, Relation

ABSENT = UUID(int=0xABCDEF, version=4)
SOCIAL = frozenset({Person.WORKER, Person.MANAGER, Person.BOARD_ADMIN, Person.OFFICER})
ROLES = {
    Person.WORKER: Role.SOCIAL_WORKER,
    Person.MANAGER: Role.UNIT_MANAGER,
    Person.BOARD_ADMIN: Role.ADMINISTRATOR,
    Person.OFFICER: Role.DATA_PROTECTION_OFFICER,
    Person.STAFF: Role.HOUSING_STAFF,
    Person.COMPANY_ADMIN: Role.ADMINISTRATOR,
}


@dataclass
class Side:
    """One organisation and its people."""

    organisation: Organisation
    unit: Unit | None
    people: dict[Person, User]
    colleague: User


@dataclass
class Town:
    """Two boards and two companies, what stands between each pair, and a board in one county run with the first."""

    at: datetime
    boards: list[Side] = field(default_factory=list)
    companies: list[Side] = field(default_factory=list)
    agreements: dict[tuple[int, int], tuple[Agreement, Any]] = field(default_factory=dict)
    corners: dict[tuple[bool, Relation], dict[str, UUID]] = field(default_factory=dict)

    def ids(self, person: Person, relation: Relation) -> dict[str, UUID]:
        """Give what stands in this relation to a person, by kind."""
        return self.corners.get((person in SOCIAL, relation), {})

    def user(self, person: Person) -> User:
        """Give the account of one of those who knock."""
        return (self.boards if person in SOCIAL else self.companies)[0].people[person]


def build(sessions: Sessions, at: datetime) -> Town:
    """Write the town. Triggers rest meanwhile: some of what stands here came about long ago."""
    town = Town(at)
    with sessions() as db, writing_with(db):
        for number in range(2):
            town.companies.append(_side(number, frozenset({Person.STAFF, Person.COMPANY_ADMIN})))
        for number in range(3):
            town.boards.append(_side(number, SOCIAL))
        _county(db, town)
        for board in range(3):
            for company in range(2):
                town.agreements[board, company] = _agreement(town, board, company)
        db.execute(text("set local session_replication_role = replica"))
        for social in (True, False):
            for relation in Relation:
                if relation is not Relation.ABSENT:
                    town.corners[social, relation] = _corner(db, town, relation, social=social)
        db.execute(text("set local session_replication_role = origin"))
        db.commit()
    with sessions.begin() as db:
        for person in ROLES:
            begin_session(db, town.user(person), person.value, at=at, proved_at=at)
    return town


def _side(number: int, people: frozenset[Person]) -> Side:
    social = Person.WORKER in people
    organisation = (factories.BoardFactory if social else factories.CompanyFactory)(name=f"Org {number}{social}")
    unit = factories.UnitFactory(board=organisation) if social else None
    same = {"organisation": organisation, "unit": unit}
    users = {person: UserFactory(**same, role=ROLES[person]) for person in sorted(people)}
    colleague = UserFactory(**same, role=Role.SOCIAL_WORKER if social else Role.HOUSING_STAFF)
    return Side(organisation, unit, users, colleague)


def _agreement(town: Town, board: int, company: int) -> tuple[Agreement, Any]:
    parties = {"board": town.boards[board].organisation, "company": town.companies[company].organisation}
    agreement = AgreementFactory(**parties)
    line = LineFactory(agreement=agreement, per_month=20)
    factories.LineMonthFactory(line=line, agreed=20, delivered=20, approved=20, released=10, month=_month(town.at))
    return agreement, line


def _month(at: datetime) -> Any:
    return at.date().replace(day=1)


def _county(db: Session, town: Town) -> None:
    """Let the first board and the third be matched together."""
    joined = [town.boards[0], town.boards[PARTNER]]
    day, ids = town.at.date() - timedelta(days=30), sorted(one.organisation.id for one in joined)
    run = CountyRun(name="Länet", boards=ids, valid_from=day, drafted_by=ids[0], drafted_at=town.at)
    db.add(run)
    db.flush()
    for one in joined:
        factories.JointMatchingFactory(board=one.organisation)
        row = CountyMember(
            run_id=run.id,
            board_id=one.organisation.id,
            reference="SN 2026/77",
            decided_on=day,
            decided_by=one.people[Person.MANAGER].id,
            recorded_at=town.at,
        )
        db.add(row)
    db.flush()


PARTNER = 2
"""The board that is in one county run with the first."""
_PARTIES = {Relation.OTHER_ORGANISATION: (1, 1), Relation.COUNTY: (PARTNER, 1)}
_OUTCOMES: dict[Relation, dict[str, Any]] = {
    Relation.EXCLUDED: {"stage": Stage.PROPOSED},
    Relation.NO_CONSENT: {"stage": Stage.PROPOSED},
    Relation.REVOKED: {"stage": Stage.CLOSED, "closed_because": Closed.CONSENT_ENDED},
}


def _corner(db: Session, town: Town, relation: Relation, *, social: bool) -> dict[str, UUID]:
    """Put one household, its home and all between them into a relation to one side's people."""
    other_side = (1, 0) if social else (0, 1)
    b, c = _PARTIES.get(relation, other_side if relation is Relation.OTHER_SIDE else (0, 0))
    board, company = town.boards[b], town.companies[c]
    guest = relation is Relation.GUEST
    agreement, line = town.agreements[PARTNER if guest else b, c]
    own_line = town.agreements[b, c][1]
    worker = board.colleague if relation is Relation.SAME_ORGANISATION else board.people[Person.WORKER]
    home = HomeFactory(line=line, company=company.organisation, month=_month(town.at), available_from=town.at.date())
    free = HomeFactory(
        line=own_line, company=company.organisation, month=_month(town.at), available_from=town.at.date()
    )
    heightened = {"heightened": True} if relation is Relation.HEIGHTENED else {}
    case = CaseFactory(unit=None, worker=worker, board_id=board.organisation.id, unit_id=worker.unit_id, **heightened)
    need = NeedFactory(case=case)
    consent = _consent(town, relation, need, company.organisation, worker)
    if relation is Relation.EXCLUDED:
        db.add(BlockedCompany(need_id=need.id, company_id=company.organisation.id))
    area = AvoidArea(need_id=need.id, kind=AvoidKind.DISTRICT, municipality="9901", name="Annan stadsdel")
    outcome = _OUTCOMES.get(relation, {"stage": Stage.RELEASED})
    card = None if outcome["stage"] is Stage.PROPOSED else _card(town, need, consent, gone="closed_because" in outcome)
    placement = Placement(
        need_id=need.id,
        home_id=home.id,
        board_id=board.organisation.id,
        company_id=company.organisation.id,
        host_id=agreement.board_id if guest else None,
        proposed_at=town.at - timedelta(days=2),
        stage_since=town.at - timedelta(days=1),
        put_at=town.at - timedelta(days=1),
        card_id=card.id if card else None,
        **outcome,
    )
    rows = [area, *([card] if card else [])]
    db.add_all(rows)
    db.flush()
    db.add(placement)
    db.flush()
    user = _user_in(board, company, relation, social=social)
    found = {"case": case, "consent": consent, "home": home, "agreement": agreement, "line": line, "user": user}
    found |= {"placement": placement, "area": area, "free home": free}
    return {kind: row.id for kind, row in found.items()}


def _consent(town: Town, relation: Relation, need: Any, company: Organisation, by: User) -> Any:
    """Record the consent; where there is none to this company, it is to somebody else."""
    today = town.at.date()
    terms: dict[str, Any] = {"given_on": today - timedelta(days=30), "ends_on": today + timedelta(days=60)}
    if relation is Relation.EXPIRED:
        terms["ends_on"] = today - timedelta(days=1)
    if relation is Relation.REVOKED:
        terms["revoked_at"] = town.at - timedelta(hours=1)
    if relation in {Relation.NO_CONSENT, Relation.EXCLUDED}:
        company = town.companies[1].organisation
    return ConsentFactory(need=need, company=company, by=by, **terms)


def _card(town: Town, need: Any, consent: Any, *, gone: bool) -> Card:
    content = card_content(card_facts(need, town.at.date()), frozenset(FieldGroup), contact="Handläggaren")
    return Card(
        code=consent.id.hex[:8].upper(),
        company_id=consent.company_id,
        consent_id=consent.id,
        content=content,
        written_at=town.at - timedelta(days=1),
        withdrawn_at=town.at if gone else None,
    )


def _user_in(board: Side, company: Side, relation: Relation, *, social: bool) -> User:
    """Give the person an address may name: of one's own side, except where the other side is what is tried."""
    if relation is Relation.SAME_ORGANISATION:
        return (board if social else company).colleague
    if relation is Relation.OTHER_SIDE:
        return company.people[Person.STAFF] if social else board.people[Person.WORKER]
    return board.people[Person.WORKER] if social else company.people[Person.STAFF]
