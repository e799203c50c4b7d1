"""The owner that migrates need not be a superuser, and is held to row security itself (S27)."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from sqlalchemy import create_engine, text

from bostad.adapters.database import is_current, migrate
from bostad.adapters.embedded import running_servers
from bostad.adapters.wall_check import faults_of
from bostad.zones.logins import Login

BY_THE_SERVERS_KEEPER = (
    "create role bostad_owner login createrole password 'owner'",
    "create role bostad_backup login bypassrls password 'backup'",
    "create database housing owner bostad_owner",
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that the servers' own user may pass through; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="bostad-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "servers"


def test_an_owner_without_great_powers_sets_everything_up_and_sees_no_case(folder: Path) -> None:
    """The commands are those of docs/production.md; the second migration is that of an upgrade."""
    with running_servers(folder, durable=False) as servers:
        with psycopg.connect(servers.database_url, autocommit=True) as keeper:
            for command in BY_THE_SERVERS_KEEPER:
                keeper.execute(command)
        parts = urlsplit(servers.database_url)
        here = f"{parts.hostname}:{parts.port}"
        owner = urlunsplit(parts._replace(netloc=f"bostad_owner:owner@{here}", path="/housing"))
        housing = urlunsplit(parts._replace(netloc=f"{Login.HOUSING}:letting@{here}", path="/housing"))

        for _ in range(2):
            migrate(owner, {Login.HOUSING: housing})
        with psycopg.connect(urlunsplit(parts._replace(path="/housing"))) as keeper:
            keeper.execute(
                "insert into attempt (id, key, window_start, times) values (gen_random_uuid(), '', now(), 1)"
            )
        engine = create_engine(owner)
        with engine.begin() as connection:
            faults, rows = faults_of(connection), connection.execute(text("select count(*) from attempt")).scalar_one()
        current = is_current(engine)
        engine.dispose()
        with psycopg.connect(housing) as company:
            asked = company.execute("select count(*) from home").fetchone()
        migrate(owner, {Login.HOUSING: housing.replace(":letting@", "@")})
        with psycopg.connect(servers.database_url) as keeper:
            by_certificate = keeper.execute(
                "select rolcanlogin, rolpassword is null from pg_authid where rolname = %s", (Login.HOUSING,)
            ).fetchone()

    assert (faults, rows, current, asked) == ([], 0, True, (0,))
    assert by_certificate == (True, True), "ASVS 13.2.1: a role whose address holds no password is given none"
