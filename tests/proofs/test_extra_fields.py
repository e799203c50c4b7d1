"""Fields that a form does not ask for, sent with it all the same: nothing comes of them (S40)."""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlmodel import SQLModel

from bostad.records import Sessions
from tests.proofs.allowed import Person, Relation
from tests.proofs.contract import FORM, described
from tests.proofs.corners import ROLES, Town, build
from tests.proofs.doors import LEAVING, doors
from tests.proofs.draw import Draw
from tests.proofs.ground import stop_the_clock, undone
from tests.proofs.wire import Asked, Wire

PLAUSIBLE: Mapping[str, str] = {
    "because": "unsafe",
    "contract": "first_hand",
    "viewing_time": "14:30",
    "name": "Någonting Nytt",
    "username": "nykomling",
    "role": "social_worker",
    "case_number": "SN 2026/4711",
    "adults": "2",
    "rent_max": "9000",
    "rent": "7600",
    "rooms": "2",
    "floor": "2",
    "address": "Provgatan 9",
    "object_number": "9-9",
    "municipality": "9901",
    "anyway": "yes",
    "version": "1",
    "language": "en",
}
"""What makes some of the forms hold; days and lines are put in for each world."""
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
    forms = {path: door["post"] for path, door in described(app, ids)["paths"].items() if "post" in door}
    tempting = {
        column.name: _tempting(column) for table in SQLModel.metadata.tables.values() for column in table.columns
    }
    today = town.at.date()
    filled = {**PLAUSIBLE, "month": today.replace(day=1).isoformat(), "line_id": str(ids["line"])}
    mine = [door for door in doors(app) if door.roles and ROLES[person] in door.roles]
    for door in mine if EVERY else Draw(f"doors {person}").sample(mine, SAMPLE):
        path = re.sub(r":[a-z]+\}", "}", door.path)
        if path not in forms or path in LEAVING or path in {"/sign-in", "/code"}:
            continue
        asks = forms[path]["requestBody"]["content"][FORM]["schema"]["properties"]
        fields = {name: filled.get(name, today.isoformat()) for name in asks if name in filled or name.endswith("_on")}
        fields |= {name: today.isoformat() for name in asks if name in {"contract_from", "available_from"}}
        extra = {name: value for name, value in tempting.items() if name not in {*asks, *filled, *_KEPT_FORMS}}
        for address in door.addresses({kind: [one] for kind, one in ids.items()} | {"absent": []}):
            yield Asked("POST", address, tuple(fields.items())), tuple(extra.items())


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
