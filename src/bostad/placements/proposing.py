"""One matching run for one board: read, think with no transaction open, look again under lock, write. Worker only."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bostad.agreements.joint import is_joint
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement
from bostad.matching.plan import Plan
from bostad.outbox import service as outbox
from bostad.placements.looking import Picture, look
from bostad.placements.records import keep
from bostad.placements.run_states import RunStage
from bostad.placements.tables import MatchingRun
from bostad.placements.thinking import think
from bostad.placements.writing import take_back, write_plan
from bostad.records import Sessions
from bostad.sealing.columns import keyring_of

LONGEST_RUN = timedelta(minutes=10)
Stopwatch = Callable[[], float]


class Busy(Exception):
    """Another run of this board is going on, or the ground moved under this one: try again shortly."""


class _Watch:
    """Tells whoever waits which stage a run is at, in a transaction of its own, and keeps the seconds of each."""

    def __init__(self, sessions: Sessions, run_id: UUID, stopwatch: Stopwatch) -> None:
        self._sessions, self._run_id, self._stopwatch = sessions, run_id, stopwatch
        self._began = 0.0
        self._stage: RunStage | None = None
        self._seconds: dict[str, float] = {}

    def __call__(self, stage: RunStage) -> None:
        self.stop()
        self._stage = stage
        with self._sessions.begin() as db:
            db.get_one(MatchingRun, self._run_id).stage = stage
        self._began = self._stopwatch()

    def stop(self) -> dict[str, float]:
        """End the stage that goes on; give the seconds of each so far."""
        if self._stage is not None:
            self._seconds[self._stage] = round(self._stopwatch() - self._began, 6)
            self._stage = None
        return self._seconds


def run_matching(sessions: Sessions, board_id: UUID, *, at: datetime, stopwatch: Stopwatch) -> UUID:
    """Propose homes to a board's open needs; give the run's id.

    Raises Busy when a run is going on already, or when something changed while this one thought.
    """
    run_id = _begin(sessions, board_id, at=at)
    try:
        _run(sessions, board_id, run_id, at=at, stopwatch=stopwatch)
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


def _run(sessions: Sessions, board_id: UUID, run_id: UUID, *, at: datetime, stopwatch: Stopwatch) -> None:
    watch = _Watch(sessions, run_id, stopwatch)
    watch(RunStage.READ)
    with sessions() as db:
        before = look(db, board_id, at.date()) if is_joint(db, board_id) else None
    if before is None:
        _stand_down(sessions, board_id, run_id, at=at)
        return
    thought = think(before.problem, watch)
    watch(RunStage.WRITE)
    with sessions.begin() as db:
        now = look(db, board_id, at.date(), lock=True)
        if now.fingerprint() != before.fingerprint() or not is_joint(db, board_id):
            raise Busy
        run = db.get_one(MatchingRun, run_id)
        _note(db, run, now, thought.plan)
        keep(db, now, thought.plan, run_id=run_id, board_id=board_id, at=at)
        write_plan(db, now, thought, run_id=run_id, board_id=board_id, at=at)
        run.finished_at, run.stage, run.seconds = at, None, watch.stop()


def _note(db: Session, run: MatchingRun, picture: Picture, plan: Plan) -> None:
    """Write down what a run was given and what came of it."""
    run.input_hash = keyring_of(db).fingerprint("run", picture.fingerprint())  # without the keys nobody can guess it
    run.proven, run.kept = plan.proven, plan.kept
    run.needs, run.homes, run.misfit = len(picture.needs), len(picture.homes), plan.misfit
    run.placed = sum(not placement.locked for placement in plan.placements)


def _stand_down(sessions: Sessions, board_id: UUID, run_id: UUID, *, at: datetime) -> None:
    """Propose nothing jointly: what a run had proposed and nobody has been told of is taken back."""
    with sessions.begin() as db:
        if is_joint(db, board_id):
            raise Busy
        run = db.get_one(MatchingRun, run_id)
        run.joint, run.finished_at, run.stage = False, at, None
        take_back(db, board_id, run_id=run_id, at=at)


def _begin(sessions: Sessions, board_id: UUID, *, at: datetime) -> UUID:
    """Take the board's one place for a run; a run whose time is up is written off first."""
    with sessions.begin() as db:
        going = select(MatchingRun).where(MatchingRun.board_id == board_id, col(MatchingRun.finished_at).is_(None))
        for stale in db.exec(going.where(MatchingRun.ends_at < at).with_for_update()).all():
            stale.finished_at, stale.stage, stale.failed_because = at, None, "out of time"
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
        run.finished_at, run.stage, run.failed_because = at, None, why
