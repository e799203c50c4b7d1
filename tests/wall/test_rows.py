"""What each role finds of whose rows: asked in SQL as that role, with and without a session (S29, S31, S34)."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from bostad.accounts.access import Role
from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.accounts.tokens import hash_of
from bostad.adapters.database import known_as
from bostad.adapters.embedded import Servers
from bostad.placements import service
from bostad.placements.endings import revoke_consent
from bostad.records import Sessions, clock
from bostad.zones.logins import WEB_LOGINS, Login
from bostad.zones.tables import TABLES
from bostad.zones.ways import Zone
from tests import factories
from tests.conftest import KnownAs, fresh_database
from tests.roles import in_role
from tests.worlds import World, make_world

TENANTS = sorted(name for name, table in TABLES.items() if table.zone in {Zone.CASE, Zone.SHARED, Zone.HOME})
VERBS = ("select count(*) from {0}", "update {0} set id = id", "delete from {0}")


@pytest.mark.parametrize("login", [one for one in WEB_LOGINS if one is not Login.DOOR])
def test_without_a_session_nothing_of_anybody_is_found_or_changed(world: World, login: Login) -> None:
    """S29: the default is nothing, table by table and verb by verb."""
    world.released()
    found = {
        (table, verb.split()[0]): _touched(in_role(world.sessions, login), verb.format(table))
        for table in TENANTS
        for verb in VERBS
    }

    assert {what: rows for what, rows in found.items() if rows} == {}


@pytest.mark.parametrize(
    "trick",
    [
        "select 1",
        "select set_config('bostad.session', '', false)",
        "select set_config('bostad.session', (select u.id::text from (select gen_random_uuid() id) u), true)",
        "select set_config('role', current_user, true)",
        "set local row_security = off",
        "set local search_path = pg_temp, public",
    ],
)
def test_whatever_the_housing_role_sets_the_case_zone_stays_shut(world: World, known: KnownAs, trick: str) -> None:
    """S31: raw SQL in a company's session, with any setting, reads no row of the case zone."""
    world.released()
    way = known(world.staff_user, Login.HOUSING)
    for table in sorted(name for name, one in TABLES.items() if one.zone is Zone.CASE):
        assert _refused(way, trick, f"select * from {table}"), table


@pytest.mark.parametrize("statement", ["set local role bostad_social", "set session authorization bostad_social"])
def test_a_role_cannot_become_another(server_url: str, statement: str) -> None:
    """S27: asked of a server that the housing role has really logged in to."""
    with fresh_database(server_url, "becoming") as url:
        address = Servers(url, "").logins()[Login.HOUSING]
        with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_a_session_that_has_ended_or_a_disabled_user_finds_nothing(world: World, known: KnownAs) -> None:
    """S11, S22: at the next statement, not at the next sign-in."""
    world.released()
    way = known(world.worker_user, Login.SOCIAL)
    assert _touched(way, "select count(*) from need") == 1

    with world.sessions.begin() as db:
        db.get_one(User, world.worker_user.id).disabled_at = datetime.now(UTC)

    assert _touched(way, "select count(*) from need") == 0


def test_a_session_without_its_second_factor_finds_nothing(world: World, sessions: Sessions) -> None:
    world.released()
    with sessions.begin() as db:
        begin_session(db, world.worker_user, "half", at=clock(sessions), proved_at=None)

    way = known_as(in_role(sessions, Login.SOCIAL), hash_of("half"))

    assert _touched(way, "select count(*) from need") == 0


def test_a_board_finds_its_own_rows_and_no_others(world: World, known: KnownAs, sessions: Sessions) -> None:
    """ASVS V8.4.1."""
    world.released()
    other = make_world(sessions)
    other.released()
    mine, theirs = known(world.worker_user, Login.SOCIAL), known(other.worker_user, Login.SOCIAL)

    for table in ("case_", "need", "consent", "card", "placement", "home", "agreement", "quota_line", "line_month"):
        assert _touched(mine, f"select count(*) from {table}") == 1, table
        ids = _values(theirs, f"select id from {table}")
        assert set(_values(mine, f"select id from {table}")).isdisjoint(ids), table


