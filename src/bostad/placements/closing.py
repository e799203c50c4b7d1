"""How a placement closes: the reason decides what follows, and all of it happens in one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from bostad.accounts.access import Actor
from bostad.agreements import service as agreements
from bostad.agreements.states import Counter
from bostad.homes import service as homes
from bostad.homes.states import HomeState, WithdrawnBecause
from bostad.needs import service as needs
from bostad.needs import sharing
from bostad.needs.states import NeedState, PausedBecause
from bostad.outbox import service as outbox
from bostad.placements.lifecycle import By, Move, Service, Stage, next_stage
from bostad.placements.loading import Locked
from bostad.placements.reasons import NEVER_AGAIN, REASONS, Closed, Consequence
from bostad.placements.tables import NeverAgain, PlacementEvent

_LEAVES_BECAUSE = {
    Closed.LET_ELSEWHERE: WithdrawnBecause.LET_ELSEWHERE,
    Closed.NEEDS_REPAIR: WithdrawnBecause.RENOVATION,
    Closed.TERMS: WithdrawnBecause.MISTAKE,
}
_PAUSED_BECAUSE = {Closed.NO_ANSWER_SOCIAL: PausedBecause.NO_ANSWER}


def role_of(by: Actor | None) -> By:
    """Give whose move it is: a person's role, or the service itself."""
    return by.role if by else Service.SERVICE


def close(db: Session, locked: Locked, move: Move, because: Closed, *, by: Actor | None, at: datetime) -> None:
    """Close a placement and let what follows from the reason happen; the caller audits."""
    placement = locked.placement
    before = placement.stage
    placement.stage = next_stage(before, move, role_of(by))
    placement.stage_since, placement.deadline, placement.closed_because = at, None, because
    note(db, locked, move, by=by, at=at, because=because)
    if placement.card_id:
        sharing.withdraw_cards(db, locked.need.id, locked.home.company_id, at)
    reason = REASONS[because]
    if reason.consequence in NEVER_AGAIN:
        _never_again(db, locked)
    follow = _FOLLOWS.get(reason.consequence)
    if follow:
        follow(db, locked, because, at)
    _give_back(db, locked, before)
    if move is not Move.PREEMPT:
        outbox.post(db, "matching.run", key=str(placement.board_id), at=at)


def note(
    db: Session, locked: Locked, move: Move, *, by: Actor | None, at: datetime, because: Closed | None = None
) -> None:
    """Write down a move: who, when, where it led, and whose reason it was."""
    db.add(
        PlacementEvent(
            placement_id=locked.placement.id,
            at=at,
            by_id=by.id if by else None,
            move=move,
            stage=locked.placement.stage,
            because=because,
            side=REASONS[because].side if because else None,
        )
    )


def _give_back(db: Session, locked: Locked, before: Stage) -> None:
    """Give the month's quota back what this placement had used of it."""
    if before in {Stage.RELEASED, Stage.RESERVED, Stage.SIGNED}:
        if before is Stage.SIGNED:
            agreements.count(db, locked.line.id, locked.home.month, Counter.SIGNED, -1)
        agreements.count(db, locked.line.id, locked.home.month, Counter.RELEASED, -1)


def _never_again(db: Session, locked: Locked) -> None:
    home = locked.home
    pair = {"need_id": locked.need.id, "company_id": home.company_id, "object_number": home.object_number}
    db.execute(insert(NeverAgain).values(id=uuid4(), **pair).on_conflict_do_nothing())


def _pause_need(db: Session, locked: Locked, because: Closed, at: datetime) -> None:
    if locked.need.state is NeedState.OPEN:
        why = PausedBecause.TO_REVIEW if REASONS[because].consequence is Consequence.REVIEW_NEED else None
        needs.pause_need(db, locked.need, why or _PAUSED_BECAUSE.get(because, PausedBecause.BY_WORKER), at=at)


def _pause_home(db: Session, locked: Locked, _: Closed, at: datetime) -> None:
    if locked.home.state is HomeState.PUBLISHED:
        homes.pause(db, locked.home, at=at)


def _home_leaves(db: Session, locked: Locked, because: Closed, at: datetime) -> None:
    homes.leave(db, locked.home, _LEAVES_BECAUSE[because], at=at)


_FOLLOWS: Mapping[Consequence, Callable[[Session, Locked, Closed, datetime], None]] = {
    Consequence.REVIEW_NEED: _pause_need,
    Consequence.PAUSE_NEED: _pause_need,
    Consequence.PAUSE_HOME: _pause_home,
    Consequence.HOME_LEAVES: _home_leaves,
}
