"""The cells of the authorisation matrix: a door, who knocks, and how what the address names stands to her."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from litestar import Litestar

from bostad.records import Sessions
from tests.proofs.allowed import IN_NO_CORNER, LEADS_SOMEWHERE, OWN_MOVES, SEES, Person, Relation, who_may_knock
from tests.proofs.corners import ABSENT, Town
from tests.proofs.doors import LEAVING, WORDS, Door, doors
from tests.proofs.ground import undone
from tests.proofs.wire import Answer, Asked, Wire

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


def cells(app: Litestar) -> Iterator[Cell]:
    """Make the whole matrix of what is declared: a door without ids in it has one relation, its own."""
    for door in doors(app):
        if door.path in LEAVING or not who_may_knock(door.method, plain(door)):
            continue
        for path, word in _with_words(door):
            for person in Person:
                for relation in Relation if door.ids else (Relation.OWN,):
                    yield Cell(door, path, word, person, relation)


def knock(wire: Wire, sessions: Sessions, town: Town, cell: Cell) -> Answer:
    """Try a cell, undo what it led to, and put one id for all that the address named."""
    with undone(sessions):
        answer = wire.ask(*asked_in(town, cell))
    headers = tuple((name, _ID.sub(b"<id>", value)) for name, value in answer.headers)
    return Answer(answer.status, headers, _ID.sub(b"<id>", answer.body))


def asked_in(town: Town, cell: Cell) -> tuple[Asked, str | None]:
    """Give the request that a cell is, and the token that comes with it."""
    address, ids = cell.path, dict(town.ids(cell.person, cell.relation))
    for name, kind in cell.door.places:
        found = ids.get(_asked_for(name.removesuffix("_id"), cell), ABSENT)
        address = address.replace(f"{{{name}:{kind}}}", str(found))
    return Asked(cell.door.method, address), None if cell.person is Person.STRANGER else cell.person.value


def leads_somewhere(cell: Cell, path: str) -> bool:
    """Tell whether something answers to the word in an address."""
    if path.startswith("/placements") and cell.word:
        return cell.word in OWN_MOVES[cell.person]
    return not cell.word or cell.word in LEADS_SOMEWHERE.get(f"/{path.split('/')[1]}", {cell.word})


def is_there(cell: Cell) -> bool:
    """Tell whether all that an address names is there for the one who asks."""
    kinds = {_asked_for(kind, cell) for kind in cell.door.ids if kind not in IN_NO_CORNER}
    return all(cell.relation in SEES[kind].get(cell.person, ()) for kind in kinds)


def _asked_for(kind: str, cell: Cell) -> str:
    """Say which kind an id in an address is of: beside a case stand the homes that nobody has been promised."""
    return "free home" if kind == "home" and cell.path.startswith("/cases") else kind


def plain(door: Door) -> str:
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
