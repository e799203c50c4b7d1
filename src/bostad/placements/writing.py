"""Writing a plan down: what is overtaken closes, what is new is proposed, and every need learns why not."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bostad.agreements.deadlines import answer_by
from bostad.audit.service import record
from bostad.homes.tables import Home
from bostad.matching import plan as matching
from bostad.needs.tables import Need
from bostad.placements.closing import close
from bostad.placements.concerning import hold_standing
from bostad.placements.facts import facts_of
from bostad.placements.few import told
from bostad.placements.lifecycle import Move
from bostad.placements.loading import Locked
from bostad.placements.looking import Picture
from bostad.placements.picture import lines_by_id
from bostad.placements.reasons import Closed
from bostad.placements.tables import EmptyHomeFigure, Placement, WhyNot
from bostad.placements.thinking import Thought
from bostad.sealing.columns import keyring_of

Row = TypeVar("Row", Need, Home)


def write_plan(db: Session, picture: Picture, thought: Thought, *, run: Mapping[UUID, UUID], at: datetime) -> None:
    """Make the boards' proposals those of the plan; the caller holds every need and home of the picture locked.

    `run` gives each board's own part of the run. What stands here for a board is of its own needs and homes alone.
    """
    placements = [one for one in thought.plan.placements if not one.locked]
    new = {(picture.needs[one.need].id, picture.homes[one.home].id): one for one in placements}
    overtaken = [one for one in picture.standing if (one.need_id, one.home_id) not in new]
    kept = {(one.need_id, one.home_id) for one in picture.standing}
    for locked in _grounds(db, overtaken):
        close(db, locked, Move.PREEMPT, Closed.BETTER_PLAN, by=None, at=at)
    db.flush()
    proposed = [_proposal(db, picture, one, run=run, at=at) for pair, one in new.items() if pair not in kept]
    db.add_all(proposed)
    _forget_reasons(db, run)
    _say_why_not(db, picture, thought, run=run)
    _count_for_empty_homes(db, picture, thought, run=run)
    _log(db, overtaken, proposed, run=run, at=at)
    _log_runs(db, new, picture, overtaken, run=run, at=at)


def take_back(db: Session, board_id: UUID, *, run_id: UUID, at: datetime) -> frozenset[UUID]:
    """Take back what runs have proposed to a board's needs, or of its homes, and nobody has been told of.

    Its joint matching is off; why, is its own matter. Gives every board that this concerns.
    """
    standing = hold_standing(db, [board_id])
    for locked in _grounds(db, standing):
        because = Closed.JOINT_OFF if locked.need.board_id == board_id else Closed.BETTER_PLAN
        close(db, locked, Move.PREEMPT, because, by=None, at=at)
    _forget_reasons(db, [board_id])
    _log(db, standing, (), run={board_id: run_id}, at=at)
    own = sum(one.board_id == board_id for one in standing)
    record(db, "matching.stood_down", by=None, at=at, subject=run_id, organisation=board_id, taken_back=own)
    return frozenset(board for one in standing for board in (one.board_id, one.host_id) if board)


def _proposal(
    db: Session, picture: Picture, one: matching.Placement, *, run: Mapping[UUID, UUID], at: datetime
) -> Placement:
    need, home = picture.needs[one.need], picture.homes[one.home]
    agreement = picture.lines[home.line_id][1]
    return Placement(
        need_id=need.id,
        home_id=home.id,
        board_id=need.board_id,
        company_id=home.company_id,
        host_id=agreement.board_id if agreement.board_id != need.board_id else None,
        proposed_at=at,
        stage_since=at,
        deadline=answer_by(at, agreement.municipality_days),
        run_id=run[need.board_id],
        misfit=asdict(one.misfit) if one.misfit else {},
        facts=facts_of(picture.seen_needs[one.need], picture.seen_homes[one.home], keyring_of(db)),
    )


def _log(
    db: Session,
    taken_back: Iterable[Placement],
    proposed: Iterable[Placement],
    *,
    run: Mapping[UUID, UUID],
    at: datetime,
) -> None:
    """Give each proposal that a run took back its own row of the log, and name those that it made in one (I06).

    A row costs a step at the head of the chain, for which everybody waits, and a first run may make thousands.
    """
    for one in taken_back:
        board, because = one.board_id, one.closed_because
        part = str(run.get(board) or next(iter(run.values())))
        record(db, "placement.preempt", by=None, at=at, subject=one.id, organisation=board, because=because, run=part)
    made: dict[UUID, list[UUID]] = {}
    for one in proposed:
        made.setdefault(one.board_id, []).append(one.id)
    for board, ids in made.items():
        record(
            db,
            "placement.propose",
            by=None,
            at=at,
            subject=run[board],
            organisation=board,
            listed=ids,
            placements=[str(one) for one in ids],
        )


def _log_runs(
    db: Session,
    new: Mapping[tuple[UUID, UUID], matching.Placement],
    picture: Picture,
    overtaken: Sequence[Placement],
    *,
    run: Mapping[UUID, UUID],
    at: datetime,
) -> None:
    """Give each board's part of the run its row of the log: how much of it was its own needs'."""
    proposed = Counter(picture.needs[one.need].board_id for one in new.values())
    gone = Counter(one.board_id for one in overtaken)
    for board_id, run_id in run.items():
        record(
            db,
            "matching.run",
            by=None,
            at=at,
            subject=run_id,
            organisation=board_id,
            proposed=proposed[board_id],
            overtaken=gone[board_id],
        )


def _grounds(db: Session, placements: Sequence[Placement]) -> list[Locked]:
    """Give placements with what they stand on, which the caller holds locked."""
    needs = _by_id(db.exec(select(Need).where(col(Need.id).in_({one.need_id for one in placements}))).all())
    homes = _by_id(db.exec(select(Home).where(col(Home.id).in_({one.home_id for one in placements}))).all())
    lines = lines_by_id(db, homes.values())
    return [
        Locked(one, homes[one.home_id], *lines[homes[one.home_id].line_id], needs[one.need_id]) for one in placements
    ]


def _by_id(rows: Iterable[Row]) -> dict[UUID, Row]:
    return {row.id: row for row in rows}


def _forget_reasons(db: Session, boards: Collection[UUID]) -> None:
    """Forget what the boards' last run had said of needs and of empty homes."""
    of_the_boards = select(Need.id).where(col(Need.board_id).in_(boards))
    db.execute(delete(WhyNot).where(col(WhyNot.need_id).in_(of_the_boards)))
    db.execute(delete(EmptyHomeFigure).where(col(EmptyHomeFigure.board_id).in_(boards)))


