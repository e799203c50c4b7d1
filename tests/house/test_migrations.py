"""The schema that Alembic makes is the one that the tables describe."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine
from sqlmodel import SQLModel

from bostad.adapters.database import is_current, know_every_table, migrate
from tests.conftest import on_database


def test_the_migrations_make_what_the_tables_say(engine: Engine) -> None:
    know_every_table()
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_a_second_migration_changes_nothing(engine: Engine, server_url: str) -> None:
    migrate(on_database(server_url, str(engine.url.database)))
    assert is_current(engine)
