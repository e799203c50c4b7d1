"""Emergency openings of a case, and the monthly sample of the log with its sign-offs."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from bostad.oversight.states import Emergency, ReviewOutcome
from bostad.records import Record, type_moment, word
from bostad.sealing.columns import Secrets, keyed_by, secret


class EmergencyOpening(Secrets, table=True):
    """A case opened for some hours by a colleague who does not work with it, and who looked at that afterwards."""

    __tablename__ = "emergency_opening"
    __table_args__ = (
        CheckConstraint("until > opened_at and until <= opened_at + interval '12 hours'", name="hours_not_days"),
        CheckConstraint("(reviewed_at is null) = (outcome is null)", name="reviewed_with_outcome"),
        CheckConstraint("reviewed_by <> user_id", name="reviewed_by_another"),
        Index("ix_emergency_opening_user_id", "user_id", "until"),
    )

    case_id: UUID = Field(foreign_key="case_.id", ondelete="CASCADE", index=True)
    user_id: UUID = Field(foreign_key="account.id", ondelete="RESTRICT")
    because: Emergency = Field(sa_type=word(Emergency))
    note: str = secret()
    may_change: bool
    opened_at: datetime = Field(sa_type=type_moment)
    until: datetime = Field(sa_type=type_moment)
    reviewed_at: datetime | None = Field(default=None, sa_type=type_moment)
    reviewed_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    outcome: ReviewOutcome | None = Field(default=None, sa_type=word(ReviewOutcome))
    sealed: bytes | None = Field(default=None, nullable=False)

    def household(self, _db: Session) -> UUID:
        """Give the case that was opened."""
        return self.case_id


class ReviewSample(Record, table=True):
    """One month's sample of one unit's log, or without a unit of what the board's managers did themselves (S68).

    The seed is the chain's own hash, so that nobody chooses.
    """

    __tablename__ = "review_sample"
    __table_args__ = (
        UniqueConstraint("unit_id", "month"),
        Index("uq_review_sample_managers", "board_id", "month", unique=True, postgresql_where=text("unit_id is null")),
    )

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id", ondelete="RESTRICT")
    month: date
    drawn_at: datetime = Field(sa_type=type_moment)
    due_on: date
    seed_number: int = Field(sa_type=BigInteger)
    seed: str = Field(max_length=64)
    population: int


class ReviewRow(Record, table=True):
    """One row of the log in a sample, and what whoever looked at it said."""

    __tablename__ = "review_row"
    __table_args__ = (
        UniqueConstraint("sample_id", "number"),
        CheckConstraint(
            "(outcome is null) = (signed_by is null) and (outcome is null) = (signed_at is null)",
            name="signed_by_somebody",
        ),
    )

    sample_id: UUID = Field(foreign_key="review_sample.id", ondelete="CASCADE")
    number: int = Field(sa_type=BigInteger)
    outcome: ReviewOutcome | None = Field(default=None, sa_type=word(ReviewOutcome))
    signed_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    signed_at: datetime | None = Field(default=None, sa_type=type_moment)


keyed_by(EmergencyOpening, col(EmergencyOpening.case_id))
