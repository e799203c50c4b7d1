"""How a placement closes: the reason decides what follows.

All of it happens in one transaction, except where the company ends it: its role cannot write in the case zone, so what
follows there is the worker's, asked for in the same transaction (`placements/settling.py`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from bostad.accounts.access import Actor
from bostad.homes import service as homes
from bostad.homes.states import HomeState, WithdrawnBecause
from bostad.homes.tables import Home
from bostad.needs import service as needs
from bostad.needs.states import NeedState, PausedBecause
from bostad.outbox import service as outbox
from bostad.placements.lifecycle import By, Move, Service, Stage, next_stage
from bostad.placements.loading import Held, Locked
from bostad.placements.reasons import NEVER_AGAIN, REASONS, Closed, Consequence
from bostad.placements.tables import NeverAgain, Placement, PlacementEvent

_LEAVES_BECAUSE = {
    Closed.LET_ELSEWHERE: WithdrawnBecause.LET_ELSEWHERE,
    Closed.NEEDS_REPAIR: WithdrawnBecause.RENOVATION,
    Closed.TERMS: WithdrawnBecause.MISTAKE,
}
_PAUSED_BECAUSE = {Closed.NO_ANSWER_SOCIAL: PausedBecause.NO_ANSWER}


def role_of(by: Actor | None) -> By:
    """Give whose move it is: a person's role, or the service itself."""
    return by.role if by else Service.SERVICE


def close(db: Session, held: Held, move: Move, because: Closed, *, by: Actor | None, at: datetime) -> None:
    """Close a placement and let what follows from the reason happen; the caller audits.

    The database takes the card back, and gives the month's quota back what this placement had used of it (the triggers
    `placement_withdraws_card` and `placement_is_counted`).
    """
    placement = held.placement
    after = next_stage(placement.stage, move, role_of(by))
    note(db, held, move, after, by=by, at=at, because=because)
    db.flush()  # once it is closed the company can no longer see the placement that its event belongs to
    placement.stage = after
    placement.stage_since, placement.deadline, placement.closed_because = at, None, because
    at_home = _AT_HOME.get(REASONS[because].consequence)
    if at_home:
        at_home(db, held.home, because, at)
    if isinstance(held, Locked):
        follow_in_case_zone(db, held, because, at=at)
        if move is not Move.PREEMPT:
            ask_for_runs(db, held.placement, at=at)
    else:
        outbox.post(db, "placement.settle", key=str(placement.id), at=at)


def ask_for_runs(db: Session, placement: Placement, *, at: datetime) -> None:
    """Ask for a run for the household's board, and for the home's where that is another: they may be one no more."""
    for board_id in (placement.board_id, placement.host_id):
        if board_id is not None:
            outbox.post(db, "matching.run", key=str(board_id), at=at)


def follow_in_case_zone(db: Session, locked: Locked, because: Closed, *, at: datetime) -> None:
    """Let what follows for the need happen; done twice, it is done once."""
    consequence = REASONS[because].consequence
    if consequence in NEVER_AGAIN:
        _never_again(db, locked)
    if consequence in _PAUSES:
        _pause_need(db, locked, because, at)


def note(
    db: Session, held: Held, move: Move, stage: Stage, *, by: Actor | None, at: datetime, because: Closed | None = None
) -> None:
    """Write down a move: who, when, where it led, and whose reason it was."""
    db.add(
        PlacementEvent(
            placement_id=held.placement.id,
            at=at,
            by_id=by.id if by else None,
            move=move,
            stage=stage,
            because=because,
            side=REASONS[because].side if because else None,
        )
    )


def _never_again(db: Session, locked: Locked) -> None:
    home = locked.home
    pair = {"need_id": locked.need.id, "company_id": home.company_id, "object_number": home.object_number}
    db.execute(insert(NeverAgain).values(id=uuid4(), **pair).on_conflict_do_nothing())


def _pause_need(db: Session, locked: Locked, because: Closed, at: datetime) -> None:
    if locked.need.state is NeedState.OPEN:
        why = PausedBecause.TO_REVIEW if REASONS[because].consequence is Consequence.REVIEW_NEED else None
        needs.pause_need(db, locked.need, why or _PAUSED_BECAUSE.get(because, PausedBecause.BY_WORKER), at=at)


def _pause_home(db: Session, home: Home, _: Closed, at: datetime) -> None:
    if home.state is HomeState.PUBLISHED:
        homes.pause(db, home, at=at)


def _home_leaves(db: Session, home: Home, because: Closed, at: datetime) -> None:
    homes.leave(db, home, _LEAVES_BECAUSE[because], at=at)


_PAUSES = frozenset({Consequence.REVIEW_NEED, Consequence.PAUSE_NEED})
_AT_HOME: Mapping[Consequence, Callable[[Session, Home, Closed, datetime], None]] = {
    Consequence.PAUSE_HOME: _pause_home,
    Consequence.HOME_LEAVES: _home_leaves,
}
