"""How long cases are kept, and how they go: by the board's decision, by two, and whole (S12, S24, I17)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import Session, col, select

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation
from bostad.audit.tables import AuditRow
from bostad.audit.verifying import broken_at
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.keeping.answers import Decision
from bostad.keeping.clearing import clear_approved, rows_of
from bostad.keeping.extract import as_data, take_extract
from bostad.keeping.figures import Year, years_of
from bostad.keeping.pages import keeping_page
from bostad.keeping.rules import Finding, Kept
from bostad.keeping.service import answer_kept, approve, propose, record_decision, refuse
from bostad.keeping.tables import Deletion, PreservationArea, RetentionLine
from bostad.monitoring.pages import overview
from bostad.needs.tables import AvoidArea, Case, Need
from bostad.outbox.tables import Message
from bostad.placements.tables import Placement
from bostad.sealing.tables import HouseholdKey
from bostad.zones.logins import Login
from tests.factories import NOON, AvoidAreaFactory, UserFactory, actor
from tests.keeping.conftest import LATER, Town
from tests.roles import in_role


def deleted(town: Town, case_id: UUID) -> UUID:
    """Let a case go the whole way, and give the deletion."""
    town.review()
    deletion_id = propose(town.sessions, town.world.unit_id, by=town.manager, at=LATER)
    approve(town.sessions, deletion_id, by=town.officer, at=LATER)
    assert clear_approved(in_role(town.sessions, Login.WORKER), deletion_id, at=LATER) == 1
    return deletion_id


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


def test_who_proposes_does_not_approve(town: Town) -> None:
    """S24: two persons, in the service and in the database."""
    town.decide()
    town.moved_in()
    town.review()
    deletion_id = propose(town.sessions, town.world.unit_id, by=town.manager, at=LATER)

    with pytest.raises(NotAllowed):
        approve(town.sessions, deletion_id, by=town.manager, at=LATER)
    with town.sessions() as db:
        db.get_one(Deletion, deletion_id).approved_by = town.manager.id
        db.get_one(Deletion, deletion_id).decided_at = LATER
        with pytest.raises(IntegrityError, match="decided_by_another"):
            db.flush()


def test_only_the_units_manager_and_the_officer_have_a_say(town: Town) -> None:
    town.decide()
    town.moved_in()
    town.review()
    with town.world.writing():
        other_manager = actor(
            UserFactory(organisation_id=town.world.board.id, organisation=None, role=Role.UNIT_MANAGER)
        )
        elsewhere = actor(UserFactory(role=Role.DATA_PROTECTION_OFFICER))
    for other in (other_manager, elsewhere, town.world.worker, town.world.staff):
        with pytest.raises((Missing, OutOfStep)):
            propose(town.sessions, town.world.unit_id, by=other, at=LATER)
    deletion_id = propose(town.sessions, town.world.unit_id, by=town.officer, at=LATER)
    for other in (other_manager, elsewhere, town.world.worker, town.world.staff):
        with pytest.raises(Missing):
            approve(town.sessions, deletion_id, by=other, at=LATER)
    approve(town.sessions, deletion_id, by=town.manager, at=LATER)


def test_what_is_refused_stays_and_can_be_proposed_again(town: Town) -> None:
    town.decide()
    case_id = town.moved_in()
    town.review()
    deletion_id = propose(town.sessions, town.world.unit_id, by=town.manager, at=LATER)
    with pytest.raises(OutOfStep):
        propose(town.sessions, town.world.unit_id, by=town.officer, at=LATER)
    refuse(town.sessions, deletion_id, by=town.officer, at=LATER)

    assert clear_approved(town.sessions, deletion_id, at=LATER) == 0
    with town.sessions() as db:
        assert db.get(Case, case_id) is not None
    propose(town.sessions, town.world.unit_id, by=town.officer, at=LATER)


def test_approval_asks_the_worker(town: Town, rows: Session) -> None:
    town.decide()
    town.moved_in()
    town.review()
    deletion_id = propose(town.sessions, town.world.unit_id, by=town.manager, at=LATER)
    approve(town.sessions, deletion_id, by=town.officer, at=LATER)

    assert rows.exec(select(Message.key).where(Message.kind == "keeping.clear")).all() == [str(deletion_id)]


def test_deletion_is_complete_and_the_log_holds_after_it(town: Town, rows: Session) -> None:
    """I17, S12: not one row of the case is left in any table but the log and the proof, and its key is destroyed."""
    town.decide()
    case_id = town.moved_in()
    belonging = {table.name: set(ids) for table, ids in rows_of(rows, case_id).items()}
    ids = {str(one) for found in belonging.values() for one in found}
    rows.rollback()
    assert {"case_", "need", "household_key", "consent", "card", "placement", "placement_event"} <= belonging.keys()

    deletion_id = deleted(town, case_id)

    left = {
        table: [
            row for row in rows.execute(text(f"select t::text from {table} t")).scalars() if any(i in row for i in ids)
        ]
        for table in _tables(rows)
    }
    assert {table for table, found in left.items() if found} <= PSEUDONYMS
    assert rows.get(HouseholdKey, case_id) is None
    assert rows.get_one(Deletion, deletion_id).done_at == LATER
    assert broken_at(town.sessions) is None


PSEUDONYMS = {"audit_row", "retention_line", "message", "run_record"}
"""Where a random id may outlive what it named: the log, the proof, done work, and a run's plan until it is forgotten.

