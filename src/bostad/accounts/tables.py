"""Organisations, units, users, and the rows that sign-in needs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from bostad.accounts.access import OrganisationKind, Role
from bostad.records import Record, type_moment, word


class Organisation(Record, table=True):
    """A social board or a housing company; each board is its own controller."""

    __table_args__ = (UniqueConstraint("code"), CheckConstraint("code = lower(code)", name="code_lower"))

    code: str = Field(max_length=40)
    name: str = Field(max_length=120)
    kind: OrganisationKind = Field(sa_type=word(OrganisationKind))
    municipality: str = Field(max_length=4)
    private_landlord: bool = False


class Unit(Record, table=True):
    """A part of an organisation with a manager and a queue of its own."""

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    name: str = Field(max_length=120)


class User(Record, table=True):
    """A named person who signs in; nobody shares an account."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("username"),
        CheckConstraint("username = lower(username)", name="username_lower"),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id", ondelete="RESTRICT")
    username: str = Field(max_length=60)
    name: str = Field(max_length=120)
    role: Role = Field(sa_type=word(Role))
    password_hash: str | None = Field(default=None, max_length=200)
    locale: str = Field(default="sv", max_length=5)
    disabled_at: datetime | None = Field(default=None, sa_type=type_moment)


class SignedIn(Record, table=True):
    """One browser's session: the token itself is never stored, only its hash (S20)."""

    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("token_hash"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(max_length=64)
    started_at: datetime = Field(sa_type=type_moment)
    seen_at: datetime = Field(sa_type=type_moment)
    ended_at: datetime | None = Field(default=None, sa_type=type_moment)


class OneTimeCode(Record, table=True):
    """An invitation or a reset: spent by choosing a password."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        Index("uq_one_time_code_open", "user_id", unique=True, postgresql_where=text("spent_at is null")),
        UniqueConstraint("code_hash"),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    code_hash: str = Field(max_length=64)
    ends_at: datetime = Field(sa_type=type_moment)
    spent_at: datetime | None = Field(default=None, sa_type=type_moment)


class Attempt(Record, table=True):
    """How many times something was tried in one window of time, counted by the database across processes (S25)."""

    __table_args__ = (UniqueConstraint("key", "window_start"),)

    key: str = Field(max_length=64)
    window_start: datetime = Field(sa_type=type_moment)
    times: int = 1


class Draft(Record, table=True):
    """Answers that a person had begun to give when her session ended, encrypted (U35)."""

    __table_args__ = (UniqueConstraint("user_id", "path"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    path: str = Field(max_length=200)
    sealed: bytes
    saved_at: datetime = Field(sa_type=type_moment)
