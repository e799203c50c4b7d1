"""What is hidden takes the path of what is absent: the same statements to the database, and as long (S06).

The statements are compared at every run of the tests. How long they take is measured by `make prove PART=timing` alone,
since a clock on the wall proves nothing on a machine that does other things; `BOSTAD_PROOF_REPEATS` says how often.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median

import pytest
from litestar import Litestar
from sqlalchemy import event

from bostad.records import Sessions
from tests.proofs.allowed import NOT_FOR, SEES, Person, Relation, who_may_knock
from tests.proofs.cells import Cell, asked_in, cells, is_there, knock, plain
from tests.proofs.conftest import Count
from tests.proofs.corners import Town, build
from tests.proofs.draw import Draw
from tests.proofs.ground import connection_of, stop_the_clock, undone
from tests.proofs.wire import Wire

REPEATS = int(os.environ.get("BOSTAD_PROOF_REPEATS", "0"))
SEED = int(os.environ.get("BOSTAD_PROOF_SEED", "1"))
AT_MOST_MS = 5.0
"""How far apart the medians of what is absent and what is hidden may be (S06)."""
THOSE_WHO_LOOK = (Person.STAFF, Person.WORKER, Person.MANAGER)
SAMPLE = 60
DOORS_OF_A_KIND = 3
"""How many doors to one kind of thing are measured, for each who looks and each method."""


@pytest.mark.parametrize("person", THOSE_WHO_LOOK)
def test_what_is_hidden_costs_the_database_what_is_absent_costs(
    app: Litestar, sessions: Sessions, person: Person
) -> None:
    """S06: statement by statement, in their order."""
    town = build(sessions, stop_the_clock(sessions))
    tried = list(hidden(app, person))
    unlike = []
    with Wire(app) as wire:
        for cell in tried if REPEATS else Draw(f"hidden {SEED}").sample(tried, SAMPLE):
            never_was = replace(cell, relation=Relation.ABSENT)
            knock(wire, sessions, town, never_was)  # whoever comes first makes what is kept
            told = [_statements(wire, sessions, town, one) for one in (cell, never_was)]
            unlike += [f"{cell}: {len(told[0])} and {len(told[1])}"] if told[0] != told[1] else []

    assert unlike == []


@pytest.mark.skipif(not REPEATS, reason="a clock on the wall is for make prove")
@pytest.mark.parametrize("person", THOSE_WHO_LOOK)
def test_what_is_hidden_takes_as_long_as_what_is_absent(
    app: Litestar, sessions: Sessions, person: Person, count: Count
) -> None:
    """S06: medians of interleaved questions, less than 5 ms apart on every kind of door."""
    town = build(sessions, stop_the_clock(sessions))
    gaps = []
    with Wire(app) as wire:
        for kind, doors in _kinds(app, person).items():
            took = _measured(wire, sessions, town, doors)
            absent = took.pop(Relation.ABSENT)
            gaps += [abs(one - absent) for one in took.values()]
            hidden_ones = ", ".join(f"{relation} {one - absent:+.2f}" for relation, one in sorted(took.items()))
            count(f"{person} {kind}: absent {absent:.2f} ms; {hidden_ones}", REPEATS * len(doors))

    assert max(gaps) < AT_MOST_MS


def hidden(app: Litestar, person: Person) -> Iterator[Cell]:
    """Give every cell in which somebody may knock and what she asks for is there, but not for her."""
    for cell in cells(app):
        path = plain(cell.door)
        asks = cell.person is person and cell.relation is not Relation.ABSENT and set(cell.door.ids) & set(SEES)
        may = person in who_may_knock(cell.door.method, path) and (path, person) not in NOT_FOR
        if asks and may and not is_there(cell):
            yield cell


def _statements(wire: Wire, sessions: Sessions, town: Town, cell: Cell) -> list[str]:
    """Give every statement that the database is asked in one cell."""
    asked: list[str] = []
    with _listening(sessions, asked):
        knock(wire, sessions, town, cell)
    return asked


@contextmanager
def _listening(sessions: Sessions, asked: list[str]) -> Iterator[None]:
    connection = connection_of(sessions)

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "SAVEPOINT" not in statement:  # those are numbered
            asked.append(statement)

    event.listen(connection, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", hear)


def _kinds(app: Litestar, person: Person) -> dict[str, list[list[Cell]]]:
    """Give the doors to measure, by method and kind of thing: for each, its hidden cells and the absent one."""
    doors: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for cell in hidden(app, person):
        doors[f"{cell.door.method} {cell.door.ids[0]}"][cell.path].append(cell)
    chance = Draw(f"timed {SEED}")
    found = {}
    for kind, paths in doors.items():
        chosen = chance.sample(sorted(paths), min(DOORS_OF_A_KIND, len(paths)))
        found[kind] = [[*paths[path], replace(paths[path][0], relation=Relation.ABSENT)] for path in chosen]
    return found


def _measured(wire: Wire, sessions: Sessions, town: Town, doors: list[list[Cell]]) -> dict[Relation, float]:
    """Ask each door in each relation again and again, in an order of chance; give the medians in milliseconds."""
    took: dict[Relation, list[float]] = defaultdict(list)
    chance = Draw(f"order {SEED}")
    for _ in range(REPEATS):
        for door in doors:
            for cell in chance.sample(door, len(door)):
                asked, token = asked_in(town, cell)
                with undone(sessions):
                    begun = time.perf_counter()
                    wire.ask(asked, token)
                    took[cell.relation].append(1_000 * (time.perf_counter() - begun))
    return {relation: median(times) for relation, times in took.items()}
