"""Writing to the log. The database numbers a row, chains it and finds the case it is about (migration 0004)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session

from bostad.accounts.access import Actor
from bostad.audit.purposes import Purpose
from bostad.audit.tables import AuditRow


def record(  # noqa: PLR0913 - everything that a row of the log holds
    db: Session,
    action: str,
    *,
    by: Actor | None,
    at: datetime,
    subject: UUID | None = None,
    organisation: UUID | None = None,
    case: UUID | None = None,
    purpose: Purpose | None = None,
    listed: Sequence[UUID] | None = None,
    **facts: Any,
) -> None:
    """Add one row to the chain, in the transaction of the change itself.

    Call it last in the transaction: it waits for the head of the chain, and whoever holds the head must not wait for
    anything else. `facts` names fields, codes and counts, never what a person wrote. `by` is None for the service
    itself, which says which `organisation` the row concerns. `case` is the case concerned, where the subject does not
    lead to it: of a case, a need, a consent, a placement or a card the database finds the case itself.
    """
    db.flush()
    row = {
        "at": at,
        "actor_id": by.id if by else None,
        "organisation_id": by.organisation_id if by else organisation,
        "action": action,
        "subject_id": subject,
        "case_id": case,
        "purpose": purpose.value if purpose else None,
        "listed": list(listed) if listed is not None else None,
        "facts": facts,
    }
    # Nothing is read back: whoever may add rows need not be allowed to see them.
    db.execute(insert(AuditRow).inline().values(row))
