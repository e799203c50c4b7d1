"""What is decided about keeping, what a review found, deletions by two, and the totals that stay."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from bostad.keeping.rules import Finding, Kept
from bostad.records import Record, type_moment, word


class PreservationArea(Record, table=True):
    """A county or municipality where the law keeps everything: data, since the law changes."""

    __tablename__ = "preservation_area"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    code: str = Field(max_length=4)
    name: str = Field(max_length=60)
    reference: str = Field(max_length=120)
    valid_from: date
    valid_until: date | None = None


class RetentionProfile(Record, table=True):
    """A board's decision: how long cases are kept from a day on. Without one nothing is ever due."""

    __tablename__ = "retention_profile"
    __table_args__ = (
        UniqueConstraint("board_id", "valid_from"),
        CheckConstraint("years between 1 and 70", name="years"),
    )

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    valid_from: date
    years: int
    kept: Kept = Field(sa_type=word(Kept))
    extract_first: bool = True
    reference: str = Field(max_length=80)
    recorded_by: UUID = Field(foreign_key="account.id", ondelete="RESTRICT")
    recorded_at: datetime = Field(sa_type=type_moment)


class Deletion(Record, table=True):
    """The deletion of a unit's due cases: proposed by one person, approved by another (S24)."""

    __table_args__ = (
        Index(
            "uq_deletion_open",
            "unit_id",
            unique=True,
            postgresql_where=text("done_at is null and refused_by is null"),
        ),
        CheckConstraint("approved_by <> proposed_by and refused_by <> proposed_by", name="decided_by_another"),
        CheckConstraint("approved_by is null or refused_by is null", name="decided_once"),
        CheckConstraint("(decided_at is null) = (approved_by is null and refused_by is null)", name="decided"),
        CheckConstraint("done_at is null or approved_by is not null", name="done_after_approval"),
    )

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    unit_id: UUID = Field(foreign_key="unit.id", ondelete="RESTRICT")
    profile_id: UUID = Field(foreign_key="retention_profile.id", ondelete="RESTRICT")
    proposed_by: UUID = Field(foreign_key="account.id", ondelete="RESTRICT")
    proposed_at: datetime = Field(sa_type=type_moment)
    approved_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    refused_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    decided_at: datetime | None = Field(default=None, sa_type=type_moment)
    done_at: datetime | None = Field(default=None, sa_type=type_moment)


class RetentionLine(Record, table=True):
    """What the last review found of a case that has ended. It outlives the case, as the proof of its deletion.

    The case is named by its id alone, which is in the log too and leads to nobody once the case is gone.
    """

    __tablename__ = "retention_line"
    __table_args__ = (UniqueConstraint("case_id"), Index("ix_retention_line_unit", "unit_id", "finding"))

    case_id: UUID
    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    unit_id: UUID = Field(foreign_key="unit.id", ondelete="RESTRICT")
    last_note_on: date
    due_on: date | None = None
    finding: Finding = Field(sa_type=word(Finding))
    looked_at: datetime = Field(sa_type=type_moment)
    deletion_id: UUID | None = Field(default=None, foreign_key="deletion.id", ondelete="SET NULL", index=True)
    cleared_at: datetime | None = Field(default=None, sa_type=type_moment)


class FrozenMonth(Record, table=True):
    """What cleared cases add to a unit's figures of a month: sums, from which nobody can be told (I17)."""

    __tablename__ = "frozen_month"
    __table_args__ = (UniqueConstraint("unit_id", "month"),)

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    unit_id: UUID = Field(foreign_key="unit.id", ondelete="RESTRICT")
    month: date
    moved_in: int = 0
    days_waited: int = 0
    from_shelter: int = 0
    days_in_shelter: int = 0
    lost: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
