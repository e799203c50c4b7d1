"""Cases kept apart: two of a worker's own cases whose homes must not lie in the same place. Nobody else hears of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.answers import Answers, asked
from bostad.audit.service import record
from bostad.errors import Invalid, Missing
from bostad.needs.case_answers import CaseNumber
from bostad.needs.loading import case_for, case_for_change, open_to
from bostad.needs.tables import Case, with_number
from bostad.outbox import service as outbox
from bostad.placements.run_states import Apart
from bostad.placements.side_by_side import pairs_of
from bostad.placements.tables import KeptApart
from bostad.records import Sessions
from bostad.words import say

NONE_OF_YOURS = say("None of your other open cases has exactly this number.")


class OtherCase(Answers):
    """The case that one's own case is to be kept apart from."""

    case_number: CaseNumber = Field(
        title=asked("The other case's number"),
        description=asked("The whole number, exactly as it was registered. You must work with both cases."),
    )
    scope: Apart = Field(
        title=asked("How far apart?"),
        description=asked("What is unknown of a home counts as the same: a home without a known building is not used."),
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """A case that this one is kept apart from; its number is told to whoever works with that case too."""

    id: UUID
    scope: Apart
    case_number: str | None


@dataclass(frozen=True, slots=True)
class ApartPage:
    """What one case is kept apart from."""

    case_number: str
    pairs: tuple[Pair, ...]


def apart_page(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> ApartPage:
    """Show what one case is kept apart from."""
    with sessions() as db:
        case = case_for(db, case_id, by=by, on=at.date())
        pairs = pairs_of(db, case.board_id, case.id)
        others = {pair.other_id if pair.case_id == case.id else pair.case_id for pair in pairs}
        mine = db.exec(select(Case).where(col(Case.id).in_(others), open_to(by, at.date()))).all()
        numbers = {other.id: other.case_number for other in mine}
        found = [
            Pair(pair.id, pair.scope, numbers.get(pair.other_id if pair.case_id == case.id else pair.case_id))
            for pair in pairs
        ]
        return ApartPage(case.case_number, tuple(sorted(found, key=lambda pair: (pair.case_number or "", pair.scope))))


def keep_apart(sessions: Sessions, case_id: UUID, answers: OtherCase, *, by: Actor, at: datetime) -> None:
    """Keep two of one's own open cases apart. A number that is somebody else's is refused like one that is nobody's.

    What has been put to a household already stays: the rule holds from the next run on.
    """
    with sessions.begin() as db:
        case = case_for(db, case_id, by=by, on=at.date())
        other_id = _other_of_hers(db, case, answers.case_number, by=by, at=at)
        first, second = sorted((case.id, other_id))
        for one in (first, second):
            case_for_change(db, one, by=by, on=at.date())
        known = select(KeptApart).where(KeptApart.case_id == first, KeptApart.other_id == second)
        if any(pair.scope is answers.scope for pair in db.exec(known).all()):
            raise Invalid({"scope": say("These two are kept apart like this already.")})
        pair = KeptApart(
            board_id=case.board_id, case_id=first, other_id=second, scope=answers.scope, made_by=by.id, made_at=at
        )
        db.add(pair)
        outbox.post(db, "matching.run", key=str(case.board_id), at=at)
        record(db, "apart.added", by=by, at=at, subject=case.id, scope=answers.scope)


def no_longer_apart(sessions: Sessions, case_id: UUID, pair_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a rule away again: whoever works with either case may."""
    with sessions.begin() as db:
        case = case_for_change(db, case_id, by=by, on=at.date())
        pair = db.get(KeptApart, pair_id)
        if pair is None or case.id not in {pair.case_id, pair.other_id}:
            raise Missing("This is no longer on the list.")
        scope = pair.scope
        db.delete(pair)
        outbox.post(db, "matching.run", key=str(case.board_id), at=at)
        record(db, "apart.removed", by=by, at=at, subject=case.id, scope=scope)


def _other_of_hers(db: Session, case: Case, number: str, *, by: Actor, at: datetime) -> UUID:
    """Find another of her open cases by its exact number; anything else gets one and the same answer (S06)."""
    hers = select(Case.id).where(with_number(db, case.board_id, number), open_to(by, at.date()))
    other_id = db.exec(hers.where(col(Case.closed_at).is_(None), Case.id != case.id)).one_or_none()
    if other_id is None:
        raise Invalid({"case_number": NONE_OF_YOURS})
    return other_id