def _say_why_not(db: Session, picture: Picture, thought: Thought, *, run: Mapping[UUID, UUID]) -> None:
    """Keep why each need has no home, and what could have housed it; each is reached from its own need alone."""
    for name, said in thought.told.needs.items():
        need = picture.needs[name]
        why = WhyNot(need_id=need.id, run_id=run[need.board_id], reason=said.reason, detail=dict(said.detail))
        why.homes = [
            {"home": str(picture.homes[one.home].id), "because": one.because, "hers": one.hers} for one in said.homes
        ]
        db.add(why)


def _count_for_empty_homes(db: Session, picture: Picture, thought: Thought, *, run: Mapping[UUID, UUID]) -> None:
    """Keep for each empty home how many of its own board's needs it fits, and how many each rule keeps from it.

    As far as may be told: neither few nor nearly all.
    """
    promised = {need for need, _ in picture.problem.locked}
    waiting = Counter(need.board_id for name, need in picture.needs.items() if name not in promised)
    for board_id, homes in thought.told.empty.items():
        for one in homes:
            db.add(
                EmptyHomeFigure(
                    board_id=board_id,
                    home_id=picture.homes[one.home].id,
                    run_id=run[board_id],
                    fits=told(one.fits, of=waiting[board_id]),
                    failing={rule: told(count, of=waiting[board_id]) for rule, count in one.failing.items()},
                )
            )
