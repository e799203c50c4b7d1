"""Unusual reading: against one's own habit, and against a limit that holds for everybody."""

from datetime import datetime, timedelta

import pytest

from bostad.audit.reading import Reading, seen
from bostad.oversight.pages import to_look_at
from bostad.oversight.unusual import FEW, MOST_CASES, Unusual, unusual, usual_of
from bostad.oversight.watching import watch_reading
from tests.factories import NOON
from tests.oversight.conftest import Watched


@pytest.mark.parametrize(
    ("reads", "cases", "usual", "found"),
    [
        (30, 1, 10, False),
        (31, 1, 10, True),
        (31, 1, None, False),
        (FEW - 1, 1, 1, False),
        (FEW, 1, 1, True),
        (MOST_CASES, MOST_CASES, None, False),
        (MOST_CASES + 1, MOST_CASES + 1, None, True),
    ],
)
def test_three_times_the_habit_or_more_than_twenty_cases_is_unusual(
    reads: int, cases: int, usual: int | None, *, found: bool
) -> None:
    """S58."""
    assert unusual(reads, cases, usual) == (Unusual(reads, cases, usual) if found else None)


def test_a_habit_takes_some_hours_to_be_known() -> None:
    assert usual_of([9, 9, 9, 9]) is None
    assert usual_of([1, 2, 3, 4, 5]) == 3
    assert usual_of([0, 0, 0, 0, 1]) == 1


def reads(watched: Watched, times: int, at: datetime) -> None:
    for number in range(times):
        reading = Reading("case.read", (f"{at} {number}",), watched.case_id)
        seen(watched.world.sessions, reading, by=watched.world.worker, at=at)


def test_an_hour_unlike_all_others_is_told_once_to_the_manager_and_the_officer(watched: Watched) -> None:
    """S58."""
    sessions = watched.world.sessions
    for day in range(1, 7):
        reads(watched, 4, NOON - timedelta(days=day))
    reads(watched, 13, NOON - timedelta(minutes=20))

    assert watch_reading(sessions, at=NOON) == 1
    assert watch_reading(sessions, at=NOON + timedelta(minutes=10)) == 0, "one alarm is enough"

    (row,) = watched.rows("reading.unusual")
    assert (row.subject_id, row.organisation_id) == (watched.world.worker.id, watched.world.board.id)
    assert row.facts == {"reads": 13, "cases": 1, "usual": 4}
    for who in (watched.manager, watched.officer):
        (line,) = to_look_at(sessions, by=watched.acting(who), at=NOON).alarms
        assert (line.who, line.reads) == (watched.world.worker.name, 13)
    assert to_look_at(sessions, by=watched.acting(watched.other_manager), at=NOON).alarms == ()
    assert to_look_at(sessions, by=watched.acting(watched.officer), at=NOON + timedelta(days=15)).alarms == ()


def test_a_managers_unusual_hour_is_told_to_the_officer_too(watched: Watched) -> None:
    """S58: what leads a unit is held to the same habit and the same limit."""
    manager = watched.acting(watched.manager)
    for number in range(MOST_CASES + 1):
        need = watched.world.need()
        reading = Reading("readers.read", (f"{number}",), need.case_id)
        seen(watched.world.sessions, reading, by=manager, at=NOON)

    assert watch_reading(watched.world.sessions, at=NOON) == 1

    (line,) = to_look_at(watched.world.sessions, by=watched.acting(watched.officer), at=NOON).alarms
    assert (line.who, line.cases) == (watched.manager.name, MOST_CASES + 1)


def test_an_ordinary_hour_alarms_nobody(watched: Watched) -> None:
    for day in range(1, 7):
        reads(watched, 4, NOON - timedelta(days=day))
    reads(watched, 12, NOON - timedelta(minutes=20))

    assert watch_reading(watched.world.sessions, at=NOON) == 0


def test_a_companys_haste_is_told_to_the_board_whose_cards_were_read(watched: Watched) -> None:
    """S58: the officer learns that it happened; the name is the company's own to say."""
    world = watched.world
    for number in range(MOST_CASES + 1):
        need = world.need(consent=False)
        reading = Reading("card.read", (f"{number}",), need.id)
        seen(world.sessions, reading, by=world.staff, at=NOON)

    assert watch_reading(world.sessions, at=NOON) == 1

    assert {row.organisation_id for row in watched.rows("reading.unusual")} == {world.board.id, world.company.id}
    (line,) = to_look_at(world.sessions, by=watched.acting(watched.officer), at=NOON).alarms
    assert (line.who, line.cases) == ("–", MOST_CASES + 1)
