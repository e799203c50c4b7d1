"""What a run is judged by later: the problem it was given, its plan, and the proof. Case zone, and the worker's alone.

Of a run of several boards there is one record, for the plan is one: no board can read it, and `bostad runs check` is
the operator's. It stands under the row that leads the run.

Of each household there is its place in the plan, by need, and what the run was told of it, sealed with the household's
own key. When a household is deleted, the records it was part of go with it: without its key they could not be judged.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bostad.matching.as_text import fingerprint_of, problem_from, text_of
from bostad.matching.check import faults
from bostad.matching.plan import Misfit, Placement, Plan
from bostad.matching.problem import Problem
from bostad.matching.proof_text import proof_as_text, with_proof
from bostad.placements.looking import Picture
from bostad.placements.tables import MatchingRun, RunRecord
from bostad.records import Sessions
from bostad.sealing.columns import keyring_of
from bostad.sealing.envelope import open_sealed, padded, seal
from bostad.sealing.tables import HouseholdKey

HELD_FOR = timedelta(days=30)
"""Long enough to look into a plan that somebody questions; after that a run is its figures."""
OWN_KEY = bytes([1])
PAIRS = ("locked", "declined", "current")
SIDES = ("need_a", "need_b")


class NotKept(Exception):
    """A run cannot be judged: nothing was kept of it, or a household it was about has been deleted."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A run as it was: what it was given, and what it answered."""

    problem: Problem
    plan: Plan


def keep(db: Session, picture: Picture, plan: Plan, *, run_id: UUID, board_id: UUID, at: datetime) -> None:
    """Keep what a run can be judged by."""
    ids = {name: str(row.id) for name, row in picture.needs.items()}
    said = json.loads(text_of(picture.problem))
    said["needs"] = _sealed(db, said["needs"], picture, run_id)
    for pairs in PAIRS:
        said[pairs] = [[ids[need], home] for need, home in said[pairs]]
    said["apart"] = [{**rule, **{side: ids[rule[side]] for side in SIDES}} for rule in said["apart"]]
    db.add(
        RunRecord(
            run_id=run_id,
            board_id=board_id,
            made_at=at,
            problem=zlib.compress(json.dumps(said).encode()),
            plan={ids[one.need]: _as_json(one, nth) for nth, one in enumerate(plan.placements)},
            proof=zlib.compress(proof_as_text(picture.problem, plan).encode()),
        )
    )


def kept_of(db: Session, run_id: UUID) -> Kept:
    """Give a run as it was; NotKept if that is no longer there."""
    row = db.exec(select(RunRecord).where(RunRecord.run_id == run_id)).one_or_none()
    if row is None:
        raise NotKept("nothing is kept of it")
    said = json.loads(zlib.decompress(row.problem))
    opened = _opened(db, said["needs"], run_id)
    names = {need_id: need["need"] for need_id, need in opened.items()}
    said["needs"] = list(opened.values())
    for pairs in PAIRS:
        said[pairs] = [[names[need_id], home] for need_id, home in said[pairs]]
    said["apart"] = [{**rule, **{side: names[rule[side]] for side in SIDES}} for rule in said["apart"]]
    problem = problem_from(json.dumps(said))
    run = db.get_one(MatchingRun, run_id)
    in_order = sorted(row.plan.items(), key=lambda entry: int(entry[1]["nth"]))
    placements = tuple(_placement(names[need_id], placed) for need_id, placed in in_order)
    plan = Plan(placements, proven=run.proven, misfit=run.misfit, kept=run.kept)
    return Kept(problem, with_proof(problem, plan, zlib.decompress(row.proof).decode()))


def last_kept(db: Session, board_id: UUID) -> Kept | None:
    """Give the last run that a board was in, to begin from; None if it cannot be read."""
    whole = func.coalesce(MatchingRun.lead_id, MatchingRun.id) == RunRecord.run_id
    query = select(RunRecord.run_id).join(MatchingRun, whole).where(MatchingRun.board_id == board_id)
    run_id = db.exec(query.order_by(col(RunRecord.made_at).desc()).limit(1)).first()
    try:
        return kept_of(db, run_id) if run_id else None
    except NotKept:
        return None


