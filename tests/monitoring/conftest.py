"""A world with everybody who might knock at the overview and the log."""

from dataclasses import dataclass

import pytest
from sqlmodel import Session

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.records import Sessions
from tests.factories import BoardFactory, UnitFactory, UserFactory, writing_with
from tests.worlds import World, make_world


@dataclass(frozen=True)
class People:
    """The owner of a page, and the others."""

    manager: User
    other_unit: User
    stranger: User
    worker: User
    staff: User
    officer: User
    other_officer: User
    administrator: User


@pytest.fixture
def world(sessions: Sessions) -> World:
    return make_world(sessions)


@pytest.fixture
def people(sessions: Sessions, world: World) -> People:
    with sessions() as db, writing_with(db):
        return _people(db, world)


def _people(db: Session, world: World) -> People:
    elsewhere = BoardFactory(municipality="9902")
    own = {"organisation_id": world.board.id, "organisation": None}

    def user(role: Role, **facts: object) -> User:
        made: User = UserFactory(role=role, **facts)
        return made

    return People(
        manager=user(Role.UNIT_MANAGER, unit=None, unit_id=world.unit_id, **own),
        other_unit=user(Role.UNIT_MANAGER, unit=UnitFactory(organisation_id=world.board.id, board=None), **own),
        stranger=user(Role.UNIT_MANAGER, unit=UnitFactory(board=elsewhere), organisation=elsewhere),
        worker=world.worker_user,
        staff=world.staff_user,
        officer=user(Role.DATA_PROTECTION_OFFICER, **own),
        other_officer=user(Role.DATA_PROTECTION_OFFICER, organisation=elsewhere),
        administrator=user(Role.ADMINISTRATOR, **own),
    )
