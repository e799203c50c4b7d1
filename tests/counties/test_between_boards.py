"""What boards that are matched together learn of each other: in SQL, and in what a run says to each."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from bostad.accounts.tables import User
from bostad.counties.service import leave_run
from bostad.needs.household import Risk
from bostad.placements import service
from bostad.placements.asking import OtherAnswer, ask_other_answer, question_page
from bostad.placements.case_pages import case_screen
from bostad.placements.lists import free_homes, open_under
from bostad.placements.tables import EmptyHomeFigure, WhyNot
from bostad.records import Sessions
from tests.counties.conftest import County, Known, joined
from tests.factories import NOON, LineFactory
from tests.worlds import World

OF_THE_CASE = ("case_", "need", "consent", "card", "placement", "placement_event", "why_not", "empty_home_figure")


def ids(way: Sessions, table: str) -> set[Any]:
    with way() as db:
        return set(db.execute(text(f"select id from {table}")).scalars())


def refused(way: Sessions, statement: str) -> bool:
    try:
        with way() as db:
            touched: Any = db.execute(text(statement))
            db.rollback()
            return bool(touched.rowcount == 0)
    except ProgrammingError:
        return True


def released_across(county: County) -> Any:
    need, home = county.need(county.first, county.second), county.second.home()
    county.first.run()
    placement = county.first.placement_of(need)
    assert placement is not None
    service.release(county.first.sessions, placement.id, by=county.first.worker, at=NOON)
    return placement, home


def test_no_board_finds_anothers_cases_and_a_guest_finds_the_home_alone(county: County, known: Known) -> None:
    """S29, S31: raw SQL in each board's session, with a home of one promised to a household of the other."""
    _, home = released_across(county)
    county.second.home()
    guest, host = known(county.first.worker_user), known(county.second.worker_user)
    for table in OF_THE_CASE:
        assert ids(guest, table).isdisjoint(ids(host, table)), table
    assert ids(guest, "home") == {home.id}
    assert ids(guest, "agreement") == {county.first.agreement.id, county.second.agreement.id}
    with guest() as db:
        assert db.execute(text("select count(*) from line_month")).scalar_one() == 1
    assert len(ids(host, "home")) == 2


def test_a_guest_finds_the_line_her_home_is_under_and_no_other_of_that_agreement(county: County, known: Known) -> None:
    """S31: raw SQL; what the other board has agreed for other households is nothing of hers."""
    with county.second.writing():
        other = LineFactory(agreement=county.second.agreement)
    released_across(county)
    guest, host = known(county.first.worker_user), known(county.second.worker_user)
    assert ids(guest, "quota_line") == {county.first.line.id, county.second.line.id}
    assert ids(host, "quota_line") == {county.second.line.id, other.id}


@pytest.mark.parametrize(
    "forbidden",
    [
        "update agreement set name = 'x' where board_id <> (select who_organisation())",
        "update quota_line set per_month = 9 where per_month = 1",
        "select problem from run_record",
        "select input_hash from matching_run",
        "select lead_id from matching_run",
    ],
)
def test_what_a_guest_must_not_do_she_cannot(county: County, known: Known, forbidden: str) -> None:
    """S34: nor does anybody read what a run kept of several boards."""
    released_across(county)
    assert refused(known(county.first.worker_user), forbidden)


def test_a_board_asks_for_itself_alone_whom_it_is_matched_with(county: County, known: Known) -> None:
    """S31: another board's partners are not told, whatever is asked."""
    asked = {"first": county.first.board.id, "second": county.second.board.id}
    query = "select cardinality(boards_together(:first, current_date)), cardinality(partners_together(:second))"
    with known(county.first.worker_user)() as db:
        assert tuple(db.execute(text(query), asked).one()) == (2, 0)


def test_a_board_that_has_left_and_one_that_never_joined_find_nothing_new(county: County, known: Known) -> None:
    guest, stranger = known(county.first.worker_user), known(county.apart.worker_user)
    leave_run(county.first.sessions, county.run_id, by=county.manager(county.first), at=NOON)
    county.second.home()
    for way in (guest, stranger):
        assert ids(way, "home") == set()
        assert len(ids(way, "agreement")) == 1
    with stranger() as db:
        assert db.execute(text("select count(*) from county_member")).scalar_one() == 0


def test_a_host_sees_that_its_home_is_in_use_and_neither_stage_nor_whose(county: County, known: Known) -> None:
    _, home = released_across(county)
    manager = county.manager(county.second)
    with county.second.sessions() as db:
        user = db.get_one(User, manager.id)
    way = known(user)
    (said,) = open_under(way, county.second.agreement.id, by=manager)
    assert home.object_number in str(said)
    assert "another board" in str(said)
    need = county.second.need()
    free = free_homes(known(county.second.worker_user), need.case_id, by=county.second.worker, at=NOON)
    assert home.id not in {one.home.id for one in free.homes}


@pytest.mark.parametrize("others", [{"risk": Risk.ACUTE}, {"risk": Risk.HIGH, "rent_max": 8_000, "wish": ["balcony"]}])
def test_what_is_said_to_a_board_does_not_depend_on_who_the_others_are(
    sessions: Sessions, others: dict[str, object]
) -> None:
    """S07: worlds that differ in the other board's needs alone, with the same outcome, say the same to the byte."""
    assert said_with(sessions, {"risk": Risk.ACUTE}, 1) == said_with(sessions, others, 1)
    assert said_with(sessions, {"risk": Risk.ACUTE}, 1) == said_with(sessions, others, 4)


def said_with(sessions: Sessions, others: dict[str, object], number: int) -> list[Any]:
    """Give what a run says to the first board, where households of the second come before its own."""
    county = joined(sessions)
    mine, home = county.first.need(risk=Risk.STANDARD), county.first.home()
    for _ in range(number):
        county.need(county.second, county.first, **others)
    county.first.run()
    assert county.first.placement_of(mine) is None
    with sessions() as db:
        why = db.exec(select(WhyNot).where(WhyNot.need_id == mine.id)).one()
        figures = db.exec(select(EmptyHomeFigure).where(EmptyHomeFigure.board_id == county.first.board.id)).all()
    outcome = case_screen(sessions, mine.case_id, by=county.first.worker, at=NOON).outcome
    (seen,) = why.homes
    assert seen == {"home": str(home.id), "because": "together", "hers": None}
    return [why.reason, why.detail, [str(one.sentences) for one in outcome.homes], str(outcome.refusal), len(figures)]


def test_a_question_of_what_if_counts_ones_own_board_alone(county: County) -> None:
    first: World = county.first
    mine, _ = county.need(first, county.second, rent_max=5_000), county.second.home()
    county.need(county.second, county.second, consent=False)
    first.run()
    asked = ask_other_answer(first.sessions, mine.case_id, OtherAnswer(rent_max=9_000), by=first.worker, at=NOON)
    first.work()
    page = question_page(first.sessions, asked, by=first.worker, at=NOON)
    assert (page.answer["gains"], page.answer["loses"], page.answer["moves"]) == (0, 0, 0)
    assert page.answer["together"]
    assert page.home is None
