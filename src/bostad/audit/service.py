"""Writing and checking the audit chain."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.audit.chain import START, link
from bostad.audit.tables import AuditHead, AuditRow
from bostad.records import Sessions


def record(
    db: Session, action: str, *, by: Actor | None, at: datetime, subject: UUID | None = None, **facts: Any
) -> None:
    """Add one row to the chain, in the transaction of the change itself.

    Call it last in the transaction: it waits for the head of the chain, and whoever holds the head must not wait for
    anything else. `facts` names fields, codes and counts, never what a person wrote. `by` is None for the service
    itself.
    """
    db.flush()
    head = db.exec(select(AuditHead).with_for_update()).one()
    row = AuditRow(
        number=head.number + 1,
        at=at,
        actor_id=by.id if by else None,
        organisation_id=by.organisation_id if by else None,
        action=action,
        subject_id=subject,
        facts=facts,
        hash="",
    )
    row.hash = link(head.hash, _body(row))
    head.number, head.hash = row.number, row.hash
    db.add(row)


def broken_at(sessions: Sessions) -> int | None:
    """Walk the chain and give the number of the first row that does not hold, or None."""
    previous, expected = START, 1
    with sessions() as db:
        # The head is read first: rows that are added while this walks are another walk's.
        head = db.exec(select(AuditHead)).one()
        in_order = select(AuditRow).where(AuditRow.number <= head.number).order_by(col(AuditRow.number))
        with closing(db.exec(in_order.execution_options(yield_per=1000))) as rows:
            for row in rows:
                if row.number != expected or row.hash != link(previous, _body(row)):
                    return expected
                previous, expected = row.hash, expected + 1
    return None if (head.number, head.hash) == (expected - 1, previous) else expected


def _body(row: AuditRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": row.at.astimezone(UTC).isoformat(),
        "actor": row.actor_id,
        "organisation": row.organisation_id,
        "action": row.action,
        "subject": row.subject_id,
        "facts": row.facts,
    }
