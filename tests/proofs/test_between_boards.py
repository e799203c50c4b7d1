"""Worlds that differ in what a board is not told of another answer each of its people alike, byte for byte (S39)."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID

import pytest
from litestar import Litestar

from bostad.accounts.access import Role
from bostad.records import Sessions
from tests.counties.pair import OTHERWISE, ROLES, Pair, standing_pair, world_of
from tests.proofs.asking import Heard, after, answers, differences, numbered
from tests.proofs.conftest import Count
from tests.proofs.doors import LEAVING, Door, doors
from tests.proofs.draw import Draw
from tests.proofs.filled import asked_by_forms, filled
from tests.proofs.ground import undone
from tests.proofs.leaks import Leak, Leaking, in_a_header, in_the_page
from tests.proofs.wire import Answer, Asked, Wire

EVERY = int(os.environ.get("BOSTAD_PROOF_CELLS", "0")) > 0
SEED = int(os.environ.get("BOSTAD_PROOF_SEED", "1"))
_SHORT = re.compile(rb"<code>[0-9a-f]{8}</code>")
_ROWS = re.compile(rb'(Kedjan h\xc3\xa5ller: |<th scope="row" class="number">)\d+')
"""Numbers of rows of the log, which is the whole installation's: said to the officer, and in docs/security.md."""
MINE = re.compile(r"^/cases/([0-9a-f-]{36})$")
LEAKS = {
    "how many households there are": Leak(MINE, "select count(*)::text from need", in_a_header),
    "who has one's own home": Leak(
        re.compile(r"^/homes/([0-9a-f-]{36})$"),
        "select n.risk from placement p join need n on n.id = p.need_id where p.home_id::text = :id",
        in_the_page,
    ),
}
"""What an application could tell too much: of the guest's household, and of how many others there are."""


@pytest.mark.parametrize("otherwise", [OTHERWISE[:3], OTHERWISE[3:]], ids=", ".join)
def test_nothing_tells_a_board_what_is_otherwise_at_another_that_it_is_matched_with(
    app: Litestar, sessions: Sessions, otherwise: tuple[str, ...], count: Count
) -> None:
    """S07, S29, S39: for its worker, manager, administrator and officer, as guest in a home and as host of one."""
    pair = standing_pair(sessions)
    parts = [slice(None) if EVERY else slice(number, None, len(otherwise)) for number in range(len(otherwise))]
    with Wire(app) as wire:
        told = _told(app, wire, pair, "plain", slice(None))
        others = [_told(app, wire, pair, *world) for world in zip(otherwise, parts, strict=True)]

    plain = told.all(slice(None))
    opened = {asked.address.split("/")[1] for asked, answer in plain if answer.status == 200}
    assert {"cases", "placements", "homes", "agreements", "county-runs", "overview", "log", "users"} <= opened
    assert {str(asked) for asked, answer in plain if answer.status >= 500} == set()
    assert sum(asked.method == "POST" and answer.status == 303 for asked, answer in plain) > 10, "changes are made"
    alike = [(told.all(part), other.all(slice(None))) for part, other in zip(parts, others, strict=True)]
    count("answers compared between boards", sum(len(other) for _, other in alike))
    assert [str(one) for both in alike for one in differences(*both)] == []


@pytest.mark.parametrize(("kind", "otherwise"), [(next(iter(LEAKS)), "more of them"), ([*LEAKS][1], "another order")])
def test_a_leak_between_boards_is_noticed(app: Litestar, sessions: Sessions, kind: str, otherwise: str) -> None:
    """S39: the same comparison, on an application that tells one thing too much."""
    pair, leak = standing_pair(sessions), LEAKS[kind]
    with Wire(Leaking(app, sessions, leak)) as wire:
        plain, other = (_pages_heard(app, wire, pair, world, leak.where) for world in ("plain", otherwise))

    found = list(differences(plain, other))
    assert found
    assert all(leak.where.match(one.asked.address) for one in found)


@dataclass(frozen=True)
class Told:
    """What the pages answer in one world, and each change with what it leads to."""

    pages: Heard
    changes: list[Heard]

    def all(self, part: slice) -> Heard:
        """Give everything, with some of the changes."""
        heard = [*self.pages, *chain(*self.changes[part])]
        return [(asked, _without_short_ids(answer)) for asked, answer in heard]


def _told(app: Litestar, wire: Wire, pair: Pair, otherwise: str, part: slice) -> Told:
    """Ask every page and a part of the changes in one world; ids that are drawn in it are numbered as they appear.

    In `make test` the plain world is asked every change, and each other world a third of them.
    """
    known, told = _known(pair), []
    with world_of(pair, otherwise) as ids:
        pages = _asked(app, wire, pair, ids)
        changes = [(role, change) for role in ROLES for change in _changes(app, role, pair, ids)]
        for role, change in changes[part]:
            with undone(pair.county.first.sessions):
                told.append(after(wire, change, known, role, role.value))
    return Told(pages, told)


def _pages_heard(app: Litestar, wire: Wire, pair: Pair, otherwise: str, where: re.Pattern[str]) -> Heard:
    """Give what some pages answer."""
    with world_of(pair, otherwise) as ids:
        return _asked(app, wire, pair, ids, where)


def _asked(
    app: Litestar, wire: Wire, pair: Pair, ids: Mapping[str, list[UUID]], where: re.Pattern[str] = re.compile("")
) -> Heard:
    heard: Heard = []
    drawn: dict[bytes, bytes] = {}
    for role in ROLES:
        for asked in _pages(app, role, ids):
            if where.match(asked.address):
                with undone(pair.county.first.sessions):
                    heard += answers(wire, [asked], role.value)
    return [(asked, numbered(_without_short_ids(answer), _known(pair), drawn)) for asked, answer in heard]


def _known(pair: Pair) -> frozenset[str]:
    return frozenset(str(one) for ids in pair.others.values() for one in ids)


def _without_short_ids(answer: Answer) -> Answer:
    """Leave out what the log shows of all boards: beginnings of ids that a world has drawn, and rows' numbers."""
    return replace(answer, body=_ROWS.sub(rb"\1", _SHORT.sub(b"<code></code>", answer.body)))


def _pages(app: Litestar, role: Role, ids: Mapping[str, list[UUID]]) -> list[Asked]:
    """Give every page of a role's, with everything that its address may name."""
    return [Asked("GET", address) for door in _of(app, role, "GET") for address in door.addresses(ids)]


def _changes(app: Litestar, role: Role, pair: Pair, ids: Mapping[str, list[UUID]]) -> Iterator[Asked]:
    """Give every change of a role's, with its form filled in, each of one thing that its address may name.

    In full, of every one. What everybody has, the worker tries.
    """
    forms, draw = asked_by_forms(app), Draw(f"between boards {SEED} {role}")
    for door in _of(app, role, "POST"):
        if door.roles in {None, frozenset(Role)} and role is not Role.SOCIAL_WORKER:
            continue
        fields = filled(forms.get(door.path, ()), pair.at.date(), str(pair.county.first.line.id))
        named = ids if EVERY else {kind: [some[0] if draw.maybe() else draw.choice(some)] for kind, some in ids.items()}
        for address in door.addresses(named):
            yield Asked("POST", address, fields)


def _of(app: Litestar, role: Role, method: str) -> list[Door]:
    mine = [one for one in doors(app) if one.method == method and one.path not in LEAVING]
    return [one for one in mine if one.roles is None or role in one.roles]