What a run was told of the household is sealed in its record with the household's own key, which is gone.
"""


def test_no_table_is_cleared_by_accident(town: Town, rows: Session) -> None:
    """A new table that refers to what belongs to a case goes with it: say so here, or give it no such reference."""
    from sqlmodel import SQLModel

    belongs = {"case_"}
    for table in SQLModel.metadata.sorted_tables:
        if any(foreign.column.table.name in belongs for foreign in table.foreign_keys):
            belongs.add(table.name)
    assert belongs == CLEARED


CLEARED = {
    "case_", "household_key", "deputy", "need", "avoid_area", "blocked_company", "shelter_stay", "consent", "card",
    "placement", "placement_event", "never_again", "why_not", "kept_apart", "what_if", "disclosure_request",
    "excluded_staff", "acknowledgement", "emergency_opening",
}  # fmt: skip


def test_a_deletion_that_was_cut_short_goes_on_where_it_stopped(town: Town) -> None:
    town.decide()
    cases = [town.moved_in() for _ in range(1)]
    assert town.review() == 1
    deletion_id = propose(town.sessions, town.world.unit_id, by=town.manager, at=LATER)
    approve(town.sessions, deletion_id, by=town.officer, at=LATER)

    assert clear_approved(town.sessions, deletion_id, at=LATER) == 1
    assert clear_approved(town.sessions, deletion_id, at=LATER + timedelta(hours=1)) == 0
    with town.sessions() as db:
        assert db.get_one(Deletion, deletion_id).done_at == LATER
        assert db.get(Case, cases[0]) is None


def test_a_case_that_is_held_after_the_approval_stays(town: Town) -> None:
    town.decide()
    case_id = town.moved_in()
    town.review()
    deletion_id = propose(town.sessions, town.world.unit_id, by=town.manager, at=LATER)
    approve(town.sessions, deletion_id, by=town.officer, at=LATER)
    answer_kept(town.sessions, case_id, kept=True, by=town.world.worker, at=LATER)

    assert clear_approved(town.sessions, deletion_id, at=LATER) == 0
    with town.sessions() as db:
        assert db.get_one(Case, case_id).case_number
    assert town.finding(case_id) is Finding.KEPT


def test_figures_stand_when_their_cases_are_gone(town: Town) -> None:
    """Totals computed from cleared cases live on, and the pages of waiting show what they showed."""
    town.decide()
    case_id = town.moved_in()
    before = (_years(town), overview(town.sessions, by=town.manager, at=LATER).ended)
    assert before[0][0].moved_in == 1

    deleted(town, case_id)

    assert (_years(town), overview(town.sessions, by=town.manager, at=LATER).ended) == before


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


def test_the_social_role_itself_cannot_approve_alone_or_mark_a_case_as_cleared(town: Town) -> None:
    """S24, S27: raw SQL in the role of the social side's pages."""
    social = in_role(town.sessions, Login.SOCIAL)
    for statement in (
        "insert into deletion (id, proposed_by, approved_by) values (gen_random_uuid(), who_user(), who_user())",
        "update deletion set proposed_by = gen_random_uuid()",
        "update deletion set done_at = now()",
        "update retention_line set cleared_at = now()",
        "delete from household_key",
        "delete from deletion",
    ):
        with social() as db, pytest.raises(ProgrammingError, match="permission denied"):
            db.execute(text(statement))


def _years(town: Town) -> tuple[Year, ...]:
    with town.sessions() as db:
        return years_of(db, town.world.unit_id)


def _tables(rows: Session) -> list[str]:
    found = text("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")
    return list(rows.execute(found).scalars())


def test_the_worker_finds_no_placement_of_a_cleared_case(town: Town, rows: Session) -> None:
    town.decide()
    deleted(town, town.moved_in())

    assert rows.exec(select(Placement)).all() == []
    assert rows.exec(select(AvoidArea)).all() == []
