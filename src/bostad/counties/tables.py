"""The agreements that boards are matched together under, and each board's own decision to take part."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Uuid, text
from sqlmodel import Field

from bostad.records import Record, type_moment

type_ids: Any = ARRAY(Uuid)


class CountyRun(Record, table=True):
    """An agreement between boards to be matched in one run. Its parties never change: others make a new one."""

    __tablename__ = "county_run"
    __table_args__ = (
        CheckConstraint("cardinality(boards) >= 2", name="between_boards"),
        CheckConstraint("valid_until is null or valid_until >= valid_from", name="dates"),
        CheckConstraint("drafted_by = any(boards)", name="drafted_by_a_party"),
    )

    name: str = Field(max_length=120)
    boards: list[UUID] = Field(sa_type=type_ids)
    valid_from: date
    valid_until: date | None = None
    drafted_by: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    drafted_at: datetime = Field(sa_type=type_moment)


class CountyMember(Record, table=True):
    """One board's decision to take part, with its reference; it can be taken back at any time."""

    __tablename__ = "county_member"
    __table_args__ = (
        Index("uq_county_member_live", "board_id", unique=True, postgresql_where=text("left_at is null")),
        CheckConstraint("(left_at is null) = (left_by is null)", name="left_by_somebody"),
    )

    run_id: UUID = Field(foreign_key="county_run.id", ondelete="RESTRICT", index=True)
    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    reference: str = Field(max_length=80)
    decided_on: date
    decided_by: UUID = Field(foreign_key="account.id", ondelete="RESTRICT")
    recorded_at: datetime = Field(sa_type=type_moment)
    left_at: datetime | None = Field(default=None, sa_type=type_moment)
    left_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
