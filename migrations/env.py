"""Alembic's entrance: run by `bostad migrate` on a connection that is already open."""

from alembic import context
from sqlalchemy import text
from sqlmodel import SQLModel

from bostad.adapters.database import know_every_table

# Any constant of our own: two migrations at once wait for each other.
LOCK = 7_402_311

know_every_table()

connection = context.config.attributes["connection"]
connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_server_default=True)
with context.begin_transaction():
    context.run_migrations()
