"""The audit rows and the head of their chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from bostad.records import type_moment


class AuditRow(SQLModel, table=True):
    """One change: who, what, when and which fields - never their content."""

    __tablename__ = "audit_row"
    __table_args__ = (UniqueConstraint("hash"),)

    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=type_moment)
    actor_id: UUID | None = Field(default=None, index=True)
    organisation_id: UUID | None = Field(default=None, index=True)
    action: str = Field(max_length=60)
    subject_id: UUID | None = Field(default=None, index=True)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    hash: str = Field(max_length=64)


class AuditHead(SQLModel, table=True):
    """The last row's number and hash; locking it is what keeps the chain from forking (I07)."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True)
    number: int = Field(default=0, sa_type=BigInteger)
    hash: str = Field(max_length=64)
