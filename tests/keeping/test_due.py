"""How long cases are kept: the board's decision and the law, what holds a case, and the extract taken first."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.keeping.answers import Decision
from bostad.keeping.extract import as_data, take_extract
from bostad.keeping.pages import keeping_page
from bostad.keeping.rules import Finding, Kept
from bostad.keeping.service import propose, record_decision
from bostad.keeping.tables import PreservationArea, RetentionLine
from bostad.needs.tables import Case, Need
from tests.factories import NOON, AvoidAreaFactory, UserFactory, actor
from tests.keeping.conftest import LATER, Town


def test_without_a_decision_of_the_board_nothing_is_ever_due(town: Town) -> None:
    case_id = town.moved_in()

    assert town.review(at=LATER + timedelta(days=30_000)) == 0
    assert town.finding(case_id) is Finding.NO_DECISION
    with pytest.raises(OutOfStep):
        propose(town.sessions, town.world.unit_id, by=town.manager, at=LATER)


def test_a_case_is_due_so_many_years_after_its_last_note(town: Town) -> None:
    case_id = town.moved_in()
    town.decide()

    town.review(at=NOON + timedelta(days=5 * 365))
    assert town.finding(case_id) is Finding.NOT_YET
    town.review()
    assert town.finding(case_id) is Finding.DUE


def test_a_case_that_goes_on_is_never_looked_at(town: Town) -> None:
    town.world.need()
    town.decide()

    assert town.review() == 0
    with town.sessions() as db:
        assert db.exec(select(RetentionLine)).all() == []


@pytest.mark.parametrize("code", ["0580", "0980", "2281", "1480"])
def test_where_the_law_keeps_everything_nothing_is_due_and_no_other_decision_can_be_recorded(
    town: Town, code: str
) -> None:
    """Östergötland, Gotland, Västernorrland and Göteborg; a hard-coded five years would be unlawful there."""
    case_id = town.moved_in()
    town.decide()
    with town.sessions.begin() as db:
        db.get_one(Organisation, town.world.board.id).municipality = code

    town.review()
    assert town.finding(case_id) is Finding.PRESERVED
    with pytest.raises(Invalid) as refusal:
        town.decide(Kept.RESEARCH)
    assert set(refusal.value.fields) == {"kept"}


def test_where_the_law_keeps_everything_is_data(town: Town) -> None:
    case_id = town.moved_in()
    town.decide()
    with town.sessions.begin() as db:
        row = PreservationArea(code="99", name="Provlän", reference="En ny förordning", valid_from=date(2027, 1, 1))
        db.add(row)
    town.review()
    assert town.finding(case_id) is Finding.PRESERVED
    with town.sessions.begin() as db:
        db.execute(
            update(PreservationArea).where(col(PreservationArea.code) == "99").values(valid_until=date(2028, 1, 1))
        )
    town.review()
    assert town.finding(case_id) is Finding.DUE


def test_for_research_the_worker_answers_and_no_date_of_birth_is_asked_for(town: Town) -> None:
    case_id = town.moved_in()
    town.decide(Kept.RESEARCH)

    for kept, found in ((None, Finding.UNANSWERED), (True, Finding.KEPT), (False, Finding.DUE)):
        if kept is not None:
            town.answered(case_id, kept=kept)
        town.review()
        assert town.finding(case_id) is found


def test_an_extract_comes_first_where_the_board_says_so_and_a_later_note_asks_for_another(town: Town) -> None:
    case_id = town.moved_in()
    town.decide(extract_first=True)
    town.review()
    assert town.finding(case_id) is Finding.NO_EXTRACT

    take_extract(town.sessions, case_id, by=town.world.worker, at=NOON + timedelta(days=1))
    town.review()
    assert town.finding(case_id) is Finding.DUE


def test_an_extract_holds_the_whole_case_and_is_written_in_the_log(town: Town, rows: Session) -> None:
    case_id = town.moved_in()
    with town.world.writing():
        AvoidAreaFactory(need=rows.exec(select(Need).where(Need.case_id == case_id)).one(), name="Hamnen")

    extract = take_extract(town.sessions, case_id, by=town.manager, at=NOON)

    data = str(as_data(extract))
    for said in (extract.case_number, "Hamnen", town.world.company.name, "Record the move-in", "2026-11-21"):
        assert said in data
    assert extract.placements[0].moved_in_on == NOON.date()
    assert len(extract.consents[0].shown) == 1, "the card that was shown"
    row = rows.exec(select(AuditRow).where(AuditRow.action == "case.extracted")).one()
    assert (row.actor_id, row.case_id) == (town.manager.id, case_id)
    assert extract.case_number not in str(row.facts)


def test_a_stranger_takes_no_extract(town: Town) -> None:
    """S06: the other side, a colleague and another board's people find nothing."""
    case_id = town.moved_in()
    with town.world.writing():
        colleague = actor(UserFactory(organisation_id=town.world.board.id, organisation=None))
        stranger = actor(UserFactory(role=Role.UNIT_MANAGER))
    for other in (colleague, stranger, town.world.staff, town.officer):
        with pytest.raises(Missing):
            take_extract(town.sessions, case_id, by=other, at=NOON)


def test_the_preview_says_how_many_by_number_and_why(town: Town) -> None:
    town.decide(Kept.RESEARCH)
    case_id = town.moved_in()
    town.review()
    with town.sessions() as db:
        number = db.get_one(Case, case_id).case_number

    for person in (town.manager, town.officer):
        page = keeping_page(town.sessions, by=person, at=LATER)
        unit = next(unit for unit in page.units if unit.id == town.world.unit_id)
        assert unit.counts == ((Finding.UNANSWERED, 1),)
        assert [(line.case_number, line.finding) for line in unit.lines] == [(number, Finding.UNANSWERED)]
    with pytest.raises(NotAllowed):
        keeping_page(town.sessions, by=town.world.worker, at=LATER)


def test_a_decision_from_a_day_that_has_one_is_refused(town: Town) -> None:
    town.decide()
    with pytest.raises(Invalid):
        town.decide()
    decision = Decision(valid_from=date(2027, 1, 1), years=7, kept=Kept.NOTHING, reference="SN 2027/1")
    with pytest.raises(NotAllowed):
        record_decision(town.sessions, decision, by=town.officer, at=NOON)
