"""The audit chain holds, and shows where it was tampered with."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bostad.audit.service import broken_at, record
from bostad.records import Sessions
from tests.factories import NOON


@pytest.fixture
def five_rows(sessions: Sessions) -> Sessions:
    for number in range(5):
        with sessions.begin() as db:
            record(db, "need.changed", by=None, at=NOON, section=f"s{number}")
    return sessions


def test_an_untouched_chain_holds(five_rows: Sessions) -> None:
    assert broken_at(five_rows) is None


@pytest.mark.parametrize(
    ("spoil", "found_at"),
    [
        ("update audit_row set action = 'need.read' where number = 3", 3),
        ("update audit_row set facts = '{}' where number = 2", 2),
        ("delete from audit_row where number = 4", 4),
        ("delete from audit_row where number = 5", 5),
        ("update audit_row set at = at + interval '1 second' where number = 1", 1),
    ],
)
def test_a_spoiled_chain_is_found_at_the_first_bad_row(
    five_rows: Sessions, rows: Session, spoil: str, found_at: int
) -> None:
    """S67: flipped, dropped and cut-off rows are found."""
    rows.execute(text(spoil))
    rows.commit()
    assert broken_at(five_rows) == found_at
