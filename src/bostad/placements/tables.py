"""Placements, what happened to them, and the runs that proposed them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from bostad.needs.household import ContractForm
from bostad.needs.tables import Need, case_of_need
from bostad.placements.lifecycle import Move, Stage
from bostad.placements.reasons import Closed, Side
from bostad.placements.run_states import Apart, Asked, RunStage
from bostad.records import Record, type_moment, word
from bostad.sealing.columns import Secrets, keyed_by, secret


class Placement(Secrets, table=True):
    """One need and one home. At most one that is not closed for each: two promises cannot be made (I01, I02)."""

    __table_args__ = (
        Index("uq_placement_live_home", "home_id", unique=True, postgresql_where=text("stage <> 'closed'")),
        Index("uq_placement_live_need", "need_id", unique=True, postgresql_where=text("stage <> 'closed'")),
        Index("ix_placement_deadline", "deadline", postgresql_where=text("stage <> 'closed'")),
        Index("ix_placement_host", "host_id", postgresql_where=text("host_id is not null")),
        Index("ix_placement_guest", "board_id", postgresql_where=text("host_id is not null")),
        CheckConstraint("host_id <> board_id", name="host_is_another"),
        CheckConstraint("(stage = 'closed') = (closed_because is not null)", name="closed_with_reason"),
        CheckConstraint("stage in ('proposed', 'closed') or card_id is not null", name="shared_by_card"),
        CheckConstraint("stage not in ('signed', 'moved_in') or contract is not null", name="signed_with_contract"),
        CheckConstraint("stage <> 'moved_in' or moved_in_on is not null", name="moved_in_with_date"),
        CheckConstraint("contract <> 'social' or takeover_on is not null", name="social_with_takeover"),
        CheckConstraint("sealed is null or run_id is null", name="by_hand_or_by_run"),
    )

    need_id: UUID = Field(foreign_key="need.id", ondelete="RESTRICT", index=True)
    home_id: UUID = Field(foreign_key="home.id", ondelete="RESTRICT", index=True)
    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    host_id: UUID | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    """The board whose agreement the home is under, where that is another than the need's (a county run)."""
    stage: Stage = Field(default=Stage.PROPOSED, sa_type=word(Stage))
    proposed_at: datetime = Field(sa_type=type_moment)
    stage_since: datetime = Field(sa_type=type_moment)
    deadline: datetime | None = Field(default=None, sa_type=type_moment)
    put_at: datetime | None = Field(default=None, sa_type=type_moment)
    viewing_at: datetime | None = Field(default=None, sa_type=type_moment)
    run_id: UUID | None = Field(default=None, foreign_key="matching_run.id", ondelete="RESTRICT")
    by_hand_because: str | None = secret()
    sealed: bytes | None = None
    misfit: dict[str, int] = Field(default_factory=dict, sa_type=JSONB)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    card_id: UUID | None = Field(default=None, foreign_key="card.id", ondelete="RESTRICT")
    contract: ContractForm | None = Field(default=None, sa_type=word(ContractForm))
    contract_from: date | None = None
    takeover_on: date | None = None
    moved_in_on: date | None = None
    closed_because: Closed | None = Field(default=None, sa_type=word(Closed))

    def household(self, db: Session) -> UUID:
        """Give the case of its need."""
        return case_of_need(db, self.need_id)


keyed_by(Placement, col(Need.case_id), where=col(Need.id) == col(Placement.need_id), seldom=True)


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
    """One board's part of a run of the matching; at most one at a time (the partial index is the lock).

    A board that is matched by itself has the whole run here. In a run of several boards each has a row of its own, with
    its own needs and homes counted; `lead_id` is the row that stands for the whole, and None there.
    """

    __tablename__ = "matching_run"
    __table_args__ = (
        Index("uq_matching_run_going", "board_id", unique=True, postgresql_where=text("finished_at is null")),
        Index("ix_matching_run_board", "board_id", "started_at"),
        Index("ix_matching_run_lead", "lead_id", postgresql_where=text("lead_id is not null")),
    )

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    lead_id: UUID | None = Field(default=None, foreign_key="matching_run.id", ondelete="RESTRICT")
    started_at: datetime = Field(sa_type=type_moment)
    ends_at: datetime = Field(sa_type=type_moment)
    finished_at: datetime | None = Field(default=None, sa_type=type_moment)
    failed_because: str | None = Field(default=None, max_length=200)
    stage: RunStage | None = Field(default=None, sa_type=word(RunStage))
    joint: bool = True
    input_hash: str | None = Field(default=None, max_length=64)
    needs: int = 0
    homes: int = 0
    placed: int = 0
    misfit: int = 0
    kept: int = 0
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
    homes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)


class RunRecord(Record, table=True):
    """What a run can be judged by later: the problem it was given (sealed), its plan by need, and the proof of it."""

    __tablename__ = "run_record"
    __table_args__ = (UniqueConstraint("run_id"), Index("ix_run_record_board", "board_id", "made_at"))

    run_id: UUID = Field(foreign_key="matching_run.id", ondelete="CASCADE")
    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    made_at: datetime = Field(sa_type=type_moment)
    problem: bytes = Field(sa_type=LargeBinary)
    plan: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    proof: bytes = Field(sa_type=LargeBinary)


class EmptyHomeFigure(Record, table=True):
    """How many needs the last run found to fit an empty home, and how many each rule kept from it: never who.

    None stands for a number too small to be told; what is too small is never stored (S07).
    """

    __tablename__ = "empty_home_figure"
    __table_args__ = (UniqueConstraint("board_id", "home_id"),)

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    home_id: UUID = Field(foreign_key="home.id", ondelete="CASCADE")
    run_id: UUID = Field(foreign_key="matching_run.id", ondelete="CASCADE")
    fits: int | None = None
    failing: dict[str, int | None] = Field(default_factory=dict, sa_type=JSONB)


class KeptApart(Record, table=True):
    """Two cases of a board whose homes must not lie in the same place; the one with the smaller id comes first."""

    __tablename__ = "kept_apart"
    __table_args__ = (
        UniqueConstraint("case_id", "other_id", "scope"),
        Index("ix_kept_apart_other", "other_id"),
        CheckConstraint("case_id < other_id", name="two_in_order"),
    )

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    case_id: UUID = Field(foreign_key="case_.id", ondelete="CASCADE")
    other_id: UUID = Field(foreign_key="case_.id", ondelete="CASCADE")
    scope: Apart = Field(sa_type=word(Apart))
    made_by: UUID = Field(foreign_key="account.id", ondelete="RESTRICT")
    made_at: datetime = Field(sa_type=type_moment)


class Question(Record, table=True):
    """What somebody asks to be reckoned in thought, and the answer: numbers, and of homes her own case's alone."""

    __tablename__ = "what_if"
    __table_args__ = (
        Index("ix_what_if_asked_by", "asked_by", "asked_at"),
        CheckConstraint("(kind = 'more_homes') = (case_id is null)", name="about_a_case"),
    )

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    asked_by: UUID = Field(foreign_key="account.id", ondelete="RESTRICT")
    asked_at: datetime = Field(sa_type=type_moment)
    case_id: UUID | None = Field(default=None, foreign_key="case_.id", ondelete="CASCADE", index=True)
    kind: Asked = Field(sa_type=word(Asked))
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    answered_at: datetime | None = Field(default=None, sa_type=type_moment)
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
