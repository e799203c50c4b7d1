"""Two worlds that agree on what a company has been told, and in nothing else, answer that company alike (S39)."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime

import pytest
from litestar import Litestar

from bostad.accounts.access import Role
from bostad.records import Sessions
from tests.proofs.asking import Difference, Heard, after, answers, differences, questions
from tests.proofs.conftest import Count
from tests.proofs.draw import Draw
from tests.proofs.ground import ADMIN, STAFF, standing_world, stop_the_clock, undone
from tests.proofs.leaks import LEAKS, Leak, Leaking
from tests.proofs.released import released
from tests.proofs.wire import Asked, Wire

PAIRS = int(os.environ.get("BOSTAD_PROOF_PAIRS", "20"))
FIRST = int(os.environ.get("BOSTAD_PROOF_SEED", "1"))
OTHERS = 20 if PAIRS >= 1_000 else 8
"""How many other worlds each first one is held against."""
PEOPLE = ((Role.HOUSING_STAFF, STAFF), (Role.ADMINISTRATOR, ADMIN))

Asking = tuple[list[Asked], list[Asked], Role, str]
"""The pages that a person asks for, the changes she tries, who she is, and her token."""


@pytest.mark.parametrize("seed", range(FIRST, FIRST + max(1, PAIRS // OTHERS)))
def test_a_company_cannot_tell_two_worlds_apart_that_differ_in_what_it_was_not_told(
    app: Litestar, sessions: Sessions, seed: int, count: Count
) -> None:
    """S39, S05, S06, S42: status, headers in order, every byte of the body, on every door there is.

    ASVS V8.2.3, V15.3.1.
    """
    at = stop_the_clock(sessions)
    known = released(seed, at)
    asked = [(*questions(app, known, role, Draw(f"asking {seed} {role}")), role, token) for role, token in PEOPLE]
    with Wire(app) as wire:
        worlds = [_told(wire, sessions, asked, (seed, hidden), at) for hidden in range(OTHERS + 1)]

    assert any(answer.status == 200 for _, answer in worlds[0])
    assert {str(asked) for asked, answer in worlds[0] if answer.status >= 500} == set()
    found = [one for world in worlds[1:] for one in differences(worlds[0], world)]
    count("pairs of worlds", OTHERS)
    count("answers compared", sum(map(len, worlds[1:])))
    assert [str(one) for one in found] == []


def _told(wire: Wire, sessions: Sessions, asked: Iterable[Asking], drawn: tuple[int, int], at: datetime) -> Heard:
    """Give all that the company's people hear in one world."""
    seed, hidden = drawn
    heard: Heard = []
    with standing_world(sessions, seed, hidden * 1_000_003 + seed, at) as world:
        for pages, changes, role, token in asked:
            heard += answers(wire, pages, token)
            for change in changes:
                with undone(sessions):
                    heard += after(wire, change, world.ids, role, token)
    return heard


@pytest.mark.parametrize("kind", LEAKS)
def test_a_leak_of_each_kind_is_noticed(app: Litestar, sessions: Sessions, kind: str) -> None:
    """S39: the same comparison, on an application that tells one thing too much."""
    leak, at = LEAKS[kind], stop_the_clock(sessions)
    with Wire(Leaking(app, sessions, leak)) as wire:
        found = next(_noticed(wire, app, sessions, leak, at), None)

    assert found is not None, "a dozen pairs of worlds did not show it"
    assert leak.where.match(found.asked.address.partition("?")[0])


def _noticed(wire: Wire, app: Litestar, sessions: Sessions, leak: Leak, at: datetime) -> Iterator[Difference]:
    """Hold pairs of worlds against each other on the pages where a leak is."""
    for seed in range(FIRST, FIRST + 12):
        pages, _ = questions(app, released(seed, at), Role.HOUSING_STAFF, Draw(f"asking {seed}"))
        mine = [asked for asked in pages if leak.where.match(asked.address)]
        told = []
        for hidden in (seed, seed + 1_000_003):
            with standing_world(sessions, seed, hidden, at):
                told.append(answers(wire, mine, STAFF))
        yield from differences(*told)
