"""Writing a plan down: what is overtaken closes, what is new is proposed, and every need learns why not."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bostad.agreements.deadlines import answer_by
from bostad.audit.service import record
from bostad.homes.tables import Home
from bostad.matching import plan as matching
from bostad.needs.tables import Need
from bostad.placements.closing import close
from bostad.placements.facts import facts_of
from bostad.placements.few import told
from bostad.placements.lifecycle import Move
from bostad.placements.loading import Locked
from bostad.placements.looking import Picture, standing_proposals
from bostad.placements.picture import lines_by_id
from bostad.placements.reasons import Closed
from bostad.placements.tables import EmptyHomeFigure, Placement, WhyNot
from bostad.placements.thinking import Thought
from bostad.sealing.columns import keyring_of


def write_plan(db: Session, picture: Picture, thought: Thought, *, run_id: UUID, board_id: UUID, at: datetime) -> None:
    """Make the board's proposals those of the plan; the caller holds every need and home of the picture locked."""
    placements = [one for one in thought.plan.placements if not one.locked]
    new = {(picture.needs[one.need].id, picture.homes[one.home].id): one for one in placements}
    overtaken = [one for one in picture.standing if (one.need_id, one.home_id) not in new]
    kept = {(one.need_id, one.home_id) for one in picture.standing}
    for placement in overtaken:
        close(db, _stands_on(db, placement), Move.PREEMPT, Closed.BETTER_PLAN, by=None, at=at)
    db.flush()
    proposed = [_proposal(db, picture, one, run_id=run_id, at=at) for pair, one in new.items() if pair not in kept]
    db.add_all(proposed)
    _forget_reasons(db, board_id)
    _say_why_not(db, picture, thought, run_id=run_id)
    _count_for_empty_homes(db, picture, thought, run_id=run_id, board_id=board_id)
    _log(db, overtaken, proposed, run_id=run_id, at=at)
    record(
        db,
        "matching.run",
        by=None,
        at=at,
        subject=run_id,
        organisation=board_id,
        proposed=len(new),
        overtaken=len(overtaken),
    )


def take_back(db: Session, board_id: UUID, *, run_id: UUID, at: datetime) -> None:
    """Take back what a run has proposed and nobody has been told of: joint matching is off."""
    ids = [placement.need_id for placement in standing_proposals(db, board_id, lock=False)]
    db.exec(select(Need).where(col(Need.id).in_(ids)).order_by(col(Need.id)).with_for_update()).all()
    standing = standing_proposals(db, board_id, lock=True)
    homes = {placement.home_id for placement in standing}
    db.exec(select(Home).where(col(Home.id).in_(homes)).order_by(col(Home.id)).with_for_update()).all()
    for placement in standing:
        close(db, _stands_on(db, placement), Move.PREEMPT, Closed.JOINT_OFF, by=None, at=at)
    _forget_reasons(db, board_id)
    _log(db, standing, (), run_id=run_id, at=at)
    record(db, "matching.stood_down", by=None, at=at, subject=run_id, organisation=board_id, taken_back=len(standing))


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


def _log(
    db: Session, taken_back: Iterable[Placement], proposed: Iterable[Placement], *, run_id: UUID, at: datetime
) -> None:
    """Give each proposal that a run took back its own row of the log, and name those that it made in one (I06).

    A row costs a step at the head of the chain, for which everybody waits, and a first run may make thousands.
    """
    run = str(run_id)
    for one in taken_back:
        board, because = one.board_id, one.closed_because
        record(
            db,
            "placement.preempt",
            by=None,
            at=at,
            subject=one.id,
            organisation=board,
            because=because,
            run=run,
        )
    made: dict[UUID, list[UUID]] = {}
    for one in proposed:
        made.setdefault(one.board_id, []).append(one.id)
    for board, ids in made.items():
        record(
            db,
            "placement.propose",
            by=None,
            at=at,
            subject=run_id,
            organisation=board,
            listed=ids,
            placements=[str(one) for one in ids],
        )


def _stands_on(db: Session, placement: Placement) -> Locked:
    need, home = db.get_one(Need, placement.need_id), db.get_one(Home, placement.home_id)
    line, agreement = lines_by_id(db, [home])[home.line_id]
    return Locked(placement, home, line, agreement, need)


def _forget_reasons(db: Session, board_id: UUID) -> None:
    """Forget what the board's last run had said of needs and of empty homes."""
    of_the_board = select(Need.id).where(Need.board_id == board_id)
    db.execute(delete(WhyNot).where(col(WhyNot.need_id).in_(of_the_board)))
    db.execute(delete(EmptyHomeFigure).where(col(EmptyHomeFigure.board_id) == board_id))


def _say_why_not(db: Session, picture: Picture, thought: Thought, *, run_id: UUID) -> None:
    """Keep why each need has no home, and what could have housed it; each is reached from its own need alone."""
    for one in thought.reasons:
        name = one.need.need
        homes = [
            {"home": str(picture.homes[each.home].id), "because": each.because, "hers": each.hers}
            for each in thought.homes.get(name, ())
        ]
        why = WhyNot(need_id=picture.needs[name].id, run_id=run_id, reason=one.reason, detail=dict(one.detail))
        why.homes = homes
        db.add(why)


def _count_for_empty_homes(db: Session, picture: Picture, thought: Thought, *, run_id: UUID, board_id: UUID) -> None:
    """Keep for each empty home how many needs it fits and how many each rule keeps from it, as far as may be told."""
    waiting = len(picture.needs) - len(picture.problem.locked)
    for one in thought.empty:
        db.add(
            EmptyHomeFigure(
                board_id=board_id,
                home_id=picture.homes[one.home].id,
                run_id=run_id,
                fits=told(one.fits, of=waiting),
                failing={rule: told(count, of=waiting) for rule, count in one.failing.items()},
            )
        )
