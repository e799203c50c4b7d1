"""One matching run for one board: read, think with no transaction open, look again under lock, write. Worker only."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement
from bostad.matching.check import faults
from bostad.matching.explain import unplaced
from bostad.matching.solve import best_plan
from bostad.outbox import service as outbox
from bostad.placements.looking import look
from bostad.placements.tables import MatchingRun
from bostad.placements.writing import write_plan
from bostad.records import Sessions

LONGEST_RUN = timedelta(minutes=10)
Stopwatch = Callable[[], float]


class Busy(Exception):
    """Another run of this board is going on, or the ground moved under this one: try again shortly."""


class PlanAtFault(Exception):
    """The checker found something wrong with a plan, which is therefore not written. It says which rule, not whose."""


def run_matching(sessions: Sessions, board_id: UUID, *, at: datetime, stopwatch: Stopwatch) -> UUID:
    """Propose homes to a board's open needs; give the run's id.

    Raises Busy when a run is going on already, or when something changed while this one thought.
    """
    run_id = _begin(sessions, board_id, at=at)
    try:
        _think_and_write(sessions, board_id, run_id, at=at, stopwatch=stopwatch)
    except Exception as fault:
        _fail(sessions, run_id, type(fault).__name__, at=at)
        raise
    return run_id


def ask_for_runs(sessions: Sessions, *, at: datetime) -> int:
    """Ask for a run for every board that has an agreement in force; count them."""
    with sessions.begin() as db:
        in_force = select(Agreement.board_id).where(Agreement.state == AgreementState.IN_FORCE).distinct()
        boards = sorted(db.exec(in_force).all())
        for board_id in boards:
            outbox.post(db, "matching.run", key=str(board_id), at=at)
    return len(boards)


def _think_and_write(sessions: Sessions, board_id: UUID, run_id: UUID, *, at: datetime, stopwatch: Stopwatch) -> None:
    started = stopwatch()
    with sessions() as db:
        before = look(db, board_id, at.date())
    read = stopwatch()

    plan = best_plan(before.problem)
    reasons = unplaced(before.problem, plan)
    wrong = faults(before.problem, plan)
    if wrong:
        raise PlanAtFault(f"{len(wrong)} faults")
    thought = stopwatch()

    with sessions.begin() as db:
        now = look(db, board_id, at.date(), lock=True)
        if now.fingerprint() != before.fingerprint():
            raise Busy
        run = db.get_one(MatchingRun, run_id)
        run.finished_at, run.input_hash, run.proven = at, now.fingerprint(), plan.proven
        run.needs, run.homes, run.misfit = len(now.needs), len(now.homes), plan.misfit
        run.placed = sum(not placement.locked for placement in plan.placements)
        write_plan(db, now, plan, reasons, run_id=run_id, at=at)
        run.seconds = {"read": read - started, "think": thought - read, "write": stopwatch() - thought}


def _begin(sessions: Sessions, board_id: UUID, *, at: datetime) -> UUID:
    """Take the board's one place for a run; a run whose time is up is written off first."""
    with sessions.begin() as db:
        going = select(MatchingRun).where(MatchingRun.board_id == board_id, col(MatchingRun.finished_at).is_(None))
        for stale in db.exec(going.where(MatchingRun.ends_at < at).with_for_update()).all():
            stale.finished_at, stale.failed_because = at, "out of time"
    run = MatchingRun(board_id=board_id, started_at=at, ends_at=at + LONGEST_RUN)
    try:
        with sessions.begin() as db:
            db.add(run)
    except IntegrityError as taken:
        raise Busy from taken
    return run.id


def _fail(sessions: Sessions, run_id: UUID, why: str, *, at: datetime) -> None:
    with sessions.begin() as db:
        run = db.get_one(MatchingRun, run_id)
        run.finished_at, run.failed_because = at, why
