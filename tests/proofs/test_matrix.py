"""Every door, every role, every relation: who gets in where, held to a table that is not the code (S38)."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from litestar import Litestar

from bostad.records import Sessions
from tests.proofs.allowed import (
    DECLARED,
    IN_NO_CORNER,
    NOT_FOR,
    REFUSED_ANYHOW,
    Person,
    Relation,
    lies_under,
    who_may_knock,
)
from tests.proofs.cells import Cell, cells, is_there, knock, leads_somewhere, plain
from tests.proofs.conftest import Count
from tests.proofs.corners import Town, build
from tests.proofs.doors import doors
from tests.proofs.draw import Draw
from tests.proofs.ground import stop_the_clock
from tests.proofs.wire import Answer, Asked, Wire

TRIED = int(os.environ.get("BOSTAD_PROOF_CELLS", "700"))
SEED = int(os.environ.get("BOSTAD_PROOF_SEED", "1"))
IN, NOT_THERE, NOT_FOR_YOU, SIGN_IN = "in", "not there", "not for you", "sign in first"


def test_the_matrix_has_five_thousand_cells(app: Litestar) -> None:
    """S38."""
    assert len(list(cells(app))) >= 5_000


def test_every_door_is_declared(app: Litestar) -> None:
    """S37, S38: a door that nobody has declared stops the proof, and so does a line in the table with no door.

    ASVS V8.1.1.
    """
    known = [(door.method, plain(door)) for door in doors(app)]

    assert [door for door in known if not who_may_knock(*door)] == [], "say in tests/proofs/allowed.py who may use them"
    assert [line for line in DECLARED if not any(lies_under(*door, line) for door in known)] == []


@pytest.mark.parametrize("person", Person)
def test_nobody_gets_in_who_is_not_expected_and_everybody_who_is(
    app: Litestar, sessions: Sessions, person: Person, count: Count
) -> None:
    """S38, S06: 0 unexpected; what is not there is answered to the byte as what never was. ASVS V8.2.2, V8.3.1."""
    town = build(sessions, stop_the_clock(sessions))
    tried = _some([cell for cell in cells(app) if cell.person is person])
    with Wire(app) as wire:
        unexpected = [found for cell in tried for found in _held_to_the_table(wire, sessions, town, cell)]

    count("cells of the matrix", len(tried))
    assert unexpected == []


def test_somebody_taken_for_somebody_else_is_noticed(app: Litestar, sessions: Sessions) -> None:
    """S38: an application that takes the company's staff for the social worker."""

    class Mistaken(Wire):
        def ask(self, asked: Asked, token: str | None = None) -> Answer:
            return super().ask(asked, Person.WORKER.value if token else None)

    town = build(sessions, stop_the_clock(sessions))
    theirs = [cell for cell in cells(app) if cell.person is Person.STAFF and cell.path.startswith("/cases")]
    with Mistaken(app) as wire:
        unexpected = [found for cell in theirs[:40] for found in _held_to_the_table(wire, sessions, town, cell)]

    assert len(unexpected) >= 40


def _some(all_of_them: list[Cell]) -> list[Cell]:
    """Take as many as were asked for, shared between those who knock."""
    share = max(1, TRIED // len(Person))
    return all_of_them if share >= len(all_of_them) else Draw(f"cells {SEED}").sample(all_of_them, share)


def _held_to_the_table(wire: Wire, sessions: Sessions, town: Town, cell: Cell) -> Iterator[str]:
    answer = knock(wire, sessions, town, cell)
    expected, found = _expected(cell), _outcome(answer)
    if found not in expected:
        yield f"{cell}: {found} ({answer.status}), expected {' or '.join(sorted(expected))}"
    if cell.door.ids and not is_there(cell):
        never_was = knock(wire, sessions, town, replace(cell, relation=Relation.ABSENT))
        if answer != never_was:
            yield f"{cell}: told apart from what never was"


def _expected(cell: Cell) -> frozenset[str]:
    """Say what the table says."""
    path = plain(cell.door)
    if cell.person not in who_may_knock(cell.door.method, path):
        return frozenset({SIGN_IN if cell.person is Person.STRANGER else NOT_FOR_YOU})
    if not leads_somewhere(cell, path) or not is_there(cell) or (path, cell.person) in NOT_FOR:
        return frozenset({NOT_THERE})
    if path in REFUSED_ANYHOW:
        return frozenset({NOT_FOR_YOU})
    return frozenset({IN, NOT_THERE}) if IN_NO_CORNER & set(cell.door.ids) else frozenset({IN})


def _outcome(answer: Answer) -> str:
    if answer.status == 303 and answer.header("location").startswith("/sign-in"):
        return SIGN_IN
    return {403: NOT_FOR_YOU, 404: NOT_THERE, 500: "our fault"}.get(answer.status, IN)
