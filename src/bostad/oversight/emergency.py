"""Opening a case in an emergency: by its number, for a reason, for some hours, and looked at afterwards."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep, TooMany
from bostad.needs.loading import led_by, social_worker
from bostad.needs.tables import Case
from bostad.oversight.answers import EmergencyAnswers
from bostad.oversight.states import ReviewOutcome, outcomes_after
from bostad.oversight.tables import EmergencyOpening
from bostad.protection.searching import count_search
from bostad.records import Sessions
from bostad.sealing.columns import keyring_of
from bostad.words import say

MOST = 5
"""Openings of one person in a day: more is no emergency any longer, but a case that should be handed over."""
DAY = timedelta(hours=24)
REVIEWED_WITHIN = timedelta(days=7)
"""An opening that nobody has looked at for longer is shown to the data-protection officer too (S68)."""


def open_in_emergency(sessions: Sessions, given: EmergencyAnswers, *, by: Actor, at: datetime) -> UUID:
    """Open a case of one's own board that somebody else works with, and give its id.

    A number that is not there, is another board's, is closed or has heightened protection is refused in the same words
    (S06). Every try is counted and leaves a row.
    """
    social_worker(by)
    count_search(sessions, by=by, at=at)
    with sessions.begin() as db:
        case_id = _openable(db, given.case_number, by)
        _refuse_many(db, by, at)
        if case_id is None:
            record(db, "emergency.refused", by=by, at=at, because=given.because)
        else:
            _refuse_own(db, case_id, by)
            _add(db, case_id, given, by=by, at=at)
    if case_id is None:
        raise Invalid({"case_number": say("There is no case with this number that you can open.")})
    return case_id


def review_opening(sessions: Sessions, opening_id: UUID, outcome: ReviewOutcome, *, by: Actor, at: datetime) -> None:
    """Sign an opening off as the manager of the case's unit; what is to be looked into is signed once more."""
    with sessions.begin() as db:
        found = select(EmergencyOpening).join(Case, col(Case.id) == EmergencyOpening.case_id)
        query = found.where(EmergencyOpening.id == opening_id, led_by(by)).with_for_update(of=EmergencyOpening)
        opening = db.exec(query).one_or_none()
        if opening is None:
            raise Missing("There is nothing at this address, or it is not for you.")
        if opening.user_id == by.id:
            raise NotAllowed("You opened this yourself. Somebody else must look at it.")
        if outcome not in outcomes_after(opening.outcome):
            raise OutOfStep("This has been decided already.")
        opening.outcome, opening.reviewed_by, opening.reviewed_at = outcome, by.id, at
        record(db, "emergency.reviewed", by=by, at=at, subject=opening.case_id, outcome=outcome)


def _openable(db: Session, case_number: str, by: Actor) -> UUID | None:
    """Ask the database for a case that does not stand open to her yet: an ordinary one of her board that goes on."""
    hashed = keyring_of(db).hash_for(by.organisation_id, case_number)
    query = text("select openable_case(:board, :hashed)")
    found: UUID | None = db.connection().execute(query, {"board": by.organisation_id, "hashed": hashed}).scalar_one()
    return found


def _refuse_own(db: Session, case_id: UUID, by: Actor) -> None:
    if db.exec(select(Case.id).where(Case.id == case_id, Case.worker_id == by.id)).one_or_none():
        raise Invalid({"case_number": say("This case is your own.")})


def _refuse_many(db: Session, by: Actor, at: datetime) -> None:
    hers = (
        select(func.count())
        .select_from(EmergencyOpening)
        .where(EmergencyOpening.user_id == by.id, col(EmergencyOpening.opened_at) > at - DAY)
    )
    if db.exec(hers).one() >= MOST:
        raise TooMany("You have opened %(most)s cases in a day. Ask the unit manager to name you deputy.", most=MOST)


def _add(db: Session, case_id: UUID, given: EmergencyAnswers, *, by: Actor, at: datetime) -> None:
    opening = EmergencyOpening(
        case_id=case_id,
        user_id=by.id,
        because=given.because,
        note=given.note,
        may_change=given.may_change,
        opened_at=at,
        until=at + timedelta(hours=given.hours),
    )
    db.add(opening)
    facts: dict[str, Any] = {"because": given.because, "hours": int(given.hours), "may_change": given.may_change}
    record(db, "emergency.opened", by=by, at=at, subject=case_id, **facts)
