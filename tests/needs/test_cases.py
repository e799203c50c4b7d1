"""A case from its number to its end: what may be done when, and what follows from it."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, NotAllowed, OutOfStep
from bostad.needs.answers import HomeNeeded, Household, Priority, SectionAnswers
from bostad.needs.case_answers import NewCase
from bostad.needs.pages import case_page
from bostad.needs.service import open_need, resume_need, save_section, start_case, take_part
from bostad.needs.states import ClosedBecause, NeedState, Section, SectionState
from bostad.needs.tables import Case
from bostad.outbox.tables import Message
from bostad.placements.endings import close_case, pause_need
from bostad.protection.searching import find_case
from bostad.records import Sessions
from tests.factories import NOON, TODAY
from tests.needs.conftest import Around
from tests.needs.steps import HOME, HOUSEHOLD, fill_in, need_of, open_up

NUMBER = NewCase(case_number="9901-2026-0500")


def test_a_new_case_is_its_workers_own_and_its_need_a_draft(sessions: Sessions, around: Around, case_id: UUID) -> None:
    page = case_page(sessions, case_id, by=around.worker, on=TODAY)

    assert (page.case_number, page.state, page.is_worker) == ("9901-2026-0500", NeedState.DRAFT, True)
    assert {task.state for task in page.tasks} == {SectionState.NOT_STARTED, SectionState.CANNOT_START}


def test_a_taken_case_number_is_refused_without_telling_whose_it_is(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    with pytest.raises(Invalid) as refusal:
        start_case(sessions, NUMBER, by=around.teammate, at=NOON)

    sentence = str(refusal.value.fields["case_number"])
    assert around.worker.name not in sentence
    with pytest.raises(Invalid) as own:
        start_case(sessions, NUMBER, by=around.worker, at=NOON)
    assert str(own.value.fields["case_number"]) == sentence


def test_another_board_may_use_the_same_number(sessions: Sessions, around: Around, case_id: UUID) -> None:
    assert start_case(sessions, NUMBER, by=around.stranger, at=NOON) != case_id


def test_only_social_workers_register_cases(sessions: Sessions, around: Around) -> None:
    for person in (around.manager, around.housing, around.administrator):
        with pytest.raises(NotAllowed):
            start_case(sessions, NUMBER, by=person, at=NOON)


def test_sections_are_filled_in_in_any_order_and_kept(sessions: Sessions, around: Around, case_id: UUID) -> None:
    """U23."""
    fill_in(sessions, case_id, around.worker)

    need = need_of(sessions, case_id)
    assert need.sections_done == [section.value for section in Section], "in the order of the task list all the same"
    assert (need.adults, need.child_ages, need.rent_max, need.contracts) == (1, [2, 4], 9_400, ["social"])
    assert (need.must, need.wish) == (["above_ground_floor", "step_free"], ["balcony"])


def test_a_need_opens_when_every_section_is_done_and_not_before(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    save_section(sessions, case_id, HOME, version=1, by=around.worker, at=NOON)
    with pytest.raises(Invalid) as refusal:
        open_need(sessions, case_id, opted_in=True, by=around.worker, at=NOON)
    assert set(refusal.value.fields) == {section.value for section in Section} - {"home"}

    open_up(sessions, case_id, around.worker)
    assert need_of(sessions, case_id).state is NeedState.OPEN
    with pytest.raises(OutOfStep):
        open_need(sessions, case_id, opted_in=True, by=around.worker, at=NOON)


def test_a_draft_asks_for_no_run_and_an_open_need_for_one(
    sessions: Sessions, rows: Session, around: Around, case_id: UUID
) -> None:
    fill_in(sessions, case_id, around.worker)
    assert rows.exec(select(Message)).all() == []

    open_need(sessions, case_id, opted_in=True, by=around.worker, at=NOON)

    messages = rows.exec(select(Message.kind, Message.key)).all()
    assert messages == [("matching.run", str(around.board_id))]


def test_a_change_of_an_open_need_counts_and_an_older_page_does_not_overwrite_it(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    """I09."""
    open_up(sessions, case_id, around.worker)
    dearer = HomeNeeded.model_validate({"rent_max": "10000", "municipalities": "9901"})

    save_section(sessions, case_id, dearer, version=1, by=around.worker, at=NOON)
    with pytest.raises(Invalid) as refusal:
        save_section(sessions, case_id, HOME, version=1, by=around.worker, at=NOON)

    assert set(refusal.value.fields) == {"version"}
    assert (need_of(sessions, case_id).version, need_of(sessions, case_id).rent_max) == (2, 10_000)


def test_days_to_come_are_refused_where_only_past_ones_make_sense(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    tomorrow = "2026-11-22"
    waiting = {"risk": "high", "waiting_since": tomorrow, "target_group": "social"}
    late: list[tuple[SectionAnswers, str]] = [
        (Household.model_validate({"adults": "1", "ages_true_on": tomorrow}), "ages_true_on"),
        (Priority.model_validate(waiting), "waiting_since"),
    ]
    for answers, field in late:
        with pytest.raises(Invalid) as refusal:
            save_section(sessions, case_id, answers, version=1, by=around.worker, at=NOON)
        assert set(refusal.value.fields) == {field}


def test_a_need_is_paused_resumed_and_taken_out_of_joint_matching(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    open_up(sessions, case_id, around.worker)

    pause_need(sessions, case_id, by=around.worker, at=NOON)
    assert need_of(sessions, case_id).state is NeedState.PAUSED
    with pytest.raises(OutOfStep):
        pause_need(sessions, case_id, by=around.worker, at=NOON)
    resume_need(sessions, case_id, by=around.worker, at=NOON)
    with pytest.raises(OutOfStep):
        resume_need(sessions, case_id, by=around.worker, at=NOON)
    take_part(sessions, case_id, opted_in=False, by=around.worker, at=NOON)

    need = need_of(sessions, case_id)
    assert (need.state, need.opted_in, need.version) == (NeedState.OPEN, False, 4)


def test_a_closed_case_can_be_read_and_found_but_not_changed(sessions: Sessions, around: Around, case_id: UUID) -> None:
    close_case(sessions, case_id, ClosedBecause.WITHDREW, by=around.worker, at=NOON)

    page = case_page(sessions, case_id, by=around.worker, on=TODAY)
    assert (page.state, page.closed_because, page.can_change) == (NeedState.CLOSED, ClosedBecause.WITHDREW, False)
    assert find_case(sessions, " 9901-2026-0500 ", by=around.worker, at=NOON) == case_id
    with pytest.raises(OutOfStep):
        save_section(sessions, case_id, HOUSEHOLD, version=1, by=around.worker, at=NOON)
    with pytest.raises(OutOfStep):
        close_case(sessions, case_id, ClosedBecause.MOVED, by=around.worker, at=NOON)


def test_a_case_is_found_by_its_exact_number_and_nothing_less(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    """SoLPUF 15 §: the case number is the only search key."""
    assert find_case(sessions, "9901-2026-0500", by=around.worker, at=NOON) == case_id
    for wrong in ("9901-2026", "9901-2026-050%", "", "9901-2026-0501"):
        with pytest.raises(Invalid):
            find_case(sessions, wrong, by=around.worker, at=NOON)
    with pytest.raises(Invalid):
        find_case(sessions, "9901-2026-0500", by=around.teammate, at=NOON)


def test_every_change_leaves_one_audit_row_that_holds_no_answers(
    sessions: Sessions, rows: Session, around: Around, case_id: UUID
) -> None:
    """I06."""
    save_section(sessions, case_id, HOME, version=1, by=around.worker, at=NOON)

    row = rows.exec(select(AuditRow).where(AuditRow.action == "need.saved")).one()
    assert (row.actor_id, row.facts) == (around.worker.id, {"section": "home", "version": 1})
    assert rows.get_one(Case, case_id).case_number not in str(row.facts)
