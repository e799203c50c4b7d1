"""Organisations, units, users, and the rows that sign-in needs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from bostad.accounts.access import OrganisationKind, Role
from bostad.accounts.proofs import News, Purpose
from bostad.records import Record, type_moment, word


class Organisation(Record, table=True):
    """A social board or a housing company; each board is its own controller."""

    __table_args__ = (UniqueConstraint("code"), CheckConstraint("code = lower(code)", name="code_lower"))

    code: str = Field(max_length=40)
    name: str = Field(max_length=120)
    kind: OrganisationKind = Field(sa_type=word(OrganisationKind))
    municipality: str = Field(max_length=4)
    private_landlord: bool = False
    contact: str | None = Field(default=None, max_length=120)


class Unit(Record, table=True):
    """A part of an organisation with a manager and a queue of its own."""

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    name: str = Field(max_length=120)


class User(Record, table=True):
    """A named person who signs in; nobody shares an account. What proves who she is stands in tables of its own."""

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
    locale: str = Field(default="sv", max_length=5)
    entered_at: datetime | None = Field(default=None, sa_type=type_moment)
    disabled_at: datetime | None = Field(default=None, sa_type=type_moment)


class Credential(Record, table=True):
    """A password, as its hash: apart from the account, so that whoever reads a colleague's name cannot read it."""

    __table_args__ = (UniqueConstraint("user_id"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    password_hash: str = Field(max_length=200)


class Authenticator(Record, table=True):
    """An app that shows a new code every half minute; its secret is sealed, and each code works once (RFC 6238)."""

    __table_args__ = (UniqueConstraint("user_id"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    sealed: bytes
    last_step: int = Field(default=0, sa_type=BigInteger)
    added_at: datetime = Field(sa_type=type_moment)


class Passkey(Record, table=True):
    """A key that a computer, a telephone or a security key holds; here is its public half alone (WebAuthn)."""

    __table_args__ = (UniqueConstraint("credential_id"), CheckConstraint("sign_count >= 0", name="sign_count"))

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=60)
    credential_id: bytes
    public_key: bytes
    """As the authenticator wrote it, in COSE."""
    sign_count: int = Field(default=0, sa_type=BigInteger)
    added_at: datetime = Field(sa_type=type_moment)
    used_at: datetime | None = Field(default=None, sa_type=type_moment)


class RecoveryCode(Record, table=True):
    """A code on paper for the day when the second factor is not at hand: works once, kept as its hash."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    code_hash: str = Field(max_length=64)
    spent_at: datetime | None = Field(default=None, sa_type=type_moment)


class SignedIn(Record, table=True):
    """One browser's session: the token itself is never stored, only its hash (S20).

    Until `proved_at` says when the second factor was last proved, it opens nothing but the page that asks for it. Of
    somebody who needs a passkey and has none yet, `code_at` says when she proved a code, which lets her make the first.
    """

    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("token_hash"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(max_length=64)
    started_at: datetime = Field(sa_type=type_moment)
    seen_at: datetime = Field(sa_type=type_moment)
    proved_at: datetime | None = Field(default=None, sa_type=type_moment)
    code_at: datetime | None = Field(default=None, sa_type=type_moment)
    ended_at: datetime | None = Field(default=None, sa_type=type_moment)


class Challenge(Record, table=True):
    """What a session was given to answer or to confirm: one of a kind at a time, gone when it is answered."""

    __table_args__ = (UniqueConstraint("session_id", "purpose"),)

    session_id: UUID = Field(foreign_key="session.id", ondelete="CASCADE")
    purpose: Purpose = Field(sa_type=word(Purpose))
    value: bytes
    ends_at: datetime = Field(sa_type=type_moment)


class StartOver(Record, table=True):
    """That a person's second factor be taken away: asked by one person, decided by another, never by herself."""

    __tablename__ = "start_over"
    __table_args__ = (
        Index("uq_start_over_open", "user_id", unique=True, postgresql_where=text("decided_at is null")),
        CheckConstraint("(decided_at is null) = (decided_by is null)", name="decided_by_somebody"),
        CheckConstraint("(decided_at is null) = (approved is null)", name="decided_one_way"),
        CheckConstraint("asked_by <> user_id and decided_by <> user_id", name="by_others"),
        CheckConstraint("decided_by <> asked_by", name="two_persons"),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    asked_by: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    asked_at: datetime = Field(sa_type=type_moment)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE")
    decided_at: datetime | None = Field(default=None, sa_type=type_moment)
    approved: bool | None = None


class AccountNews(Record, table=True):
    """What others did to a person's account, told to her when she next signs in."""

    __tablename__ = "account_news"

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    what: News = Field(sa_type=word(News))
    by_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=type_moment)
    seen_at: datetime | None = Field(default=None, sa_type=type_moment)


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
