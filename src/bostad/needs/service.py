"""Everything that may change a case and its need. One function, one transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import Invalid, OutOfStep
from bostad.needs.answers import FORMS, SectionAnswers
from bostad.needs.case_answers import NewCase
from bostad.needs.changing import ask_for_run, fill, mark_done, noticed
from bostad.needs.loading import case_for_change, need_for_change, social_worker
from bostad.needs.pages import own_case_numbered
from bostad.needs.states import ClosedBecause, NeedState, PausedBecause, Section
from bostad.needs.staying import end_stay
from bostad.needs.tables import Case, Need
from bostad.protection.searching import count_search
from bostad.records import Sessions
from bostad.words import Sentence, say

_CHANGED_MEANWHILE = say(
    "Somebody has changed this need since you opened the page. Look at the case in a new tab. Send your answers again "
    "if they are right."
)


def start_case(sessions: Sessions, answers: NewCase, *, by: Actor, at: datetime) -> UUID:
    """Register a case with an empty need, and give its id. A number that is taken is refused, and that is logged."""
    count_search(sessions, by=by, at=at)
    try:
        with sessions.begin() as db:
            case_id, need = add_case(db, answers.case_number, by=by, at=at)
            record(db, "case.started", by=by, at=at, subject=case_id, need=str(need.id))
            return case_id
    except Invalid:
        with sessions.begin() as db:
            record(db, "case.refused_number", by=by, at=at)
        raise


def add_case(db: Session, case_number: str, *, by: Actor, at: datetime) -> tuple[UUID, Need]:
    """Add a case and its draft, unless the number is taken: by whom is not told."""
    board_id, unit_id = social_worker(by)
    case = Case(board_id=board_id, unit_id=unit_id, worker_id=by.id, case_number=case_number, opened_at=at)
    told = say("This case number is registered already. If it is not among yours, ask your unit manager.")
    if own_case_numbered(db, case_number, by=by, on=at.date()) is not None:
        raise Invalid({"case_number": told})
    try:
        with db.begin_nested():
            db.add(case)
    except IntegrityError as taken:
        raise Invalid({"case_number": told}) from taken
    need = Need(case_id=case.id, board_id=board_id, started_at=at)
    db.add(need)
    return case.id, need


def save_section(
    sessions: Sessions, case_id: UUID, answers: SectionAnswers, *, version: int, by: Actor, at: datetime
) -> None:
    """Keep one section's answers, unless the need is no longer at the version that the page showed."""
    section = next(section for section, form in FORMS.items() if isinstance(answers, form))
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        if need.version != version:
            raise Invalid({"version": _CHANGED_MEANWHILE})
        fill(need, answers, on=at.date())
        mark_done(need, section)
        noticed(db, need, at=at)
        record(db, "need.saved", by=by, at=at, subject=need.id, section=section, version=need.version)


def open_need(sessions: Sessions, case_id: UUID, *, opted_in: bool, by: Actor, at: datetime) -> None:
    """Open a need whose every section is done; consent may follow, but no company is looked at without it."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        if need.state is not NeedState.DRAFT:
            raise OutOfStep("This need is open already.")
        _refuse_incomplete(need)
        need.state, need.opened_at, need.opted_in = NeedState.OPEN, at, opted_in
        ask_for_run(db, need, at=at)
        record(db, "need.opened", by=by, at=at, subject=need.id, opted_in=opted_in)


def take_part(sessions: Sessions, case_id: UUID, *, opted_in: bool, by: Actor, at: datetime) -> None:
    """Let a case take part in joint matching, or not: its social worker's choice, case by case."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        need.opted_in = opted_in
        noticed(db, need, at=at)
        record(db, "need.takes_part" if opted_in else "need.stands_aside", by=by, at=at, subject=need.id)


def pause_need(db: Session, need: Need, because: PausedBecause, *, at: datetime) -> None:
    """Let matching leave an open need alone; a part of the caller's transaction, which has locked it and audits."""
    if need.state is not NeedState.OPEN:
        raise OutOfStep("Only an open need can be paused.")
    need.state, need.paused_because = NeedState.PAUSED, because
    need.version += 1
    ask_for_run(db, need, at=at)


def resume_need(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Open a paused need again."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        if need.state is not NeedState.PAUSED:
            raise OutOfStep("This need is not paused.")
        need.state, need.paused_because = NeedState.OPEN, None
        noticed(db, need, at=at)
        record(db, "need.resumed", by=by, at=at, subject=need.id)


def close_case(db: Session, case_id: UUID, because: ClosedBecause, *, by: Actor, at: datetime) -> Need:
    """Close a case that ends without a home from here; a part of the caller's transaction, which audits.

    What is going on for the need is the caller's to stop, and its cards are the caller's to withdraw.
    """
    case = case_for_change(db, case_id, by=by, on=at.date())
    need = need_for_change(db, case_id, by=by, on=at.date())
    case.closed_at, case.closed_because = at, because
    need.state, need.paused_because = NeedState.CLOSED, None
    end_stay(db, case.id, at.date())
    need.version += 1
    ask_for_run(db, need, at=at)
    return need


def house_need(db: Session, need: Need, *, at: datetime) -> None:
    """Note that the household has moved in; a part of the caller's transaction, which holds the need and audits."""
    need.state, need.paused_because = NeedState.HOUSED, None
    need.version += 1
    ask_for_run(db, need, at=at)


def _refuse_incomplete(need: Need) -> None:
    missing: dict[str, Sentence] = {
        str(section): say("“%(section)s” is not done yet.", section=section.label)
        for section in Section
        if str(section) not in need.sections_done
    }
    if missing:
        raise Invalid(missing)
