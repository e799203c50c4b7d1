"""Walking the chain, and holding it to what was written down outside the database."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime

from sqlalchemy import Text, cast
from sqlmodel import Session, col, select

from bostad.audit.anchors import Anchor
from bostad.audit.chain import START, Link, holds
from bostad.audit.tables import AuditHead, AuditRow
from bostad.records import Sessions

AT_ONCE = 2_000


def head_of(db: Session) -> tuple[int, str]:
    """Give the last row's number and hash; nought and the start of every chain before the first."""
    head = db.exec(select(AuditHead)).one()
    return head.number, head.hash


def anchor_now(sessions: Sessions, *, at: datetime) -> Anchor:
    """Give the head as it is to be written down outside the database."""
    with sessions() as db:
        return Anchor(at, *head_of(db))


def broken_at(sessions: Sessions) -> int | None:
    """Walk the chain and give the number of the first row that does not hold, or None."""
    with sessions() as db:
        # The head is read first: rows that are added while this walks are another walk's.
        number, last = head_of(db)
        previous, expected = START, 1
        for link in _links(db, number):
            if not holds(link, number=expected, previous=previous):
                return expected
            previous, expected = link.hash, expected + 1
    return None if (number, last) == (expected - 1, previous) else expected


def first_broken_anchor(sessions: Sessions, anchors: Sequence[Anchor]) -> Anchor | None:
    """Give the first anchor that the log no longer bears out: its row is gone, or is another one (S67).

    This is what finds a tail that was cut off and a head that was rewritten to hide it.
    """
    with sessions() as db:
        for start in range(0, len(anchors), AT_ONCE):
            some = anchors[start : start + AT_ONCE]
            wanted = select(AuditRow.number, AuditRow.hash).where(
                col(AuditRow.number).in_({anchor.number for anchor in some})
            )
            standing = {0: START} | dict(db.exec(wanted).all())
            for anchor in some:
                if standing.get(anchor.number) != anchor.hash:
                    return anchor
    return None


def _links(db: Session, last: int) -> Iterator[Link]:
    """Give the rows in order, a part at a time, as plain values."""
    columns = (
        col(AuditRow.number),
        col(AuditRow.at),
        col(AuditRow.written_at),
        col(AuditRow.actor_id),
        col(AuditRow.organisation_id),
        col(AuditRow.action),
        col(AuditRow.subject_id),
        col(AuditRow.case_id),
        col(AuditRow.board_id),
        col(AuditRow.purpose),
        col(AuditRow.listed),
        cast(col(AuditRow.facts), Text),
        col(AuditRow.previous),
        col(AuditRow.hash),
    )
    in_order = select(*columns).where(AuditRow.number <= last).order_by(columns[0])  # type: ignore[call-overload]
    with closing(db.execute(in_order.execution_options(yield_per=AT_ONCE))) as rows:
        for row in rows:
            yield Link(*row)
