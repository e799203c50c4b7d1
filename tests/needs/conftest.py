"""The people around a case: its social worker, a teammate, the manager, the other side, and strangers."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlmodel import Session

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.needs.case_answers import NewCase
from bostad.needs.service import start_case
from bostad.records import Sessions, clock
from tests.factories import (
    NOON,
    AgreementFactory,
    BoardFactory,
    CompanyFactory,
    JointMatchingFactory,
    UnitFactory,
    UserFactory,
    actor,
)
from tests.needs.steps import agree, open_up

NUMBER = "9901-2026-0500"


@dataclass(frozen=True)
class Around:
    """Everybody who can knock at a case."""

    board_id: UUID
    company_id: UUID
    worker: Actor
    teammate: Actor
    manager: Actor
    other_manager: Actor
    housing: Actor
    administrator: Actor
    stranger: Actor


@pytest.fixture
def around(rows: Session) -> Around:
    board, company = BoardFactory.create(), CompanyFactory.create()
    JointMatchingFactory.create(board=board)
    unit, other_unit = UnitFactory.create(board=board), UnitFactory.create(board=board)
    AgreementFactory.create(board=board, company=company)
    elsewhere = UnitFactory.create()

    def person(role: Role, organisation: object = board, place: object = unit) -> Actor:
        return actor(UserFactory.create(organisation=organisation, unit=place, role=role))

    return Around(
        board_id=board.id,
        company_id=company.id,
        worker=person(Role.SOCIAL_WORKER),
        teammate=person(Role.SOCIAL_WORKER),
        manager=person(Role.UNIT_MANAGER),
        other_manager=person(Role.UNIT_MANAGER, place=other_unit),
        housing=person(Role.HOUSING_STAFF, organisation=company, place=None),
        administrator=person(Role.ADMINISTRATOR, place=None),
        stranger=actor(
            UserFactory.create(
                organisation_id=elsewhere.organisation_id, organisation=None, unit=elsewhere, role=Role.SOCIAL_WORKER
            )
        ),
    )


@pytest.fixture
def case_id(sessions: Sessions, around: Around) -> UUID:
    """Register a case as its social worker does."""
    return start_case(sessions, NewCase(case_number=NUMBER), by=around.worker, at=NOON)


@dataclass(frozen=True)
class Scene:
    """An open case with a consent, and the people around it."""

    case: str
    consent: str
    worker: User
    teammate: User
    manager: User
    housing: User
    administrator: User
    stranger: User


@pytest.fixture
def scene(sessions: Sessions, rows: Session) -> Scene:
    board, company = BoardFactory.create(), CompanyFactory.create()
    AgreementFactory.create(board=board, company=company)
    unit = UnitFactory.create(board=board)
    worker, teammate = (UserFactory.create(organisation=board, unit=unit) for _ in range(2))
    me, at = actor(worker), clock(sessions)
    case_id = start_case(sessions, NewCase(case_number=NUMBER), by=me, at=at)
    open_up(sessions, case_id, me)
    consent_id: UUID = agree(sessions, case_id, company.id, me)
    return Scene(
        case=f"/cases/{case_id}",
        consent=f"/consents/{consent_id}",
        worker=worker,
        teammate=teammate,
        manager=UserFactory.create(organisation=board, unit=unit, role=Role.UNIT_MANAGER),
        housing=UserFactory.create(organisation=company, role=Role.HOUSING_STAFF),
        administrator=UserFactory.create(organisation=board, role=Role.ADMINISTRATOR),
        stranger=UserFactory.create(),
    )
