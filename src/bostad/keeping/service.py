"""What people decide about keeping: the board's rule, one case's answer, and a deletion by two."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation, Unit
from bostad.audit.service import record
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.keeping.answers import Decision
from bostad.keeping.review import is_preserved_board, profile_of
from bostad.keeping.rules import Finding, Kept
from bostad.keeping.tables import Deletion, RetentionLine, RetentionProfile
from bostad.needs.loading import case_for, led_by, not_yours, open_to
from bostad.needs.tables import Case
from bostad.outbox import service as outbox
from bostad.records import Sessions
from bostad.words import say

DECIDES = frozenset({Role.UNIT_MANAGER, Role.DATA_PROTECTION_OFFICER})


def record_decision(sessions: Sessions, decision: Decision, *, by: Actor, at: datetime) -> None:
    """Write down what the board has decided about keeping, from a day on; a later decision takes its place."""
    if by.role is not Role.UNIT_MANAGER:
        raise NotAllowed("This page is for people with another role than yours.")
    with sessions.begin() as db:
        if decision.kept is not Kept.EVERYTHING and is_preserved_board(db, by.organisation_id, decision.valid_from):
            here = db.get_one(Organisation, by.organisation_id).municipality
            raise Invalid({"kept": say("Everything is kept in municipality %(code)s by law.", code=here)})
        standing = select(RetentionProfile).where(
            RetentionProfile.board_id == by.organisation_id, RetentionProfile.valid_from == decision.valid_from
        )
        if db.exec(standing).first() is not None:
            raise Invalid({"valid_from": say("There is a decision from this day already.")})
        profile = RetentionProfile(
            board_id=by.organisation_id, recorded_by=by.id, recorded_at=at, **decision.model_dump()
        )
        db.add(profile)
        outbox.post(db, "keeping.review", key=str(by.organisation_id), at=at)
        record(db, "keeping.decided", by=by, at=at, subject=profile.id, years=profile.years, kept=str(profile.kept))


def answer_kept(sessions: Sessions, case_id: UUID, *, kept: bool, by: Actor, at: datetime) -> None:
    """Say whether a case is kept from deletion. Its worker knows the dates of birth; none stands here."""
    with sessions.begin() as db:
        case = case_for(db, case_id, by=by, on=at.date())
        db.refresh(case, with_for_update=True)
        case.kept_from_deletion = kept
        record(db, "case.kept_answered", by=by, at=at, subject=case.id, kept=kept)


def propose(sessions: Sessions, unit_id: UUID, *, by: Actor, at: datetime) -> UUID:
    """Propose that every case of a unit that is due be deleted, and give the proposal's id."""
    _refuse_others(by, unit_id)
    try:
        with sessions.begin() as db:
            unit = db.get(Unit, unit_id)
            if unit is None or unit.organisation_id != by.organisation_id:
                raise Missing("There is no such unit.")
            profile = profile_of(db, by.organisation_id, at.date())
            count = db.exec(select(func.count()).select_from(RetentionLine).where(*_due_in(unit_id))).one()
            if profile is None or not count:
                raise OutOfStep("No case of this unit is due.")
            deletion_id = uuid4()
            proposed = {"proposed_by": by.id, "proposed_at": at}  # and no more: an approval is not hers to write
            where = {"board_id": by.organisation_id, "unit_id": unit_id, "profile_id": profile.id}
            db.execute(insert(Deletion).inline().values(id=deletion_id, **where, **proposed))
            db.execute(update(RetentionLine).where(*_due_in(unit_id)).values(deletion_id=deletion_id))
            record(db, "deletion.proposed", by=by, at=at, subject=deletion_id, cases=count)
            return deletion_id
    except IntegrityError as taken:
        raise OutOfStep("A deletion is proposed for this unit already.") from taken


def approve(sessions: Sessions, deletion_id: UUID, *, by: Actor, at: datetime) -> None:
    """Approve what somebody else has proposed; the worker deletes from then on."""
    with sessions.begin() as db:
        deletion = _open_deletion(db, deletion_id, by=by)
        deletion.approved_by, deletion.decided_at = by.id, at
        outbox.post(db, "keeping.clear", key=str(deletion.id), at=at)
        record(db, "deletion.approved", by=by, at=at, subject=deletion.id)


def refuse(sessions: Sessions, deletion_id: UUID, *, by: Actor, at: datetime) -> None:
    """Refuse what somebody else has proposed: nothing is deleted."""
    with sessions.begin() as db:
        deletion = _open_deletion(db, deletion_id, by=by)
        deletion.refused_by, deletion.decided_at = by.id, at
        db.execute(update(RetentionLine).where(col(RetentionLine.deletion_id) == deletion.id).values(deletion_id=None))
        record(db, "deletion.refused", by=by, at=at, subject=deletion.id)


def case_to_extract(db: Session, case_id: UUID, *, by: Actor, at: datetime) -> Case:
    """Give a case to the one who works with it, or to the manager of its unit, to take an extract of it."""
    query = select(Case).where(col(Case.id) == case_id, open_to(by, at.date()) | led_by(by)).with_for_update()
    return db.exec(query).one_or_none() or not_yours()


def _open_deletion(db: Session, deletion_id: UUID, *, by: Actor) -> Deletion:
    query = select(Deletion).where(Deletion.id == deletion_id, Deletion.board_id == by.organisation_id)
    deletion = db.exec(query.with_for_update()).one_or_none()
    if deletion is None:
        raise Missing("There is no such proposal.")
    _refuse_others(by, deletion.unit_id)
    if deletion.decided_at:
        raise OutOfStep("This proposal has been decided on already.")
    if deletion.proposed_by == by.id:
        raise NotAllowed("Somebody else must decide on what you have proposed.")
    return deletion


def _refuse_others(by: Actor, unit_id: UUID) -> None:
    if by.role not in DECIDES or (by.role is Role.UNIT_MANAGER and by.unit_id != unit_id):
        raise Missing("There is no such proposal.")


def _due_in(unit_id: UUID) -> tuple[Any, ...]:
    return (
        RetentionLine.unit_id == unit_id,
        RetentionLine.finding == Finding.DUE,
        col(RetentionLine.deletion_id).is_(None),
        col(RetentionLine.cleared_at).is_(None),
    )
