"""Fields that a form does not ask for, sent with it all the same: nothing comes of them (S40)."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlmodel import SQLModel

from bostad.records import Sessions
from tests.proofs.allowed import Person, Relation
from tests.proofs.corners import ROLES, Town, build
from tests.proofs.doors import LEAVING, doors
from tests.proofs.draw import Draw
from tests.proofs.filled import PLAUSIBLE, asked_by_forms, filled
from tests.proofs.ground import stop_the_clock, undone
from tests.proofs.wire import Asked, Wire

TEMPTING = {"uuid": "00000000-0000-4000-8000-000000abcdef", "boolean": "true", "integer": "7", "date": "2026-01-01"}
PEOPLE = (Person.WORKER, Person.STAFF, Person.MANAGER, Person.BOARD_ADMIN)
EVERY = int(os.environ.get("BOSTAD_PROOF_CELLS", "0")) > 0
_KEPT_FORMS = frozenset({"_kept", "agreed", "change", "next", "path", "back"})
LOGS_OWN = frozenset({"previous", "written_at"})
SAMPLE = 12
"""How many doors a person tries in `make test`."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@pytest.mark.parametrize("person", PEOPLE)
def test_what_a_form_does_not_ask_for_changes_nothing(app: Litestar, sessions: Sessions, person: Person) -> None:
    """S40: the rows afterwards are those that the form alone leads to. ASVS V15.3.3."""
    town = build(sessions, stop_the_clock(sessions))
    before, changed, unlike = _rows(sessions, town), 0, []
    with Wire(app) as wire:
        for asked, extra in _tried(app, town, person):
            plain = _after(wire, sessions, town, person, asked)
            more = _after(wire, sessions, town, person, Asked("POST", asked.address, (*asked.fields, *extra)))
            changed += plain != before
            unlike += [asked.address] if plain != more else []

    assert unlike == []
    assert changed, "some form was accepted"


def _tried(app: Litestar, town: Town, person: Person) -> Iterator[tuple[Asked, tuple[tuple[str, str], ...]]]:
    """Give each form as it is sent, and every column of the database that it does not ask for."""
    ids = town.ids(person, Relation.OWN)
    forms, today = asked_by_forms(app), town.at.date()
    tempting = {
        column.name: _tempting(column) for table in SQLModel.metadata.tables.values() for column in table.columns
    }
    mine = [door for door in doors(app) if door.roles and ROLES[person] in door.roles]
    for door in mine if EVERY else Draw(f"doors {person}").sample(mine, SAMPLE):
        asks = forms.get(door.path)
        if asks is None or door.path in LEAVING or door.path in {"/sign-in", "/code"}:
            continue
        fields = filled(asks, today, str(ids["line"]))
        kept = {*asks, *PLAUSIBLE, "month", "line_id", *_KEPT_FORMS}
        extra = {name: value for name, value in tempting.items() if name not in kept}
        for address in door.addresses({kind: [one] for kind, one in ids.items()} | {"absent": []}):
            yield Asked("POST", address, fields), tuple(extra.items())


def _tempting(column: Any) -> str:
    """Give what somebody would put into a column if she could."""
    return TEMPTING.get(type(column.type).__name__.lower(), "signed")


def _after(wire: Wire, sessions: Sessions, town: Town, person: Person, asked: Asked) -> list[str]:
    with undone(sessions):
        wire.ask(asked, person.value)
        return _rows(sessions, town)


def _rows(sessions: Sessions, town: Town) -> list[str]:
    """Read every row there is, without what is drawn at random for it and when the log itself was written."""
    known = {str(one) for ids in town.corners.values() for one in ids.values()}
    every = " union all ".join(map(_all_of, SQLModel.metadata.sorted_tables))
    return sorted(_ID.sub(lambda one: one[0] if one[0] in known else "<id>", row) for row in _texts(sessions, every))


def _texts(sessions: Sessions, query: str) -> Iterator[str]:
    with sessions() as db:
        yield from db.execute(text(query)).scalars()


def _all_of(table: Any) -> str:
    chance = {column.name for column in table.columns if "hash" in column.name or column.type.python_type is bytes}
    left_out = ", ".join(f"'{name}'" for name in sorted(chance | LOGS_OWN))
    return f"select '{table.name} ' || (to_jsonb(t) - array[{left_out}])::text from {table.name} t"
