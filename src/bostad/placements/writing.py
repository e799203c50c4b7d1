"""Writing a plan down: what is overtaken closes, what is new is proposed, and every need learns why not."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bostad.agreements.deadlines import answer_by
from bostad.audit.service import record
from bostad.homes.tables import Home
from bostad.matching import plan as matching
from bostad.matching.explain import Unplaced
from bostad.needs.tables import Need
from bostad.placements.closing import close
from bostad.placements.facts import facts_of
from bostad.placements.lifecycle import Move
from bostad.placements.loading import Locked
from bostad.placements.looking import Picture
from bostad.placements.picture import lines_by_id
from bostad.placements.reasons import Closed
from bostad.placements.tables import Placement, WhyNot
from bostad.sealing.columns import keyring_of


def write_plan(
    db: Session, picture: Picture, plan: matching.Plan, reasons: Sequence[Unplaced], *, run_id: UUID, at: datetime
) -> None:
    """Make the board's proposals those of the plan; the caller holds every need and home of the picture locked."""
    new = {(picture.needs[one.need].id, picture.homes[one.home].id): one for one in plan.placements if not one.locked}
    overtaken = [one for one in picture.standing if (one.need_id, one.home_id) not in new]
    kept = {(one.need_id, one.home_id) for one in picture.standing}
    for placement in overtaken:
        close(db, _stands_on(db, placement), Move.PREEMPT, Closed.BETTER_PLAN, by=None, at=at)
    db.flush()
    for pair, one in new.items():
        if pair not in kept:
            db.add(_proposal(db, picture, one, run_id=run_id, at=at))
    _say_why_not(db, picture, reasons, run_id=run_id)
    record(db, "matching.run", by=None, at=at, subject=run_id, proposed=len(new), overtaken=len(overtaken))


def _proposal(db: Session, picture: Picture, one: matching.Placement, *, run_id: UUID, at: datetime) -> Placement:
    need, home = picture.needs[one.need], picture.homes[one.home]
    return Placement(
        need_id=need.id,
        home_id=home.id,
        board_id=need.board_id,
        company_id=home.company_id,
        proposed_at=at,
        stage_since=at,
        deadline=answer_by(at, lines_by_id(db, [home])[home.line_id][1].municipality_days),
        run_id=run_id,
        misfit=asdict(one.misfit) if one.misfit else {},
        facts=facts_of(picture.seen_needs[one.need], picture.seen_homes[one.home], keyring_of(db)),
    )


def _stands_on(db: Session, placement: Placement) -> Locked:
    need, home = db.get_one(Need, placement.need_id), db.get_one(Home, placement.home_id)
    line, agreement = lines_by_id(db, [home])[home.line_id]
    return Locked(placement, home, line, agreement, need)


def _say_why_not(db: Session, picture: Picture, reasons: Sequence[Unplaced], *, run_id: UUID) -> None:
    """Replace the board's reasons by this run's; each is reached from its own need alone."""
    board_ids = {need.board_id for need in picture.needs.values()}
    of_the_board = select(Need.id).where(col(Need.board_id).in_(board_ids))
    db.execute(delete(WhyNot).where(col(WhyNot.need_id).in_(of_the_board)))
    for one in reasons:
        need = picture.needs[one.need.need]
        db.add(WhyNot(need_id=need.id, run_id=run_id, reason=one.reason, detail=dict(one.detail)))