@pytest.mark.parametrize(
    ("role", "table"),
    [(Role.ADMINISTRATOR, "case_"), (Role.ADMINISTRATOR, "need"), (Role.DATA_PROTECTION_OFFICER, "placement")],
)
def test_who_works_with_no_case_finds_nothing_of_it(world: World, known: KnownAs, role: Role, table: str) -> None:
    world.released()
    with world.writing():
        user = factories.UserFactory(organisation=world.board, role=role)

    assert _touched(known(world.worker_user, Login.SOCIAL), f"select count(*) from {table}") == 1
    assert _touched(known(user, Login.SOCIAL), f"select count(*) from {table}") == 0


def test_a_company_finds_a_placement_from_the_card_on_and_its_own_columns_alone(world: World, known: KnownAs) -> None:
    """S04: before the household accepts there is nothing; after it, nothing that says whose."""
    proposed = world.proposal()
    way = known(world.staff_user, Login.HOUSING)
    assert _touched(way, "select count(id) from placement") == 0

    service.release(world.sessions, proposed.id, by=world.worker, at=factories.NOON)

    assert _values(way, "select id from placement") == [proposed.id]
    for column in ("need_id", "run_id", "misfit", "facts", "put_at", "proposed_at", "sealed"):
        assert "permission denied" in _refused(way, f"select {column} from placement")


def test_consent_that_ends_shuts_the_card_at_the_next_statement(world: World, known: KnownAs) -> None:
    """S11: in one transaction of the company's, the first statement finds the card and the second does not.

    ASVS V8.3.2.
    """
    placement = world.released()
    consent = _values(world.sessions, "select id from consent")[0]
    way = known(world.staff_user, Login.HOUSING)
    assert _touched(way, "select count(id) from card") == 1

    revoke_consent(world.sessions, consent, by=world.worker, at=factories.NOON)

    assert _touched(way, "select count(id) from card") == 0
    assert _touched(way, "select count(id) from placement") == 0
    assert world.again(placement).stage == "closed"


@pytest.mark.parametrize(
    "forbidden",
    [
        "update card set content = '{}'",
        "update placement set card_id = null",
        "update placement set company_id = board_id",
        "insert into placement (id) values (gen_random_uuid())",
        "delete from placement_event",
        "update audit_row set action = 'nothing'",
        "delete from audit_row",
        "update session set seen_at = now()",
        "insert into session (id) values (gen_random_uuid())",
        "update account set role = 'unit_manager'",
    ],
)
def test_what_a_company_must_not_write_it_cannot(world: World, known: KnownAs, forbidden: str) -> None:
    """S31, S67: the session table is out of reach, the audit only grows, the board's columns are the board's."""
    world.released()
    way = known(world.staff_user, Login.HOUSING)

    assert "permission denied" in _refused(way, forbidden)


def test_a_home_cannot_be_published_under_another_companys_line(
    world: World, known: KnownAs, sessions: Sessions
) -> None:
    """S34: what is written is checked too, in the database's own words."""
    other = make_world(sessions)
    home = world.home()
    way = known(world.staff_user, Login.HOUSING)

    moved = f"update home set line_id = '{other.line.id}' where id = '{home.id}'"

    assert "row-level security" in _refused(way, moved)


def _touched(way: Sessions, statement: str) -> int:
    """Give how many rows a statement counts or changes; a refusal of the whole table counts as none."""
    with suppress(ProgrammingError), way() as db:
        result: Any = db.execute(text(statement))
        touched = result.scalar_one() if statement.startswith("select count") else result.rowcount
        db.rollback()
        return int(touched)
    return 0


def _refused(way: Sessions, *statements: str) -> str:
    """Give what PostgreSQL says when it refuses; nothing when it does not."""
    try:
        with way() as db:
            for statement in statements:
                db.execute(text(statement))
            db.rollback()
    except ProgrammingError as refused:
        return str(refused.orig)
    return ""


def _values(way: Sessions, statement: str) -> list[Any]:
    with way() as db:
        return list(db.execute(text(statement)).scalars())
