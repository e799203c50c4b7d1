"""A case with heightened protection is open to named people only, in the database too (S31, I04)."""

from datetime import timedelta

from sqlalchemy import text

from bostad.accounts.access import Role
from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.accounts.tokens import hash_of
from bostad.adapters.database import known_as
from bostad.needs.tables import Case, Deputy
from bostad.records import clock
from bostad.zones.logins import Login
from tests import factories
from tests.roles import in_role
from tests.worlds import World

TABLES = ("case_", "need", "consent", "avoid_area", "placement", "card", "household_key")


def test_only_the_named_find_it_and_figures_count_it(world: World) -> None:
    placement = world.released()
    with world.sessions.begin() as db:
        case = db.get_one(Case, world.again_need(placement).case_id)
        case.heightened = True
    with world.writing():
        mate = factories.UserFactory(organisation=world.board, unit_id=world.unit_id)
        stand_in = factories.UserFactory(organisation=world.board, unit_id=world.unit_id)
        manager = factories.UserFactory(organisation=world.board, unit_id=world.unit_id, role=Role.UNIT_MANAGER)
        officer = factories.UserFactory(organisation=world.board, role=Role.DATA_PROTECTION_OFFICER)
    with world.sessions.begin() as db:
        until = clock(world.sessions).date() + timedelta(days=3)
        db.add(Deputy(case_id=case.id, user_id=stand_in.id, until=until))

    found = {user.username: _found(world, user) for user in (world.worker_user, stand_in, mate, manager, officer)}

    assert found[world.worker_user.username] == found[stand_in.username]
    assert found[world.worker_user.username]["case_"] == found[world.worker_user.username]["placement"] == 1
    nothing = dict.fromkeys(TABLES, 0)
    assert [found[user.username] for user in (mate, manager)] == [nothing] * 2
    of_the_log = nothing | {"case_": 1, "household_key": 1}
    assert found[officer.username] == of_the_log, "she asks who has read it, by its number, and reads nothing in it"
    assert _found(world, manager, Login.REPORT)["need"] == 1


def _found(world: World, user: User, login: Login = Login.SOCIAL) -> dict[str, int]:
    """Count what a person finds in each table."""
    now, token = clock(world.sessions), f"{user.username} {login}"
    with world.sessions.begin() as db:
        begin_session(db, user, token, at=now, proved_at=now)
    tables = TABLES if login is Login.SOCIAL else ("need",)
    with known_as(in_role(world.sessions, login), hash_of(token))() as db:
        return {table: db.execute(text(f"select count(*) from {table}")).scalar_one() for table in tables}
