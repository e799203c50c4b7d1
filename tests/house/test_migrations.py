"""The schema that Alembic makes is the one that the tables describe."""

from importlib import import_module

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine
from sqlmodel import SQLModel

from bostad.adapters.database import is_current, migrate
from tests.conftest import on_database

ROOMS = (
    "accounts",
    "agreements",
    "audit",
    "counties",
    "homes",
    "keeping",
    "needs",
    "outbox",
    "oversight",
    "placements",
    "protection",
    "sealing",
)


def test_the_migrations_make_what_the_tables_say(engine: Engine) -> None:
    for room in ROOMS:
        import_module(f"bostad.{room}.tables")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_a_second_migration_changes_nothing(engine: Engine, server_url: str) -> None:
    migrate(on_database(server_url, str(engine.url.database)))
    assert is_current(engine)