def faults_of(sessions: Sessions, run_id: UUID) -> list[str]:
    """Judge a run again, without the solver: by its fingerprint, every rule, and the proof. Raises NotKept."""
    with sessions() as db:
        kept, said = kept_of(db, run_id), db.get_one(MatchingRun, run_id).input_hash
        given = keyring_of(db).fingerprint("run", fingerprint_of(text_of(kept.problem)))
    changed = [] if given == said else ["what is kept is not what the run was given"]
    unshown = [] if kept.plan.proof or kept.plan.side_proof else ["nothing is kept that shows the plan to be the best"]
    return [*changed, *unshown, *faults(kept.problem, kept.plan)]


def runs_kept(sessions: Sessions) -> tuple[tuple[UUID, datetime], ...]:
    """List the runs that something is kept of, the oldest first."""
    with sessions() as db:
        query = select(RunRecord.run_id, RunRecord.made_at).order_by(col(RunRecord.made_at), col(RunRecord.run_id))
        return tuple((run_id, made_at) for run_id, made_at in db.exec(query).all())


def forget_old(sessions: Sessions, *, at: datetime) -> int:
    """Delete what has been kept long enough; count it."""
    with sessions.begin() as db:
        old = delete(RunRecord).where(col(RunRecord.made_at) < at - HELD_FOR).returning(col(RunRecord.id))
        return len(db.execute(old).all())


def forget_household(db: Session, case_id: UUID) -> int:
    """Delete the records of runs that a household was part of, for it is being deleted: they could not be judged."""
    about_it = [
        row.id
        for row in db.exec(select(RunRecord).execution_options(yield_per=1))
        if any(case == str(case_id) for _, case, _ in json.loads(zlib.decompress(row.problem))["needs"])
    ]
    db.execute(delete(RunRecord).where(col(RunRecord.id).in_(about_it)))
    return len(about_it)


def _sealed(db: Session, needs: Sequence[Mapping[str, Any]], picture: Picture, run_id: UUID) -> list[list[str]]:
    """Seal each need with its household's key: need, case, and what the run was told of it."""
    rows = {need["need"]: picture.needs[need["need"]] for need in needs}
    keys = _keys(db, {row.case_id for row in rows.values()})
    sealed = []
    for need in needs:
        row = rows[need["need"]]
        plain = padded(json.dumps(need, ensure_ascii=False).encode())
        text = seal(keys[row.case_id], plain, id_of=OWN_KEY, about=_about(run_id, row.id))
        sealed.append([str(row.id), str(row.case_id), b64encode(text).decode()])
    return sealed


def _opened(db: Session, sealed: Sequence[Sequence[str]], run_id: UUID) -> dict[str, dict[str, Any]]:
    keys = _keys(db, {UUID(case_id) for _, case_id, _ in sealed})
    found = {}
    for need_id, case_id, text in sealed:
        about = _about(run_id, UUID(need_id))
        plain = open_sealed(keys[UUID(case_id)], b64decode(text), id_length=len(OWN_KEY), about=about)
        found[need_id] = json.loads(plain)
    return found


def _about(run_id: UUID, need_id: UUID) -> bytes:
    return f"run_record.problem {run_id} {need_id}".encode()


def _keys(db: Session, cases: set[UUID]) -> dict[UUID, bytes]:
    keyring = keyring_of(db)
    rows = db.exec(select(HouseholdKey).where(col(HouseholdKey.case_id).in_(cases))).all()
    if len(rows) < len(cases):
        raise NotKept("a household that it was about has been deleted")
    return {row.case_id: keyring.unwrap(row.wrapped)[1] for row in rows}


def _as_json(one: Placement, nth: int) -> dict[str, Any]:
    """Write a placement down; its place in the plan is the place in the order."""
    return {
        "nth": nth,
        "home": one.home,
        "line": one.line,
        "locked": one.locked,
        "misfit": asdict(one.misfit) if one.misfit else None,
    }


def _placement(need: str, said: Mapping[str, Any]) -> Placement:
    misfit = Misfit(**said["misfit"]) if said["misfit"] else None
    return Placement(need, said["home"], said["line"], said["locked"], misfit)
