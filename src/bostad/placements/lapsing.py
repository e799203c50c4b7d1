"""Deadlines that act: a promise that nobody answers goes back by the same path as a decline."""

from datetime import datetime

from sqlmodel import col, select

from bostad.audit.service import record
from bostad.placements.closing import close
from bostad.placements.lifecycle import STEPS, Move, Stage
from bostad.placements.loading import lock_placement
from bostad.placements.reasons import Closed
from bostad.placements.tables import Placement
from bostad.records import Sessions

BATCH = 200
LAPSING = frozenset(stage for stage, move in STEPS if move is Move.LAPSE)


def lapse_overdue(sessions: Sessions, *, at: datetime) -> int:
    """Close every placement whose deadline has passed, each in its own transaction; count them."""
    with sessions() as db:
        overdue = select(Placement.id).where(col(Placement.stage).in_(LAPSING), col(Placement.deadline) < at)
        ids = db.exec(overdue.order_by(col(Placement.deadline), col(Placement.id)).limit(BATCH)).all()
    closed = 0
    for placement_id in ids:
        with sessions.begin() as db:
            locked = lock_placement(db, placement_id, by=None, on=at.date())
            placement = locked.placement
            if placement.stage not in LAPSING or placement.deadline is None or placement.deadline >= at:
                continue
            silent = Closed.NO_ANSWER_SOCIAL if placement.stage is Stage.PROPOSED else Closed.NO_ANSWER_COMPANY
            close(db, locked, Move.LAPSE, silent, by=None, at=at)
            board = placement.board_id
            record(db, "placement.lapse", by=None, at=at, subject=placement_id, organisation=board, because=silent)
            closed += 1
    return closed
