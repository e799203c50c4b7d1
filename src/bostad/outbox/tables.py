"""The outbox: one row for each piece of work."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from bostad.records import Record, type_moment


class Message(Record, table=True):
    """Work to be done at least once. A lease that ends without `done_at` puts it back (F02)."""

    __table_args__ = (
        Index(
            "uq_message_waiting",
            "kind",
            "key",
            unique=True,
            postgresql_where=text("done_at is null and leased_until is null"),
        ),
        Index("ix_message_open", "due_at", postgresql_where=text("done_at is null")),
        CheckConstraint("attempts >= 0", name="attempts_from_zero"),
    )

    kind: str = Field(max_length=60)
    key: str = Field(max_length=80)
    posted_at: datetime = Field(sa_type=type_moment)
    due_at: datetime = Field(sa_type=type_moment)
    leased_until: datetime | None = Field(default=None, sa_type=type_moment)
    attempts: int = 0
    done_at: datetime | None = Field(default=None, sa_type=type_moment)
    last_error: str | None = Field(default=None, max_length=200)
