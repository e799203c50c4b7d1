"""Who works with a case: handing it over, and colleagues who stand in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import Invalid, OutOfStep
from bostad.needs.case_answers import Colleague, NewDeputy
from bostad.needs.loading import case_to_pass_on, colleague
from bostad.needs.tables import Case, Deputy
from bostad.records import Sessions
from bostad.words import say


def hand_over(sessions: Sessions, case_id: UUID, answers: Colleague, *, by: Actor, at: datetime) -> None:
    """Give a case to a colleague of the same board; whoever stood in does so no longer."""
    with sessions.begin() as db:
        case = case_to_pass_on(db, case_id, by=by, on=at.date())
        taker = colleague(db, answers.colleague_id, board_id=case.board_id)
        if taker.id == case.worker_id:
            raise Invalid({"colleague_id": say("This colleague has the case already.")})
        db.execute(delete(Deputy).where(col(Deputy.case_id) == case.id))
        case.worker_id, case.unit_id = taker.id, taker.unit_id or case.unit_id  # from here on it is no longer hers
        record(db, "case.handed_over", by=by, at=at, subject=case.id, to=str(taker.id))


def name_deputy(sessions: Sessions, case_id: UUID, answers: NewDeputy, *, by: Actor, at: datetime) -> None:
    """Let a colleague stand in until a day; naming her again moves the day."""
    with sessions.begin() as db:
        case = case_to_pass_on(db, case_id, by=by, on=at.date())
        stand_in = colleague(db, answers.colleague_id, board_id=case.board_id)
        if stand_in.id == case.worker_id:
            raise Invalid({"colleague_id": say("This colleague has the case already.")})
        if answers.until < at.date():
            raise Invalid({"until": say("Choose today or a later day.")})
        known = select(Deputy).where(Deputy.case_id == case.id, Deputy.user_id == stand_in.id)
        deputy = db.exec(known).one_or_none() or Deputy(case_id=case.id, user_id=stand_in.id, until=answers.until)
        deputy.until = answers.until
        db.add(deputy)
        record(db, "deputy.named", by=by, at=at, subject=case.id, deputy=str(stand_in.id))


def remove_deputy(sessions: Sessions, case_id: UUID, user_id: UUID, *, by: Actor, at: datetime) -> None:
    """End a colleague's standing in at once; ending it twice is no harm."""
    with sessions.begin() as db:
        case = case_to_pass_on(db, case_id, by=by, on=at.date())
        _keep_one_named(db, case, user_id, on=at.date())
        db.execute(delete(Deputy).where(col(Deputy.case_id) == case.id, col(Deputy.user_id) == user_id))
        record(db, "deputy.removed", by=by, at=at, subject=case.id, deputy=str(user_id))


def _keep_one_named(db: Session, case: Case, leaving: UUID, *, on: date) -> None:
    """See that somebody still stands in where nobody but the named people can open the case."""
    others = select(Deputy.id).where(Deputy.case_id == case.id, Deputy.user_id != leaving, Deputy.until >= on)
    if case.heightened and db.exec(others).first() is None:
        raise OutOfStep("With heightened protection somebody must stand in. Name somebody else first.")
