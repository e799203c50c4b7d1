"""Placements, what happened to them, and the runs that proposed them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from bostad.needs.household import ContractForm
from bostad.placements.lifecycle import Move, Stage
from bostad.placements.reasons import Closed, Side
from bostad.records import Record, type_moment, word


class Placement(Record, table=True):
    """One need and one home. At most one that is not closed for each: two promises cannot be made (I01, I02)."""

    __table_args__ = (
        Index("uq_placement_live_home", "home_id", unique=True, postgresql_where=text("stage <> 'closed'")),
        Index("uq_placement_live_need", "need_id", unique=True, postgresql_where=text("stage <> 'closed'")),
        Index("ix_placement_deadline", "deadline", postgresql_where=text("stage <> 'closed'")),
        CheckConstraint("(stage = 'closed') = (closed_because is not null)", name="closed_with_reason"),
        CheckConstraint("stage in ('proposed', 'closed') or card_id is not null", name="shared_by_card"),
        CheckConstraint("stage not in ('signed', 'moved_in') or contract is not null", name="signed_with_contract"),
        CheckConstraint("stage <> 'moved_in' or moved_in_on is not null", name="moved_in_with_date"),
        CheckConstraint("contract <> 'social' or takeover_on is not null", name="social_with_takeover"),
        CheckConstraint("by_hand_because is null or run_id is null", name="by_hand_or_by_run"),
    )

    need_id: UUID = Field(foreign_key="need.id", ondelete="RESTRICT", index=True)
    home_id: UUID = Field(foreign_key="home.id", ondelete="RESTRICT", index=True)
    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    stage: Stage = Field(default=Stage.PROPOSED, sa_type=word(Stage))
    proposed_at: datetime = Field(sa_type=type_moment)
    stage_since: datetime = Field(sa_type=type_moment)
    deadline: datetime | None = Field(default=None, sa_type=type_moment)
    put_at: datetime | None = Field(default=None, sa_type=type_moment)
    viewing_at: datetime | None = Field(default=None, sa_type=type_moment)
    run_id: UUID | None = Field(default=None, foreign_key="matching_run.id", ondelete="RESTRICT")
    by_hand_because: str | None = Field(default=None, max_length=200)
    misfit: dict[str, int] = Field(default_factory=dict, sa_type=JSONB)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    card_id: UUID | None = Field(default=None, foreign_key="card.id", ondelete="RESTRICT")
    contract: ContractForm | None = Field(default=None, sa_type=word(ContractForm))
    contract_from: date | None = None
    takeover_on: date | None = None
    moved_in_on: date | None = None
    closed_because: Closed | None = Field(default=None, sa_type=word(Closed))


class PlacementEvent(Record, table=True):
    """One move: who made it, when, where it led."""

    __tablename__ = "placement_event"
    __table_args__ = (Index("ix_placement_event_placement", "placement_id", "at"),)

    placement_id: UUID = Field(foreign_key="placement.id", ondelete="RESTRICT")
    at: datetime = Field(sa_type=type_moment)
    by_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    move: Move = Field(sa_type=word(Move))
    stage: Stage = Field(sa_type=word(Stage))
    because: Closed | None = Field(default=None, sa_type=word(Closed))
    side: Side | None = Field(default=None, sa_type=word(Side))


class NeverAgain(Record, table=True):
    """A flat that a need has declined, or that was declined to it: it is not proposed to that need again."""

    __tablename__ = "never_again"
    __table_args__ = (UniqueConstraint("need_id", "company_id", "object_number"),)

    need_id: UUID = Field(foreign_key="need.id", ondelete="CASCADE")
    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    object_number: str = Field(max_length=40)


class MatchingRun(Record, table=True):
    """One run of the matching for one board; at most one at a time (the partial index is the lock)."""

    __tablename__ = "matching_run"
    __table_args__ = (
        Index("uq_matching_run_going", "board_id", unique=True, postgresql_where=text("finished_at is null")),
        Index("ix_matching_run_board", "board_id", "started_at"),
    )

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    started_at: datetime = Field(sa_type=type_moment)
    ends_at: datetime = Field(sa_type=type_moment)
    finished_at: datetime | None = Field(default=None, sa_type=type_moment)
    failed_because: str | None = Field(default=None, max_length=200)
    input_hash: str | None = Field(default=None, max_length=64)
    needs: int = 0
    homes: int = 0
    placed: int = 0
    misfit: int = 0
    proven: bool = False
    seconds: dict[str, float] = Field(default_factory=dict, sa_type=JSONB)


class WhyNot(Record, table=True):
    """Why the last run had no home for a need, reached from the need alone."""

    __tablename__ = "why_not"
    __table_args__ = (UniqueConstraint("need_id"),)

    need_id: UUID = Field(foreign_key="need.id", ondelete="CASCADE")
    run_id: UUID = Field(foreign_key="matching_run.id", ondelete="CASCADE")
    reason: str = Field(max_length=32)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
