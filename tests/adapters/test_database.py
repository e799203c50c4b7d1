"""The pages' ways into the database: what they ask again and again is planned once."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from bostad.adapters.database import connect, sessions_on
from bostad.records import Sessions, clock

TWICE_AND_MORE = 8
"""psycopg prepares a statement that it has sent five times."""


def ways(server_url: str, *, plans_once: bool) -> Sessions:
    return sessions_on(connect(server_url, pool_size=1, plans_once=plans_once))


def prepared(way: Sessions) -> int:
    """Read as pages do, each in a transaction that is undone; then count what the connection holds prepared."""
    for _ in range(TWICE_AND_MORE):
        clock(way)
    with way() as db:
        held: int = db.execute(text("select count(*) from pg_prepared_statements")).scalar_one()
    way.kw["bind"].dispose()
    return held


def test_what_the_pages_read_again_is_planned_once(server_url: str) -> None:
    """S36: a transaction that only reads ends with a rollback, and what is prepared outlives it."""
    assert prepared(ways(server_url, plans_once=True)) == 1
    assert prepared(ways(server_url, plans_once=False)) == 0


def test_what_is_undone_is_gone_and_the_connection_goes_on(server_url: str) -> None:
    """Also after a statement that failed."""
    way = ways(server_url, plans_once=True)
    with way() as db:
        db.execute(text("create temporary table tried (number int)"))
    with way() as db, pytest.raises(ProgrammingError):
        db.execute(text("select number from tried"))
    assert clock(way).tzinfo is not None
    way.kw["bind"].dispose()
