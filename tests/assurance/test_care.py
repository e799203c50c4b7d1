"""Every column has its protection level, and grants, deletion and logs do what the level says (S03)."""

import ast
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ARRAY, Column, Connection, Engine, LargeBinary, Uuid, event
from sqlmodel import SQLModel

import bostad
from bostad.adapters.database import know_every_table
from bostad.cli.data import lines
from bostad.records import Sessions, clock
from bostad.sealing.columns import Secret, Secrets
from bostad.tasks import tidy
from bostad.zones.care import LEVELS, NEVER, WITH_THE_CASE, Level
from bostad.zones.care_tables import CARE
from bostad.zones.logins import Login
from bostad.zones.tables import TABLES
from bostad.zones.ways import Zone

know_every_table()
SOURCE = Path(bostad.__file__).parent
DOCUMENT = SOURCE.parents[1] / "docs" / "data.md"
SCHEMA = SQLModel.metadata.tables
_DELETE = re.compile(r"DELETE FROM (\w+) WHERE .*?%\((\w+)\)s")


def test_every_column_of_every_table_has_a_level() -> None:
    """S03. ASVS V14.1.1: a column that nobody has classified fails here."""
    columns = {name: {one.name for one in table.columns if not _is_id(one)} for name, table in SCHEMA.items()}

    assert {name: set(care.levels) for name, care in CARE.items()} == columns


def test_the_page_about_data_is_what_the_code_says() -> None:
    """ASVS V14.1.2: `bostad data` prints what stands in docs/data.md."""
    assert "\n".join(lines()) in DOCUMENT.read_text()
    assert LEVELS.keys() == set(Level)


def test_what_is_sealed_is_bytes_that_the_code_seals() -> None:
    """S43. ASVS V14.2.4, V11.3.1: no column holds such a value as it was written."""
    sealed = {(table, column) for table, column in _at(Level.SEALED)}

    assert {
        (table, column) for table, column in sealed if not isinstance(SCHEMA[table].c[column].type, LargeBinary)
    } == set()
    assert {(table.__tablename__, "sealed") for table in _tables_with_secrets()} <= sealed


def test_a_company_reads_nothing_that_is_sealed_and_nothing_delicate_but_the_card() -> None:
    """S02. ASVS V14.2.4, V8.2.3."""
    granted = {
        (table, column)
        for level in (Level.SEALED, Level.DELICATE, Level.PROOF)
        for table, column in _at(level)
        if _may_read(table, column, Login.HOUSING)
    }

    assert granted == {("card", "content")}


def test_what_proves_who_one_is_stays_with_the_door() -> None:
    """ASVS V14.2.4, V6.7.1."""
    accounts = {(table, column) for table, column in _at(Level.PROOF) if TABLES[table].zone is Zone.ACCOUNTS}
    others = [login for login in Login if login not in {Login.DOOR, Login.BACKUP}]

    assert len(accounts) > 8
    assert {(one, login) for one in accounts for login in others if _may_read(*one, login)} == set()


def test_what_goes_with_a_case_is_what_hangs_on_it() -> None:
    """S12. ASVS V14.2.4, V14.2.7: deletion follows foreign keys, and the rule says the same of the same tables."""
    hangs = {"case_"}
    for table in SQLModel.metadata.sorted_tables:
        hangs |= {table.name for foreign in table.foreign_keys if foreign.column.table.name in hangs}
    said = {name for name, care in CARE.items() if care.keep is WITH_THE_CASE}

    assert said <= hangs
    assert {name for name in hangs - said if CARE[name].keep.for_ is None} == set()


def test_what_is_thrown_away_at_night_is_what_has_a_time_and_after_that_time(
    sessions: Sessions, engine: Engine
) -> None:
    """S12. ASVS V14.2.4, V14.2.7: the statements themselves are read, with the moment they go back to."""
    at, thrown_away = clock(sessions), {}

    def listen(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if found := _DELETE.search(statement):
            table, name = found.groups()
            moment = parameters[name]
            assert isinstance(moment, datetime)
            thrown_away[table] = moment

    event.listen(engine, "before_cursor_execute", listen)
    try:
        tidy(sessions)
    finally:
        event.remove(engine, "before_cursor_execute", listen)

    times = {name: care.keep.for_ for name, care in CARE.items() if care.keep.for_ is not None}
    assert thrown_away.keys() == times.keys()
    assert {name: at - moment for name, moment in thrown_away.items()} == pytest.approx(times, abs=timedelta(seconds=9))


def test_no_row_of_the_log_is_given_a_value_that_may_not_stand_in_it() -> None:
    """S65. ASVS V14.2.4, V16.2.5: what `record(...)` is handed is read from the code; the canaries look at the rows."""
    may = {column for level, asks in LEVELS.items() if asks.in_audit != NEVER for _, column in _at(level)}
    never = {column for level, asks in LEVELS.items() if asks.in_audit == NEVER for _, column in _at(level)} | {
        name for table in _tables_with_secrets() for name, one in vars(table).items() if isinstance(one, Secret)
    }
    handed = {(name, value) for name, value in _facts()}

    assert len(handed) > 40
    assert "case_number" in never - may
    assert {(name, value) for name, value in handed if value.rpartition(".")[2] in never - may} == set()


def _is_id(column: Column[Any]) -> bool:
    kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    return isinstance(kind, Uuid)


def _at(level: Level) -> Iterator[tuple[str, str]]:
    return ((table, column) for table, care in CARE.items() for column, one in care.levels.items() if one is level)


def _may_read(table: str, column: str, login: Login) -> bool:
    way = TABLES[table].ways.get(login)
    return way is not None and (way.reads == ("*",) or column in way.reads)


def _tables_with_secrets() -> list[type[Any]]:
    return Secrets.__subclasses__()


def _facts() -> Iterator[tuple[str, str]]:
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "record":
                yield from ((one.arg or "", ast.unparse(one.value)) for one in node.keywords)
