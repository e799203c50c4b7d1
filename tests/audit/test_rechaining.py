"""Migration 0004 on a log that is there already: held against its old fingerprints, then chained in the new form."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text

from bostad.adapters.database import sessions_on
from bostad.audit.verifying import broken_at
from bostad.resources import resource
from tests.conftest import on_database
from tests.factories import NOON


@pytest.fixture
def before(server_url: str) -> Iterator[Engine]:
    """Give a database as it stood at the revision before."""
    name = f"rechain_{uuid4().hex[:8]}"
    server = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine = create_engine(on_database(server_url, name))
    upgrade(engine, "0003")
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    server.dispose()


def upgrade(engine: Engine, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def write_as_before(db: Connection, actions: list[str]) -> str:
    """Chain rows as the program did then, and give the last hash."""
    last = "0" * 64
    for number, action in enumerate(actions, 1):
        row: dict[str, Any] = {"number": number, "actor": None, "organisation": uuid4(), "action": action}
        row |= {"at": NOON.astimezone(UTC).isoformat(), "subject": None, "facts": {"fields": ["å", number]}}
        body = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
        last = hashlib.sha256(f"{last}\n{body}".encode()).hexdigest()
        values = {**row, "at": NOON, "facts": json.dumps(row["facts"]), "hash": last}
        db.execute(
            text(
                "insert into audit_row (number, at, organisation_id, action, facts, hash)"
                " values (:number, :at, :organisation, :action, :facts, :hash)"
            ),
            values,
        )
    db.execute(text("update audit_head set number = :number, hash = :hash"), {"number": len(actions), "hash": last})
    return last


def test_a_chain_that_holds_goes_on_in_the_new_form_with_its_old_head_on_record(before: Engine) -> None:
    """S67: what was anchored before can still be held against the row that keeps it."""
    with before.begin() as db:
        last = write_as_before(db, ["user.added", "case.started", "need.saved"])

    upgrade(before, "0004")

    with before.connect() as db:
        found = db.execute(text("select action, facts from audit_row order by number")).all()
    assert [action for action, _ in found] == ["user.added", "case.started", "need.saved", "audit.rechained"]
    assert found[-1][1] == {"rows": 3, "head_before": last}
    assert broken_at(sessions_on(before)) is None


def test_a_log_without_rows_begins_without_any(before: Engine) -> None:
    upgrade(before, "0004")

    with before.connect() as db:
        assert db.execute(text("select count(*) from audit_row")).scalar_one() == 0
    assert broken_at(sessions_on(before)) is None


def test_a_chain_that_does_not_hold_stops_the_migration(before: Engine) -> None:
    """S67: nobody's tampering is chained anew as if it were whole."""
    with before.begin() as db:
        write_as_before(db, ["user.added", "case.started", "need.saved"])
        db.execute(text("update audit_row set action = 'need.read' where number = 2"))

    with pytest.raises(RuntimeError, match="row 2"):
        upgrade(before, "0004")
