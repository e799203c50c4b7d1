"""What the case says after a run: what could have housed them, what stood between, and how far a run has come."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import select

from bostad.accounts.tables import User
from bostad.needs.household import Risk
from bostad.placements.case_pages import case_screen
from bostad.placements.outcomes import News, news_of
from bostad.placements.proposing import run_matching
from bostad.placements.run_states import RunStage
from bostad.placements.tables import MatchingRun, WhyNot
from tests.browsing import Browser, words
from tests.factories import NOON
from tests.worlds import World

Browse = Callable[[User | None], Browser]


def test_a_home_that_went_to_somebody_before_in_the_order_is_named_and_she_is_not(world: World) -> None:
    """S42: the home and what stood between, never who."""
    first, waits, home = world.need(risk=Risk.ACUTE), world.need(), world.home()
    world.run()
    found = case_screen(world.sessions, waits.case_id, by=world.worker, at=NOON).outcome
    assert [one.id for one in found.homes] == [home.id]
    with world.sessions() as db:
        stored = str(db.exec(select(WhyNot)).one().model_dump())
    assert str(first.id) not in stored
    assert str(first.case_id) not in stored


def test_a_home_that_one_rule_keeps_away_is_named_with_the_rule(world: World) -> None:
    need, dear, small = world.need(rent_max=5_000, rooms_min=2), world.home(rent=6_000), world.home(rooms=1, rent=4_000)
    world.run()
    found = case_screen(world.sessions, need.case_id, by=world.worker, at=NOON).outcome
    said = {one.id: " ".join(str(sentence) for sentence in one.sentences) for one in found.homes}
    assert "the rent is above their ceiling" in said[dear.id]
    assert "Without it the home would be theirs." in said[dear.id]
    assert "it has too few rooms" in said[small.id]


def test_what_keeps_somebody_safe_is_never_put_as_something_to_give_up(world: World) -> None:
    """U33."""
    need, home = world.need(must=["door_code"]), world.home()
    world.run()
    (one,) = case_screen(world.sessions, need.case_id, by=world.worker, at=NOON).outcome.homes
    assert one.id == home.id
    assert len(one.sentences) == 1
    assert "is missing or not known" in str(one.sentences[0])


def test_no_list_of_people_is_kept_for_a_home(world: World) -> None:
    """SoLPUF 15: reasons are reached from the need; nothing about a home names a need."""
    world.need(risk=Risk.ACUTE)
    waits = world.need(waiting_since=date(2026, 10, 1))
    world.home()
    world.run()
    with world.sessions() as db:
        rows = db.exec(select(WhyNot)).all()
    assert [row.need_id for row in rows] == [waits.id]
    assert {name for row in rows for home in row.homes for name in home} == {"home", "because", "hers"}


def test_the_page_says_in_words_what_a_run_is_doing(world: World, browse: Browse) -> None:
    need = world.need()
    world.home()
    social = browse(world.worker_user)
    social.post("/me/language", locale="en")
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    heard: list[str] = []

    def look() -> float:
        heard.append(words(social.get(f"/cases/{need.case_id}/run?turn=1", headers=part)))
        return 0.0

    run_matching(world.sessions, world.board.id, at=NOON, stopwatch=look)
    for stage in RunStage:
        assert any(str(stage.label) in said for said in heard), stage
    assert news_of(world.sessions, need.case_id, by=world.worker, at=NOON) == News(coming=False, stage=None)


def test_a_run_that_broke_off_is_said_to_have_and_what_it_left_stands(world: World) -> None:
    """F11."""
    need = world.need(rent_max=1_000)
    world.home()
    world.run()

    def breaks() -> float:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_matching(world.sessions, world.board.id, at=NOON.replace(hour=13), stopwatch=breaks)
    found = case_screen(world.sessions, need.case_id, by=world.worker, at=NOON).outcome
    assert found.broke_off
    assert found.refusal is not None
    assert found.run_at == NOON
    with world.sessions() as db:
        assert db.exec(select(MatchingRun.failed_because)).all().count("ZeroDivisionError") == 1


def test_the_case_page_lists_what_could_have_been_theirs(world: World, browse: Browse) -> None:
    """U32."""
    need, home = world.need(rent_max=5_000), world.home(rent=6_000)
    world.run()
    social = browse(world.worker_user)
    social.post("/me/language", locale="en")
    page = words(social.get(f"/cases/{need.case_id}"))
    assert "1 home that could have been theirs" in page
    assert home.object_number in page
