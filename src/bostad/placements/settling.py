"""What follows in the case zone from what a company has done: the worker's part; the company has no way there."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from bostad.audit.service import record
from bostad.needs import service as needs
from bostad.needs.states import NeedState
from bostad.needs.staying import end_stay
from bostad.placements.closing import ask_for_runs, close, follow_in_case_zone
from bostad.placements.lifecycle import STOPPABLE, Move, Stage
from bostad.placements.loading import Locked, live_of_home, lock_placement
from bostad.placements.reasons import Closed
from bostad.records import Sessions


def settle(sessions: Sessions, placement_id: UUID, *, at: datetime) -> None:
    """Let a company's decline, or its handing over of keys, take effect for the need; done twice, it is done once."""
    with sessions.begin() as db:
        locked = lock_placement(db, placement_id, by=None, on=at.date())
        placement, before = locked.placement, locked.need.state
        if placement.closed_because is not None:
            follow_in_case_zone(db, locked, placement.closed_because, at=at)
            ask_for_runs(db, placement, at=at)
        elif placement.stage is Stage.MOVED_IN:
            house(db, locked, at=at)
        if locked.need.state is not before:
            board, state = placement.board_id, locked.need.state
            record(db, "need.followed", by=None, at=at, subject=locked.need.id, organisation=board, state=state)


def house(db: Session, locked: Locked, *, at: datetime) -> None:
    """Note on the board's side that the household has moved in: the stay is over and the need is met."""
    if locked.need.state is not NeedState.HOUSED and locked.placement.moved_in_on is not None:
        end_stay(db, locked.need.case_id, locked.placement.moved_in_on)
        needs.house_need(db, locked.need, at=at)


def let_go_of_home(sessions: Sessions, home_id: UUID, *, at: datetime) -> None:
    """Stop the proposal of a home that its company has withdrawn; the company never knew of it."""
    with sessions.begin() as db:
        standing = live_of_home(db, home_id)
        if standing is None:
            return
        locked = lock_placement(db, standing, by=None, on=at.date())
        if locked.placement.stage in STOPPABLE:
            close(db, locked, Move.STOP, Closed.HOME_GONE, by=None, at=at)
            board, because = locked.placement.board_id, Closed.HOME_GONE
            record(db, "placement.stop", by=None, at=at, subject=standing, organisation=board, because=because)
