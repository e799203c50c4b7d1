"""How cases go: by two, whole, and with their totals kept (S12, S24, I17)."""

import zlib
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.audit.verifying import broken_at
from bostad.errors import Missing, NotAllowed, OutOfStep
from bostad.keeping.clearing import clear_approved, rows_of
from bostad.keeping.figures import Year, years_of
from bostad.keeping.rules import Finding
from bostad.keeping.service import answer_kept, approve, propose, refuse
from bostad.keeping.tables import Deletion
from bostad.monitoring.pages import overview
from bostad.needs.tables import AvoidArea, Case
from bostad.outbox.service import post
from bostad.outbox.tables import Message
from bostad.placements.tables import Placement, RunRecord
from bostad.sealing.tables import HouseholdKey
from bostad.zones.logins import Login
from tests.factories import UserFactory, actor
from tests.keeping.conftest import LATER, Town
from tests.roles import in_role


def deleted(town: Town, case_id: UUID) -> UUID:
    """Let a case go the whole way, and give the deletion."""
    town.review()
    deletion_id = propose(town.sessions, town.world.unit_id, by=town.manager, at=LATER)
    approve(town.sessions, deletion_id, by=town.officer, at=LATER)
    assert clear_approved(in_role(town.sessions, Login.WORKER), deletion_id, at=LATER) == 1
    return deletion_id


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
    """I17, S12: its ids are left nowhere but in the log and the proof, and its key is destroyed.

    That means every table, the records of runs and done work among them, and what is packed together in a record.

    ASVS V14.2.7.
    """
    town.decide()
    case_id = town.moved_in()
    belonging = {table.name: set(ids) for table, ids in rows_of(rows, case_id).items()}
    ids = {str(one) for found in belonging.values() for one in found}
    (placement_id,) = belonging["placement"]
    post(rows, "placement.settle", key=str(placement_id), at=LATER)
    rows.commit()
    assert any(one in packed for packed in _unpacked(rows) for one in ids)
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
    assert not any(one in packed for packed in _unpacked(rows) for one in ids)
    assert rows.get(HouseholdKey, case_id) is None
    assert rows.get_one(Deletion, deletion_id).done_at == LATER
    assert broken_at(town.sessions) is None


def _unpacked(rows: Session) -> Iterator[str]:
    for record in rows.exec(select(RunRecord)).all():
        yield zlib.decompress(record.problem).decode()


PSEUDONYMS = {"audit_row", "retention_line"}
"""Where a random id outlives what it named: in the log, and in the proof that it was deleted, and by whom."""


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
