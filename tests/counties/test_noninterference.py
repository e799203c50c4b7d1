"""Worlds that differ in what a board is not told of another answer each of its people alike, byte for byte (S39)."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from litestar import Litestar

from bostad.accounts.access import Role
from bostad.records import Sessions
from tests.counties.pair import OTHERWISE, ROLES, Pair, standing_pair, world_of
from tests.proofs.asking import answers, differences, numbered
from tests.proofs.doors import LEAVING, doors
from tests.proofs.ground import undone
from tests.proofs.leaks import Leak, Leaking, in_a_header, in_the_page
from tests.proofs.wire import Answer, Asked, Wire

_SHORT = re.compile(rb"<code>[0-9a-f]{8}</code>")
Heard = list[tuple[Asked, Answer]]
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


@pytest.mark.parametrize("otherwise", OTHERWISE)
def test_no_page_tells_a_board_what_is_otherwise_at_another_that_it_is_matched_with(
    app: Litestar, sessions: Sessions, otherwise: str
) -> None:
    """S07, S29, S39: for its worker, manager, administrator and officer, as guest in a home and as host of one."""
    pair = standing_pair(sessions)
    with Wire(app) as wire:
        plain, other = (_heard(app, wire, pair, world) for world in ("plain", otherwise))

    opened = {asked.address.split("/")[1] for asked, answer in plain if answer.status == 200}
    assert {"cases", "placements", "homes", "agreements", "county-runs", "overview", "log", "users"} <= opened
    assert {str(asked) for asked, answer in plain if answer.status >= 500} == set()
    found = [str(one) for one in differences(plain, other)]
    assert found == []


@pytest.mark.parametrize(("kind", "otherwise"), [(next(iter(LEAKS)), "more of them"), ([*LEAKS][1], "another order")])
def test_a_leak_between_boards_is_noticed(app: Litestar, sessions: Sessions, kind: str, otherwise: str) -> None:
    """S39: the same comparison, on an application that tells one thing too much."""
    pair, leak = standing_pair(sessions), LEAKS[kind]
    with Wire(Leaking(app, sessions, leak)) as wire:
        plain, other = (_heard(app, wire, pair, world, leak.where) for world in ("plain", otherwise))

    found = list(differences(plain, other))
    assert found
    assert all(leak.where.match(one.asked.address) for one in found)


def _heard(app: Litestar, wire: Wire, pair: Pair, otherwise: str, where: re.Pattern[str] = re.compile("")) -> Heard:
    """Give what every page answers in one world; ids that are drawn in it are numbered as they appear."""
    heard: Heard = []
    known = frozenset(str(one) for ids in pair.others.values() for one in ids)
    drawn: dict[bytes, bytes] = {}
    with world_of(pair, otherwise) as ids:
        for role in ROLES:
            for asked in _pages(app, role, ids):
                if where.match(asked.address):
                    with undone(pair.county.first.sessions):
                        heard += answers(wire, [asked], role.value)
    return [(asked, numbered(_without_short_ids(answer), known, drawn)) for asked, answer in heard]


def _without_short_ids(answer: Answer) -> Answer:
    """Leave out the beginnings of ids that the log shows: those of what a world has drawn for itself."""
    return replace(answer, body=_SHORT.sub(b"<code></code>", answer.body))


def _pages(app: Litestar, role: Role, ids: dict[str, list[UUID]]) -> list[Asked]:
    """Give every page of a role's, with everything that its address may name."""
    mine = [one for one in doors(app) if one.method == "GET" and one.path not in LEAVING]
    mine = [one for one in mine if one.roles is None or role in one.roles]
    return [Asked("GET", address) for door in mine for address in door.addresses(ids)]
