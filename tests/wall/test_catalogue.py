"""The catalogues are what `bostad.zones` says, and every way of spoiling them is found (S27, S28, S33, S34)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from bostad.adapters.wall import UnknownTable, statements
from bostad.adapters.wall_check import WallBroken, faults_of, refuse_faults
from bostad.zones.tables import TABLES

SPOILT = {
    "alter table need no force row level security": "row security is not forced on need",
    "alter table case_ disable row level security": "row security is not forced on case_",
    "create policy more on need to bostad_social using (true)": "need has a policy too many: more",
    "drop policy social_within on consent": "consent lacks the policy social_within",
    "grant select on case_ to bostad_housing": "bostad_housing may SELECT case_.id",
    "grant select (need_id) on placement to bostad_housing": "bostad_housing may SELECT placement.need_id",
    "revoke update on home from bostad_housing": "bostad_housing may not UPDATE home.id",
    "grant delete on audit_row to bostad_social": "bostad_social may DELETE audit_row.number",
    "grant bostad_social to bostad_housing": "bostad_housing may act as bostad_social",
    "alter role bostad_housing bypassrls": "the role bostad_housing has powers that it must not have",
    "alter role bostad_social superuser": "the role bostad_social has powers that it must not have",
    "alter role bostad_keeper login": "the role bostad_keeper can log in",
    "alter table school owner to bostad_social": "bostad_social owns school",
    "create table gossip (id int)": "the table gossip stands in no zone",
    "create view all_cases as select * from case_": "the view all_cases reads with its owner's power",
    "create materialized view kept as select * from case_": "the view kept reads with its owner's power",
    "create function peek() returns bigint language sql security definer as 'select count(*) from case_'": (
        "the function peek has its owner's power and is not on the list"
    ),
    "alter function who_user() set search_path = public": (
        "the function who_user belongs to bostad_keeper, or its search path is open"
    ),
}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose changes to the catalogues are rolled back."""
    with engine.connect() as connection:
        transaction = connection.begin()
        connection.execute(
            text("lock table pg_authid in exclusive mode")
        )  # roles are the whole server's: one at a time
        yield connection
        transaction.rollback()


def test_the_wall_stands(connection: Connection) -> None:
    """ASVS V8.1.2."""
    assert faults_of(connection) == []
    refuse_faults(connection)


@pytest.mark.parametrize(("spoiling", "told"), SPOILT.items())
def test_a_spoilt_wall_is_found(connection: Connection, spoiling: str, told: str) -> None:
    connection.execute(text(spoiling))

    assert told in faults_of(connection)
    with pytest.raises(WallBroken, match="bostad migrate"):
        refuse_faults(connection)


def test_a_table_without_a_zone_stops_the_migration() -> None:
    with pytest.raises(UnknownTable, match="gossip"):
        list(statements({"gossip": frozenset()}))


def test_the_housing_role_has_no_grant_in_the_case_zone(connection: Connection) -> None:
    """S02: asked of PostgreSQL itself, table by table and column by column. ASVS V13.2.2."""
    case_zone = [name for name, table in TABLES.items() if table.zone == "case"]
    granted = connection.execute(
        text(
            "select t.name, v.verb from unnest(cast(:tables as text[])) t(name)"
            " cross join unnest(array['select', 'insert', 'update', 'references']) v(verb)"
            " where has_any_column_privilege('bostad_housing', t.name, v.verb)"
            " or has_table_privilege('bostad_housing', t.name, 'delete')"
        ),
        {"tables": case_zone},
    ).all()

    assert len(case_zone) > 10
    assert granted == []
