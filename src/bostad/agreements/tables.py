"""Agreements, their quota lines, the ledger per line and month, and whether a board matches jointly at all."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from bostad.agreements.states import AgreementState, CarryOver
from bostad.records import Record, type_moment, type_texts, word


class Agreement(Record, table=True):
    """One board's written agreement with one company, with the answer times both have promised (working days)."""

    __table_args__ = (
        UniqueConstraint("board_id", "reference"),
        CheckConstraint("valid_until is null or valid_until >= valid_from", name="ends_after_start"),
        CheckConstraint(
            "municipality_days > 0 and household_days > 0 and company_days > 0 and reservation_days > 0", name="days"
        ),
    )

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    reference: str = Field(max_length=60)
    name: str = Field(max_length=120)
    state: AgreementState = Field(default=AgreementState.DRAFT, sa_type=word(AgreementState))
    signed_on: date | None = None
    valid_from: date
    valid_until: date | None = None
    municipality_days: int = 3
    household_days: int = 5
    company_days: int = 3
    reservation_days: int = 10
    monthly_cap: int | None = None


class QuotaLine(Record, table=True):
    """How many homes a month, for whom, and what each home must meet to count."""

    __tablename__ = "quota_line"
    __table_args__ = (
        UniqueConstraint("agreement_id", "code"),
        CheckConstraint("per_month >= 0", name="per_month"),
        CheckConstraint("(carry_over = 'limited') = (carry_limit is not null)", name="carry_limit"),
        CheckConstraint("cardinality(groups) > 0", name="for_somebody"),
        CheckConstraint("building_cap >= 1", name="building_cap"),
    )

    agreement_id: UUID = Field(foreign_key="agreement.id", ondelete="RESTRICT")
    code: str = Field(max_length=40)
    name: str = Field(max_length=120)
    groups: list[str] = Field(sa_type=type_texts)
    contracts: list[str] = Field(default_factory=list, sa_type=type_texts)
    per_month: int
    carry_over: CarryOver = Field(default=CarryOver.NONE, sa_type=word(CarryOver))
    carry_limit: int | None = None
    required: list[str] = Field(default_factory=list, sa_type=type_texts)
    school_m_max: int | None = None
    districts_excluded: list[str] = Field(default_factory=list, sa_type=type_texts)
    rent_max: int | None = None
    building_cap: int | None = None


class LineMonth(Record, table=True):
    """The ledger: one row per line and month. `released` against what was agreed is the quota itself (I03)."""

    __tablename__ = "line_month"
    __table_args__ = (
        UniqueConstraint("line_id", "month"),
        CheckConstraint("extract(day from month) = 1", name="month_starts"),
        CheckConstraint("agreed >= 0 and carried >= 0", name="quota_from_zero"),
        CheckConstraint("0 <= approved and approved <= delivered", name="approved_are_delivered"),
        CheckConstraint("0 <= released and released <= agreed + carried", name="quota_kept"),
        CheckConstraint("0 <= signed and signed <= released", name="signed_are_released"),
    )

    line_id: UUID = Field(foreign_key="quota_line.id", ondelete="RESTRICT")
    month: date
    agreed: int
    carried: int = 0
    delivered: int = 0
    approved: int = 0
    released: int = 0
    signed: int = 0


class JointMatching(Record, table=True):
    """A board's standing decision on joint matching; without a row it is off. What was decided before is in the log."""

    __tablename__ = "joint_matching"
    __table_args__ = (UniqueConstraint("board_id"),)

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    is_on: bool
    decided_on: date
    reference: str = Field(max_length=60)
    changed_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    changed_at: datetime = Field(sa_type=type_moment)
