"""Work that is asked for is done at least once, and asked for once while it waits."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from bostad.outbox import service as outbox
from bostad.outbox.tables import Message
from bostad.records import Sessions
from tests.factories import NOON

LATER = NOON + timedelta(minutes=1)


def post(sessions: Sessions, key: str = "board") -> None:
    with sessions.begin() as db:
        outbox.post(db, "matching.run", key=key, at=NOON)


def hand_out(sessions: Sessions, at: datetime = NOON) -> list[UUID]:
    sent: list[UUID] = []
    outbox.dispatch(sessions, sent.append, at=at)
    return sent


def test_the_same_work_waiting_already_is_asked_for_once(sessions: Sessions, rows: Session) -> None:
    for _ in range(5):
        post(sessions)
    post(sessions, "another board")
    assert sorted(rows.exec(select(Message.key)).all()) == ["another board", "board"]


def test_work_asked_for_while_the_same_is_being_done_is_done_again(sessions: Sessions) -> None:
    """A change that comes while a run thinks must not be missed."""
    post(sessions)
    (first,) = hand_out(sessions)
    post(sessions)
    (second,) = hand_out(sessions)
    assert first != second


def test_nothing_is_left_behind_by_a_transaction_that_was_rolled_back(sessions: Sessions) -> None:
    """ASVS V2.3.3."""
    with sessions() as db:
        db.begin()
        outbox.post(db, "matching.run", key="board", at=NOON)
        db.rollback()
    assert hand_out(sessions) == []


def test_what_was_handed_out_is_not_handed_out_again_before_its_lease_ends(sessions: Sessions) -> None:
    """F02: a queue that lost it gets it again afterwards."""
    post(sessions)
    (message,) = hand_out(sessions)
    assert hand_out(sessions, LATER) == []
    assert hand_out(sessions, NOON + outbox.LEASE + timedelta(seconds=1)) == [message]


def test_what_is_done_is_done_for_good(sessions: Sessions) -> None:
    """F04: delivered twice, done once."""
    post(sessions)
    (message,) = hand_out(sessions)
    assert outbox.take(sessions, message) == ("matching.run", "board")
    outbox.finish(sessions, message, at=LATER)
    assert outbox.take(sessions, message) is None
    assert hand_out(sessions, NOON + 2 * outbox.LEASE) == []


def test_work_that_cannot_be_done_now_is_tried_again_shortly(sessions: Sessions, rows: Session) -> None:
    post(sessions)
    (message,) = hand_out(sessions)
    outbox.put_back(sessions, message, at=NOON, because="busy")
    assert hand_out(sessions, NOON) == []
    assert hand_out(sessions, LATER) == [message]
    assert rows.get_one(Message, message).last_error == "busy"


def test_work_that_is_due_later_waits(sessions: Sessions) -> None:
    with sessions.begin() as db:
        outbox.post(db, "matching.run", key="board", at=NOON, due_at=LATER)
    assert hand_out(sessions, NOON) == []
    assert len(hand_out(sessions, LATER)) == 1
