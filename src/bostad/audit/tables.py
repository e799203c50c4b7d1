"""The log's rows, the head of their chain, and what was read a moment ago."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, FetchedValue, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from bostad.records import Record, type_moment

type_ids: Any = ARRAY(Uuid)


class AuditRow(SQLModel, table=True):
    """One change or one reading: who, what, when, why and which fields - never their content.

    The number, the moment of writing, the case and its board, and the two hashes are the database's own work
    (migration 0004): whoever adds a row cannot choose them, and nobody changes a row (S67).
    """

    __tablename__ = "audit_row"
    __table_args__ = (
        UniqueConstraint("hash"),
        CheckConstraint(r"action ~ '^[a-z_]+\.[a-z0-9_]+$' and purpose ~ '^[a-z_]+$'", name="one_line"),
        Index("ix_audit_row_actor_id_at", "actor_id", "at"),
        Index("ix_audit_row_listed", "listed", postgresql_using="gin", postgresql_where=text("listed is not null")),
    )

    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"server_default": FetchedValue()})
    at: datetime = Field(sa_type=type_moment)
    written_at: datetime = Field(sa_type=type_moment)
    actor_id: UUID | None = None
    organisation_id: UUID | None = Field(default=None, index=True)
    action: str = Field(max_length=60)
    subject_id: UUID | None = Field(default=None, index=True)
    case_id: UUID | None = Field(default=None, index=True)
    board_id: UUID | None = Field(default=None, index=True)
    purpose: str | None = Field(default=None, max_length=32)
    listed: list[UUID] | None = Field(default=None, sa_type=type_ids)
    """What a list showed: cases, or on the housing side placements."""
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class AuditHead(SQLModel, table=True):
    """The last row's number and hash; locking it is what keeps the chain from forking (I07)."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True)
    number: int = Field(default=0, sa_type=BigInteger)
    hash: str = Field(max_length=64)


class RecentReading(Record, table=True):
    """When a person last had a reading written down, so that looking again within minutes adds no second row."""

    __tablename__ = "recent_reading"
    __table_args__ = (UniqueConstraint("actor_id", "what"),)

    actor_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    what: str = Field(max_length=64)
    at: datetime = Field(sa_type=type_moment)
