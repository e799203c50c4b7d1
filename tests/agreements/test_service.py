"""Making, changing and resting agreements; and who may."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Actor, Role
from bostad.agreements import service
from bostad.agreements.answers import AgreementAnswers, LineAnswers
from bostad.agreements.pages import agreement_page, agreements_of, ledger, line_answers
from bostad.agreements.states import AgreementMove, AgreementState, CarryOver, Counter
from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.homes.service import publish
from bostad.homes.tables import Home
from bostad.outbox.tables import Message
from bostad.records import Sessions
from tests.factories import (
    MONTH,
    NOON,
    TODAY,
    AgreementFactory,
    CompanyFactory,
    LineFactory,
    UserFactory,
    actor,
)


@pytest.fixture
def manager(rows: Session) -> Actor:
    """Give a unit manager of a board."""
    return actor(UserFactory(role=Role.UNIT_MANAGER))


def written(**other: Any) -> AgreementAnswers:
    """Give what a manager writes about an agreement, in all but what is named."""
    whole = {"company_id": CompanyFactory().id, "name": "Avtalet", "reference": "SN 1", "valid_from": "2026-01-01"}
    return AgreementAnswers.model_validate(whole | other)


def line(**other: Any) -> LineAnswers:
    """Give what a manager writes about a line, in all but what is named."""
    return LineAnswers.model_validate({"code": "social", "name": "Raden", "groups": "social", "per_month": "2"} | other)


def made(sessions: Sessions, manager: Actor, *moves: AgreementMove, **other: Any) -> Agreement:
    """Make an agreement with a line, and take it some moves on."""
    agreement_id = service.draft(sessions, written(signed_on="2025-12-01", **other), by=manager, at=NOON)
    service.add_line(sessions, agreement_id, line(), by=manager, at=NOON)
    for move in moves:
        service.move(sessions, agreement_id, move, by=manager, at=NOON)
    with sessions() as db:
        return db.get_one(Agreement, agreement_id)


def test_an_agreement_begins_as_a_draft_and_is_put_in_force(sessions: Sessions, rows: Session, manager: Actor) -> None:
    agreement = made(sessions, manager)
    assert (agreement.state, agreement.board_id) == (AgreementState.DRAFT, manager.organisation_id)
    service.move(sessions, agreement.id, AgreementMove.PUT_IN_FORCE, by=manager, at=NOON)
    rows.expire_all()
    assert rows.get_one(Agreement, agreement.id).state is AgreementState.IN_FORCE
    assert [message.kind for message in rows.exec(select(Message))] == ["matching.run"]
    assert rows.exec(select(AuditRow.action)).all() == [
        "agreement.drafted", "agreement.line_added", "agreement.put_in_force",
    ]  # fmt: skip


@pytest.mark.parametrize(("signed", "lines", "words"), [("", 1, "was signed"), ("2025-12-01", 0, "at least one line")])
def test_an_unfinished_agreement_is_not_put_in_force(
    sessions: Sessions, rows: Session, manager: Actor, signed: str, lines: int, words: str
) -> None:
    agreement_id = service.draft(sessions, written(signed_on=signed), by=manager, at=NOON)
    for _ in range(lines):
        service.add_line(sessions, agreement_id, line(), by=manager, at=NOON)
    with pytest.raises(OutOfStep, match=words):
        service.move(sessions, agreement_id, AgreementMove.PUT_IN_FORCE, by=manager, at=NOON)


@pytest.mark.parametrize(
    ("before", "move"),
    [
        ((), AgreementMove.PAUSE),
        ((AgreementMove.PUT_IN_FORCE,), AgreementMove.RESUME),
        ((AgreementMove.PUT_IN_FORCE,), AgreementMove.PUT_IN_FORCE),
        ((AgreementMove.PUT_IN_FORCE, AgreementMove.END), AgreementMove.RESUME),
        ((AgreementMove.PUT_IN_FORCE, AgreementMove.PAUSE), AgreementMove.PAUSE),
    ],
)
def test_only_legal_moves_are_made(
    sessions: Sessions, rows: Session, manager: Actor, before: tuple[AgreementMove, ...], move: AgreementMove
) -> None:
    """I08."""
    agreement = made(sessions, manager, *before)
    with pytest.raises(OutOfStep):
        service.move(sessions, agreement.id, move, by=manager, at=NOON)


def test_an_agreement_in_force_is_paused_before_it_is_changed(
    sessions: Sessions, rows: Session, manager: Actor
) -> None:
    agreement = made(sessions, manager, AgreementMove.PUT_IN_FORCE)
    (one,) = rows.exec(select(QuotaLine))
    for change in (
        lambda: service.edit(sessions, agreement.id, written(), by=manager, at=NOON),
        lambda: service.edit_line(sessions, one.id, line(per_month="9"), by=manager, at=NOON),
        lambda: service.add_line(sessions, agreement.id, line(code="ny"), by=manager, at=NOON),
    ):
        with pytest.raises(OutOfStep, match="Pause it first"):
            change()
    service.move(sessions, agreement.id, AgreementMove.PAUSE, by=manager, at=NOON)
    service.edit_line(sessions, one.id, line(per_month="9", required="door_code"), by=manager, at=NOON)
    rows.expire_all()
    assert (one.per_month, one.required) == (9, ["door_code"])


def test_a_new_number_a_month_holds_from_this_month_on(sessions: Sessions, rows: Session) -> None:
    agreement = AgreementFactory(state=AgreementState.PAUSED)
    one = LineFactory(agreement=agreement, per_month=1, code="social")
    months = [date(2026, 10, 1), MONTH, date(2026, 12, 1)]
    for month in months:
        with sessions.begin() as db:
            service.ensure_month(db, one.id, month)
    by = actor(UserFactory(organisation=None, organisation_id=agreement.board_id, role=Role.UNIT_MANAGER))
    service.edit_line(sessions, one.id, line(per_month="4"), by=by, at=NOON)
    rows.expire_all()
    assert [rows.exec(select(LineMonth.agreed).where(LineMonth.month == month)).one() for month in months] == [1, 4, 4]


def test_new_terms_are_held_against_the_homes_that_are_published(sessions: Sessions, rows: Session) -> None:
    from tests.homes.test_service import answers, party

    one = LineFactory(per_month=2, code="social")
    home_id = publish(sessions, answers(one, door_code="unknown"), by=party(one, rows, Role.HOUSING_STAFF), at=NOON)
    by = party(one, rows, Role.UNIT_MANAGER)
    service.move(sessions, one.agreement_id, AgreementMove.PAUSE, by=by, at=NOON)
    service.edit_line(sessions, one.id, line(required="door_code"), by=by, at=NOON)
    rows.expire_all()
    assert rows.get_one(Home, home_id).shortfalls == ["door_code:unknown"]
    assert rows.exec(select(LineMonth.approved)).one() == 0
    service.edit_line(sessions, one.id, line(), by=by, at=NOON)
    rows.expire_all()
    assert rows.get_one(Home, home_id).approved
    assert rows.exec(select(LineMonth.approved)).one() == 1


@pytest.mark.parametrize("field", ["reference", "company_id"])
def test_what_is_taken_or_unknown_is_said_at_its_field(
    sessions: Sessions, rows: Session, manager: Actor, field: str
) -> None:
    made(sessions, manager)
    wrong = {"reference": "SN 1"} if field == "reference" else {"company_id": manager.organisation_id, "reference": "2"}
    with pytest.raises(Invalid) as refused:
        service.draft(sessions, written(**wrong), by=manager, at=NOON)
    assert list(refused.value.fields) == [field]


def test_two_lines_do_not_share_a_code(sessions: Sessions, rows: Session, manager: Actor) -> None:
    agreement = made(sessions, manager)
    with pytest.raises(Invalid):
        service.add_line(sessions, agreement.id, line(), by=manager, at=NOON)


def test_the_manager_changes_colleagues_and_the_company_read_strangers_know_nothing(
    sessions: Sessions, rows: Session, manager: Actor
) -> None:
    """S06: owner, colleague, the other side and the stranger."""
    agreement = made(sessions, manager, AgreementMove.PUT_IN_FORCE)
    (one,) = rows.exec(select(QuotaLine))
    board, company = {"organisation_id": agreement.board_id}, {"organisation_id": agreement.company_id}
    worker = actor(UserFactory(organisation=None, role=Role.SOCIAL_WORKER, **board))
    staff = actor(UserFactory(organisation=None, role=Role.HOUSING_STAFF, **company))
    for reader in (worker, staff):
        assert agreement_page(sessions, agreement.id, by=reader, on=TODAY).moves == ()
        with pytest.raises(NotAllowed):
            service.move(sessions, agreement.id, AgreementMove.END, by=reader, at=NOON)
        with pytest.raises(NotAllowed):
            service.edit_line(sessions, one.id, line(), by=reader, at=NOON)
        with pytest.raises(NotAllowed):
            service.draft(sessions, written(), by=reader, at=NOON)
    other_manager = actor(UserFactory(role=Role.UNIT_MANAGER))
    other_company = actor(UserFactory(organisation=CompanyFactory(), role=Role.HOUSING_STAFF))
    administrator = actor(UserFactory(organisation=None, role=Role.ADMINISTRATOR, **board))
    for stranger in (other_manager, other_company, administrator):
        assert agreements_of(sessions, by=stranger) == ()
        for attempt in (
            lambda by=stranger: agreement_page(sessions, agreement.id, by=by, on=TODAY),
            lambda by=stranger: line_answers(sessions, one.id, by=by),
            lambda by=stranger: service.move(sessions, agreement.id, AgreementMove.END, by=by, at=NOON),
            lambda by=stranger: service.edit_line(sessions, one.id, line(), by=by, at=NOON),
        ):
            with pytest.raises(Missing):
                attempt()


def test_a_draft_is_the_board_s_own(sessions: Sessions, rows: Session, manager: Actor) -> None:
    agreement = made(sessions, manager)
    staff = actor(UserFactory(organisation=None, organisation_id=agreement.company_id, role=Role.HOUSING_STAFF))
    assert agreements_of(sessions, by=staff) == ()
    assert [row.id for row in agreements_of(sessions, by=manager)] == [agreement.id]


@pytest.mark.parametrize(
    ("state", "on", "answer"),
    [
        (AgreementState.IN_FORCE, date(2026, 1, 1), True),
        (AgreementState.IN_FORCE, date(2025, 12, 31), False),
        (AgreementState.IN_FORCE, date(2027, 1, 1), False),
        (AgreementState.PAUSED, TODAY, False),
        (AgreementState.ENDED, TODAY, False),
    ],
)
def test_an_agreement_is_in_force_within_its_time(
    sessions: Sessions, rows: Session, state: AgreementState, on: date, answer: object
) -> None:
    agreement = AgreementFactory(state=state, valid_until=date(2026, 12, 31))
    with sessions.begin() as db:
        assert service.in_force(db, agreement.id, on) is answer


def test_the_ledger_shows_every_month_since_the_first_and_twelve_together(sessions: Sessions, rows: Session) -> None:
    one = LineFactory(per_month=2, carry_over=CarryOver.WITHIN_YEAR)
    with sessions.begin() as db:
        service.count(db, one.id, date(2026, 9, 1), Counter.DELIVERED, 1)
        service.count(db, one.id, date(2026, 9, 1), Counter.RELEASED, 1)
    agreement = rows.get_one(Agreement, one.agreement_id)
    by = actor(UserFactory(organisation=None, organisation_id=agreement.board_id, role=Role.UNIT_MANAGER))
    (part,) = ledger(sessions, by=by, on=TODAY)
    shown = [(row.month.month, row.tally.agreed, row.tally.carried, row.tally.left) for row in part.months]
    assert shown == [(11, 2, 3, 5), (10, 2, 1, 3), (9, 2, 0, 1)]
    assert (part.twelve.agreed, part.twelve.delivered, part.twelve.released) == (6, 1, 1)
    assert len(rows.exec(select(LineMonth)).all()) == 1, "reading writes nothing"
