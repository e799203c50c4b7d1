"""Where a household lives while it waits: which place, since when, ready to move since when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import Invalid
from bostad.needs.answers import Stay
from bostad.needs.changing import mark_done
from bostad.needs.loading import need_for_change
from bostad.needs.states import Section
from bostad.needs.tables import Need, ShelterPlace, ShelterStay
from bostad.records import Sessions
from bostad.words import say


def save_stay(sessions: Sessions, case_id: UUID, answers: Stay, *, by: Actor, at: datetime) -> None:
    """Record or mend where the household lives now."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        _refuse_days_to_come(answers, at.date())
        stay = going_on(db, need.case_id) or ShelterStay(case_id=need.case_id, kind=answers.kind, since=answers.since)
        stay.place_id = _free_place(db, need, answers, staying_in=stay.place_id)
        stay.kind, stay.since, stay.ready_since = answers.kind, answers.since, answers.ready_since
        db.add(stay)
        _done(db, need, "stay.saved", by=by, at=at)


def move_stay(sessions: Sessions, case_id: UUID, answers: Stay, *, by: Actor, at: datetime) -> None:
    """Record that the household has moved to another place while it waits; the former stay ends the same day."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        _refuse_days_to_come(answers, at.date())
        place_id = _free_place(db, need, answers, staying_in=None)
        _end(db, need.case_id, answers.since)
        moved = ShelterStay(case_id=need.case_id, kind=answers.kind, place_id=place_id, since=answers.since)
        moved.ready_since = answers.ready_since
        db.add(moved)
        _done(db, need, "stay.moved", by=by, at=at)


def end_stay(db: Session, case_id: UUID, on: date) -> None:
    """End a household's stay, if one is going on; a part of the caller's transaction (moving in, closing a case)."""
    stay = going_on(db, case_id)
    if stay is not None:
        stay.until = max(on, stay.since)


def going_on(db: Session, case_id: UUID) -> ShelterStay | None:
    """Give the stay that is going on, if any."""
    query = select(ShelterStay).where(ShelterStay.case_id == case_id, col(ShelterStay.until).is_(None))
    return db.exec(query).one_or_none()


def places_taken(db: Session, board_id: UUID) -> frozenset[UUID]:
    """Give the places where somebody lives, whoever it is: the database answers for cases that one may not know of."""
    db.flush()
    return frozenset(db.connection().execute(text("select places_taken(:board)"), {"board": board_id}).scalars())


def _end(db: Session, case_id: UUID, on: date) -> None:
    stay = going_on(db, case_id)
    if stay is None:
        return
    if on < stay.since:
        raise Invalid({"since": say("The stay before this one began later. Mend that one first.")})
    stay.until = on
    db.flush()


def _free_place(db: Session, need: Need, answers: Stay, *, staying_in: UUID | None) -> UUID | None:
    """Give the chosen place if it is the board's, of the right kind, and nobody else lives there."""
    if answers.place_id is None:
        return None
    query = select(ShelterPlace).where(ShelterPlace.id == answers.place_id, ShelterPlace.board_id == need.board_id)
    place = db.exec(query.with_for_update()).one_or_none()
    if place is None or place.kind is not answers.kind:
        raise Invalid({"place_id": say("Choose a place of the kind you have ticked.")})
    if place.id != staying_in and place.id in places_taken(db, need.board_id):
        raise Invalid({"place_id": say("Somebody lives there already. Choose another place.")})
    return place.id


def _refuse_days_to_come(answers: Stay, on: date) -> None:
    late = {
        name: say("Choose today or an earlier day.") for name in ("since", "ready_since") if _after(answers, name, on)
    }
    if late:
        raise Invalid(late)


def _after(answers: Stay, name: str, on: date) -> bool:
    day: date | None = getattr(answers, name)
    return day is not None and day > on


def _done(db: Session, need: Need, action: str, *, by: Actor, at: datetime) -> None:
    mark_done(need, Section.STAY)
    record(db, action, by=by, at=at, subject=need.id)
