"""The people around a case: its social worker, a teammate, the manager, the other side, and strangers."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlmodel import Session

from bostad.accounts.access import Actor, Role
from bostad.needs.case_answers import NewCase
from bostad.needs.service import start_case
from bostad.records import Sessions
from tests.factories import NOON, AgreementFactory, BoardFactory, CompanyFactory, UnitFactory, UserFactory, actor


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
    return start_case(sessions, NewCase(case_number="9901-2026-0500"), by=around.worker, at=NOON)
