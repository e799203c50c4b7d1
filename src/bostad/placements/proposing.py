"""One matching run: read, think with no transaction open, look again under lock, write. Worker only.

A run for a board is one for every board that it is matched together with (`counties`), and there is no other while it
goes on: each has a row of its own for it, and can have one at a time.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement
from bostad.counties.loading import boards_in_run, keep_as_they_are
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

MATCHING = "matching.run"
LONGEST_RUN = timedelta(minutes=10)
Stopwatch = Callable[[], float]


class Busy(Exception):
    """Another run of these boards is going on, or the ground moved under this one: try again shortly."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that goes on: the row that stands for the whole, each board's own, and whose asking for it it serves."""

    lead: UUID
    parts: Mapping[UUID, UUID]
    served: Sequence[str]

    def rows(self, db: Session) -> Sequence[MatchingRun]:
        """Give the boards' rows, to write in them."""
        return db.exec(select(MatchingRun).where(col(MatchingRun.id).in_(self.parts.values()))).all()


class _Watch:
    """Tells whoever waits which stage a run is at, in a transaction of its own, and keeps the seconds of each."""

    def __init__(self, sessions: Sessions, run: Run, stopwatch: Stopwatch) -> None:
        self._sessions, self._run, self._stopwatch = sessions, run, stopwatch
        self._began = 0.0
        self._stage: RunStage | None = None
        self._seconds: dict[str, float] = {}

    def __call__(self, stage: RunStage) -> None:
        self.stop()
        self._stage = stage
        with self._sessions.begin() as db:
            for part in self._run.rows(db):
                part.stage = stage
        self._began = self._stopwatch()

    def stop(self) -> dict[str, float]:
        """End the stage that goes on; give the seconds of each so far."""
        if self._stage is not None:
            self._seconds[self._stage] = round(self._stopwatch() - self._began, 6)
            self._stage = None
        return self._seconds


def run_matching(sessions: Sessions, board_id: UUID, *, at: datetime, stopwatch: Stopwatch) -> UUID:
    """Propose homes to the open needs of a board and of those it is matched with; give the id of its part of the run.

    Raises Busy when a run of any of them is going on already, or when something changed while this one thought.
    """
    with sessions() as db:
        boards = boards_in_run(db, board_id, at.date())
    run = _begin(sessions, board_id, boards, at=at)
    try:
        if boards:
            _run(sessions, boards, run, at=at, stopwatch=stopwatch)
        else:
            _stand_down(sessions, board_id, run, at=at)
    except Exception as fault:
        _fail(sessions, run, type(fault).__name__, at=at)
        raise
    return run.parts[board_id]


def ask_for_runs(sessions: Sessions, *, at: datetime) -> int:
    """Ask for a run for every board that has an agreement in force, once for those matched together; count them."""
    asked: set[UUID] = set()
    with sessions.begin() as db:
        in_force = select(Agreement.board_id).where(Agreement.state == AgreementState.IN_FORCE).distinct()
        for board_id in sorted(db.exec(in_force).all()):
            if board_id not in asked:
                outbox.post(db, MATCHING, key=str(board_id), at=at)
                asked |= {board_id, *boards_in_run(db, board_id, at.date())}
    return len(asked)


def _run(sessions: Sessions, boards: frozenset[UUID], run: Run, *, at: datetime, stopwatch: Stopwatch) -> None:
    watch = _Watch(sessions, run, stopwatch)
    watch(RunStage.READ)
    with sessions() as db:
        before = look(db, boards, at.date())
    thought = think(before.problem, before.parts(boards), watch)
    watch(RunStage.WRITE)
    with sessions.begin() as db:
        keep_as_they_are(db, boards)
        now = look(db, boards, at.date(), lock=True)
        if now.fingerprint() != before.fingerprint() or boards_in_run(db, min(boards), at.date()) != boards:
            raise Busy
        keep(db, now, thought.plan, run_id=run.lead, board_id=min(boards), at=at)
        _note(db, run, now, thought.plan)
        write_plan(db, now, thought, run=run.parts, at=at)
        for part in run.rows(db):
            part.finished_at, part.stage, part.seconds = at, None, watch.stop()


def _note(db: Session, run: Run, picture: Picture, plan: Plan) -> None:
    """Write down what a run was given and what came of it: needs and homes by board, the plan's worth as a whole."""
    given = keyring_of(db).fingerprint("run", picture.fingerprint())  # without the keys nobody can guess it
    parts = picture.parts(run.parts)
    placed = Counter(picture.needs[one.need].board_id for one in plan.placements if not one.locked)
    for part in run.rows(db):
        own = parts[part.board_id]
        part.input_hash, part.proven, part.kept, part.misfit = given, plan.proven, plan.kept, plan.misfit
        part.needs, part.homes, part.placed = len(own.needs), len(own.homes), placed[part.board_id]


def _stand_down(sessions: Sessions, board_id: UUID, run: Run, *, at: datetime) -> None:
    """Propose nothing jointly: what a run had proposed and nobody has been told of is taken back.

    The boards that it was matched with before are planned for anew if that concerns them.
    """
    with sessions.begin() as db:
        keep_as_they_are(db, [board_id])
        if boards_in_run(db, board_id, at.date()):
            raise Busy
        for part in run.rows(db):
            part.joint, part.finished_at, part.stage = False, at, None
        for other in sorted(take_back(db, board_id, run_id=run.lead, at=at) - {board_id}):
            outbox.post(db, MATCHING, key=str(other), at=at)


def _begin(sessions: Sessions, board_id: UUID, boards: frozenset[UUID], *, at: datetime) -> Run:
    """Take every board's one place for a run; a run whose time is up is written off first.

    What waits for the others is done by this run, and asked for again if it does not come to its end.
    """
    every = sorted(boards or {board_id})
    with sessions.begin() as db:
        going = select(MatchingRun).where(col(MatchingRun.board_id).in_(every), col(MatchingRun.finished_at).is_(None))
        stale = going.where(MatchingRun.ends_at < at).order_by(col(MatchingRun.board_id))
        for row in db.exec(stale.with_for_update()).all():
            row.finished_at, row.stage, row.failed_because = at, None, "out of time"
    lead = uuid4()
    rows = [
        MatchingRun(
            id=lead if nth == 0 else uuid4(),
            lead_id=lead if nth else None,
            board_id=one,
            started_at=at,
            ends_at=at + LONGEST_RUN,
        )
        for nth, one in enumerate(every)
    ]
    try:
        with sessions.begin() as db:
            for row in rows:
                db.add(row)
                db.flush()
            others = [str(one) for one in every if one != board_id]
            served = outbox.take_over(db, MATCHING, others, at=at) if others else ()
    except IntegrityError as taken:
        raise Busy from taken
    return Run(lead, {row.board_id: row.id for row in rows}, served)


def _fail(sessions: Sessions, run: Run, why: str, *, at: datetime) -> None:
    with sessions.begin() as db:
        for part in run.rows(db):
            part.finished_at, part.stage, part.failed_because = at, None, why
        for key in run.served:
            outbox.post(db, MATCHING, key=key, at=at)
