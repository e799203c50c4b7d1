"""Every door, every role, every relation: who gets in where, held to a table that is not the code (S38)."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from litestar import Litestar

from bostad.records import Sessions
from tests.proofs.allowed import (
    DECLARED,
    IN_NO_CORNER,
    LEADS_SOMEWHERE,
    NOT_FOR,
    OWN_MOVES,
    REFUSED_ANYHOW,
    SEES,
    Person,
    Relation,
    lies_under,
    who_may_knock,
)
from tests.proofs.corners import ABSENT, Town, build
from tests.proofs.doors import LEAVING, WORDS, Door, doors
from tests.proofs.draw import Draw
from tests.proofs.ground import stop_the_clock, undone
from tests.proofs.wire import Answer, Asked, Wire

TRIED = int(os.environ.get("BOSTAD_PROOF_CELLS", "700"))
SEED = int(os.environ.get("BOSTAD_PROOF_SEED", "1"))
IN, NOT_THERE, NOT_FOR_YOU, SIGN_IN = "in", "not there", "not for you", "sign in first"
_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One attempt: a door with the words of its address filled in, who knocks, and how the thing stands to her."""

    door: Door
    path: str
    word: str
    person: Person
    relation: Relation

    def __str__(self) -> str:
        return f"{self.person} {self.door.method} {self.path} ({self.relation})"


def test_the_matrix_has_five_thousand_cells(app: Litestar) -> None:
    """S38."""
    assert len(list(cells(app))) >= 5_000


def test_every_door_is_declared(app: Litestar) -> None:
    """S37, S38: a door that nobody has declared stops the proof, and so does a line in the table with no door."""
    known = [(door.method, _plain(door)) for door in doors(app)]

    assert [door for door in known if not who_may_knock(*door)] == [], "say in tests/proofs/allowed.py who may use them"
    assert [line for line in DECLARED if not any(lies_under(*door, line) for door in known)] == []


@pytest.mark.parametrize("person", Person)
def test_nobody_gets_in_who_is_not_expected_and_everybody_who_is(
    app: Litestar, sessions: Sessions, person: Person
) -> None:
    """S38, S06: 0 unexpected; what is not there is answered to the byte as what never was."""
    town = build(sessions, stop_the_clock(sessions))
    tried = _some([cell for cell in cells(app) if cell.person is person])
    with Wire(app) as wire:
        unexpected = [found for cell in tried for found in _held_to_the_table(wire, sessions, town, cell)]

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


def cells(app: Litestar) -> Iterator[Cell]:
    """Make the whole matrix of what is declared: a door without ids in it has one relation, its own."""
    for door in doors(app):
        if door.path in LEAVING or not who_may_knock(door.method, _plain(door)):
            continue
        for path, word in _with_words(door):
            for person in Person:
                for relation in Relation if door.ids else (Relation.OWN,):
                    yield Cell(door, path, word, person, relation)


def _some(all_of_them: list[Cell]) -> list[Cell]:
    """Take as many as were asked for, shared between those who knock."""
    share = max(1, TRIED // len(Person))
    return all_of_them if share >= len(all_of_them) else Draw(f"cells {SEED}").sample(all_of_them, share)


def _held_to_the_table(wire: Wire, sessions: Sessions, town: Town, cell: Cell) -> Iterator[str]:
    answer = _tried(wire, sessions, town, cell)
    expected, found = _expected(cell), _outcome(answer)
    if found not in expected:
        yield f"{cell}: {found} ({answer.status}), expected {' or '.join(sorted(expected))}"
    if cell.door.ids and not _is_there(cell):
        never_was = _tried(wire, sessions, town, replace(cell, relation=Relation.ABSENT))
        if answer != never_was:
            yield f"{cell}: told apart from what never was"


def _tried(wire: Wire, sessions: Sessions, town: Town, cell: Cell) -> Answer:
    """Knock, undo what it led to, and put one id for all that the address named."""
    address, ids = cell.path, dict(town.ids(cell.person, cell.relation))
    if ids and cell.path.startswith("/cases"):  # beside a case stand the homes that nobody has been promised
        ids["home"] = ids["free home"]
    for name, kind in cell.door.places:
        address = address.replace(f"{{{name}:{kind}}}", str(ids.get(name.removesuffix("_id"), ABSENT)))
    token = None if cell.person is Person.STRANGER else cell.person.value
    with undone(sessions):
        answer = wire.ask(Asked(cell.door.method, address), token)
    headers = tuple((name, _ID.sub(b"<id>", value)) for name, value in answer.headers)
    return Answer(answer.status, headers, _ID.sub(b"<id>", answer.body))


def _expected(cell: Cell) -> frozenset[str]:
    """Say what the table says."""
    path = _plain(cell.door)
    if cell.person not in who_may_knock(cell.door.method, path):
        return frozenset({SIGN_IN if cell.person is Person.STRANGER else NOT_FOR_YOU})
    if not _leads_somewhere(cell, path) or not _is_there(cell) or (path, cell.person) in NOT_FOR:
        return frozenset({NOT_THERE})
    if path in REFUSED_ANYHOW:
        return frozenset({NOT_FOR_YOU})
    return frozenset({IN, NOT_THERE}) if IN_NO_CORNER & set(cell.door.ids) else frozenset({IN})


def _leads_somewhere(cell: Cell, path: str) -> bool:
    """Tell whether something answers to the word in an address."""
    if path.startswith("/placements") and cell.word:
        return cell.word in OWN_MOVES[cell.person]
    return not cell.word or cell.word in LEADS_SOMEWHERE.get(f"/{path.split('/')[1]}", {cell.word})


def _is_there(cell: Cell) -> bool:
    """Tell whether all that an address names is there for the one who asks."""
    return all(cell.relation in SEES[kind].get(cell.person, ()) for kind in cell.door.ids if kind not in IN_NO_CORNER)


def _outcome(answer: Answer) -> str:
    if answer.status == 303 and answer.header("location").startswith("/sign-in"):
        return SIGN_IN
    return {403: NOT_FOR_YOU, 404: NOT_THERE, 500: "our fault"}.get(answer.status, IN)


def _plain(door: Door) -> str:
    """Give a door's address with the kinds of its ids in place of their names."""
    return re.sub(r"\{([a-z_]+):[a-z]+\}", lambda found: f"{{{found[1].removesuffix('_id')}}}", door.path)


def _with_words(door: Door) -> Iterator[tuple[str, str]]:
    """Fill in every word that an address can hold."""
    if not door.words:
        yield door.path, ""
        return
    (name,) = door.words
    for word in WORDS.get((f"/{door.path.split('/')[1]}", name), ("nothing",)):
        yield door.path.replace(f"{{{name}:str}}", word), word
