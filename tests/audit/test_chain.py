"""The log's chain: made by the database, computed again without it, and broken by whatever is done to a row."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from bostad.accounts.access import Role
from bostad.audit.pages import check_chain
from bostad.audit.purposes import Purpose
from bostad.audit.service import record
from bostad.audit.tables import AuditHead, AuditRow
from bostad.audit.verifying import broken_at
from bostad.records import Sessions
from tests.audit.tampering import tamper
from tests.factories import NOON, UserFactory, actor
from tests.worlds import World

ODD: dict[str, Any] = {
    "text": 'quote " back \\ line \n tab \t å 🏠',
    "number": 10**30,
    "half": 1.50,
    "none": None,
    "list": [1, {"b": []}],
}


@pytest.fixture
def five_rows(sessions: Sessions) -> Sessions:
    """Write five rows; the head stands where the database's template left it, at nought."""
    for number in range(5):
        with sessions.begin() as db:
            record(db, "need.saved", by=None, at=NOON, section=f"s{number}")
    return sessions


def test_an_untouched_chain_holds(five_rows: Sessions) -> None:
    assert broken_at(five_rows) is None


def test_every_kind_of_value_chains_alike_inside_the_database_and_outside(sessions: Sessions, world: World) -> None:
    """S67: the same canonical text, whatever the facts hold."""
    need = world.need()
    with sessions.begin() as db:
        record(
            db,
            "case.read",
            by=world.worker,
            at=NOON,
            subject=need.case_id,
            purpose=Purpose.CASE_WORK,
            listed=[uuid4(), uuid4()],
            **ODD,
        )
        record(db, "need.saved", by=None, at=NOON, organisation=world.board.id)
    assert broken_at(sessions) is None


BEHIND = "number = (select max(number) from audit_row) - "


@pytest.mark.parametrize(
    ("spoil", "found_from_the_end"),
    [
        pytest.param((f"update audit_row set action = 'need.read' where {BEHIND}2",), 2, id="flipped action"),
        pytest.param((f"update audit_row set facts = '{{}}' where {BEHIND}3",), 3, id="flipped facts"),
        pytest.param((f"update audit_row set at = at + interval '1 microsecond' where {BEHIND}4",), 4, id="moved"),
        pytest.param((f"update audit_row set written_at = at where {BEHIND}1",), 1, id="written another time"),
        pytest.param((f"update audit_row set case_id = gen_random_uuid() where {BEHIND}1",), 1, id="another case"),
        pytest.param((f"update audit_row set purpose = 'review' where {BEHIND}1",), 1, id="another purpose"),
        pytest.param((f"delete from audit_row where {BEHIND}1",), 1, id="dropped"),
        pytest.param((f"delete from audit_row where {BEHIND}0",), 0, id="tail cut off"),
        pytest.param(
            (
                f"update audit_row set number = -1 where {BEHIND}2",
                f"update audit_row set number = number - 1 where {BEHIND}1",
                "update audit_row set number = (select max(number) from audit_row) - 1 where number = -1",
            ),
            2,
            id="swapped",
        ),
    ],
)
def test_what_is_done_to_a_row_is_found_at_that_row(
    five_rows: Sessions, rows: Session, spoil: tuple[str, ...], found_from_the_end: int
) -> None:
    """S67: flipped, dropped, swapped and cut off; by the walk outside the database and by the one within.

    ASVS V11.4.3.
    """
    last = rows.exec(select(AuditHead.number)).one()
    officer = actor(UserFactory(role=Role.DATA_PROTECTION_OFFICER))
    tamper(rows, *spoil)

    assert broken_at(five_rows) == last - found_from_the_end
    check = check_chain(five_rows, by=officer, at=NOON)
    assert (check.done, check.broken_at) == (True, last - found_from_the_end)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_row set action = 'need.read'",
        "delete from audit_row",
        "truncate audit_row",
        "delete from audit_head",
        "truncate audit_head",
    ],
)
def test_the_log_is_added_to_and_never_changed(five_rows: Sessions, rows: Session, statement: str) -> None:
    """S67: not even by the owner, as long as the triggers stand. ASVS V16.4.2."""
    with pytest.raises(DBAPIError, match="never changed"):
        rows.execute(text(statement))


def test_nobody_chooses_a_number_or_a_hash(sessions: Sessions, rows: Session) -> None:
    """S67: what is sent along is written over."""
    before = rows.exec(select(AuditHead.number)).one()
    rows.execute(
        text(
            "insert into audit_row (number, hash, previous, written_at, board_id, at, action, facts)"
            " values (7, 'mine', 'mine too', '1999-01-01', gen_random_uuid(), now(), 'need.saved', '{}')"
        )
    )
    rows.commit()

    row = rows.exec(select(AuditRow).order_by(col(AuditRow.number).desc()).limit(1)).one()
    assert (row.number, row.board_id, row.written_at.year > 1999) == (before + 1, None, True)
    assert broken_at(sessions) is None


@pytest.mark.parametrize("action", ["need saved", "need.saved\n2", ""])
def test_an_action_is_one_word_of_ours(rows: Session, action: str) -> None:
    """S65: no line end and no free text gets into the chain's text."""
    with pytest.raises(DBAPIError, match="one_line"):
        rows.execute(
            text("insert into audit_row (at, action, facts) values (now(), :action, '{}')"), {"action": action}
        )


def test_the_database_finds_the_case_a_row_is_about(world: World) -> None:
    """S66: whatever a row names, the case is written with it; and its board, also where a company's person acted."""
    placement = world.released()
    need = world.again_need(placement)
    subjects: list[UUID] = [need.case_id, need.id, placement.id, world.card_of(placement).id]
    with world.sessions.begin() as db:
        for subject in subjects:
            record(db, "card.read", by=world.staff, at=NOON, subject=subject)
        record(db, "to_answer.read", by=world.staff, at=NOON, listed=[placement.id])

    with world.sessions() as db:
        newest = db.exec(select(AuditRow).order_by(col(AuditRow.number).desc()).limit(5)).all()
    listing, *single = newest
    assert {(row.case_id, row.board_id) for row in single} == {(need.case_id, world.board.id)}
    assert listing.listed == [need.case_id]
