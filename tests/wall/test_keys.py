"""No unique key and no foreign key tells about a row that cannot be seen (S32)."""

from collections.abc import Iterator

from sqlalchemy import Table as SchemaTable
from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from bostad.adapters.database import know_every_table
from bostad.zones.logins import Login
from bostad.zones.tables import TABLES
from bostad.zones.ways import EVERY, Way, Zone

OF_AN_ORGANISATION = frozenset({"board_id", "company_id", "organisation_id"})
PUBLIC = frozenset({"organisation"})
"""Boards and companies are public bodies: that one exists is no secret."""
WHO_DID_IT = frozenset({"account"})
"""A person's id is random: nobody can try it out, and it says only who did something."""

EXPLAINED = {
    "card.code": "drawn at random among 27^8; a collision says only that a code is taken",
    "case_search.user_id": "only one's own rows can be written",
    "recent_reading.actor_id": "only one's own rows can be written",
    "placement.card_id": "written by one function beside the card; a random id",
    "placement.run_id": "random, and written by the worker",
    "why_not.run_id": "random, and written by the worker",
    "consent.request_id": "random; a trigger asks that the request is this need's and granted",
    "case_.unit_id": "a unit of the own board is asked for by the page; a random id",
    "deletion.unit_id": "random; the row itself is the board's",
    "deletion.profile_id": "random; the row itself is the board's",
    "retention_line.deletion_id": "random; the row itself is the board's",
    "review_sample.unit_id": "random; the row itself is the board's",
    "line_month.line_id": "the line's agreement is asked for: it must be the board's own",
    "quota_line.agreement_id": "the agreement is asked for: it must be the board's own",
    "home.line_id": "a board moves no home to another line; nothing but its state is written",
}


def test_every_key_is_explained() -> None:
    unexplained = {key for key in _telling() if key not in EXPLAINED}

    assert unexplained == set()


def test_no_explanation_outlives_its_key() -> None:
    assert set(EXPLAINED) - set(_telling()) == set()


def _telling() -> Iterator[str]:
    """Name the keys of rows a side can write that ask neither for the organisation nor for a visible parent."""
    know_every_table()
    for name, table in SQLModel.metadata.tables.items():
        if TABLES[name].zone in {Zone.ACCOUNTS, Zone.REFERENCE}:
            continue
        for login in (Login.SOCIAL, Login.HOUSING):
            way = TABLES[name].ways.get(login)
            if way is not None:
                yield from (f"{name}.{column}" for column in (*_uniques(table, way), *_references(table, way)))


def _uniques(table: SchemaTable, way: Way) -> Iterator[str]:
    constraints = [one.columns.keys() for one in table.constraints if isinstance(one, UniqueConstraint)]
    indexes = [[column.name for column in one.columns] for one in table.indexes if one.unique]
    for columns in (*constraints, *indexes):
        asked = any(_asks(way, table, column) for column in columns)
        if any(_writes(way, column) for column in columns) and not asked and not OF_AN_ORGANISATION & set(columns):
            yield columns[0]


def _references(table: SchemaTable, way: Way) -> Iterator[str]:
    for key in table.foreign_keys:
        column = key.parent.name
        if _writes(way, column) and key.column.table.name not in PUBLIC | WHO_DID_IT and not _asks(way, table, column):
            yield column


def _writes(way: Way, column: str) -> bool:
    return any(listed == EVERY or column in listed for listed in (way.adds, way.changes))


def _asks(way: Way, table: SchemaTable, column: str) -> bool:
    """Tell whether the policy on what is written asks that the row a column points at can be seen."""
    conditions = f"{way.within or ''} {way.writes or way.sees}"
    parents = [key.column.table.name for key in table.foreign_keys if key.parent.name == column]
    return any(f"from {parent} " in conditions and f"= {column})" in conditions for parent in parents)
