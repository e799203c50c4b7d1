"""Boards that are matched in one run: each joins by its own recorded decision, and leaves when it wants to.

A board is a controller of its own. That it is in a run with others lets the worker think about their needs and homes
together; it lets nobody on any page see another board's. Whoever joins or leaves waits for a run that is being written,
and a run that goes on meanwhile is made again.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, OrganisationKind, Role
from bostad.accounts.tables import Organisation
from bostad.answers import asked
from bostad.audit.service import record
from bostad.counties.answers import Decision, NewCountyRun
from bostad.counties.loading import about_to_change, boards_running_with, run_for_change
from bostad.counties.tables import CountyMember, CountyRun
from bostad.errors import Invalid, NotAllowed, OutOfStep
from bostad.outbox import service as outbox
from bostad.records import Sessions
from bostad.words import say

_IN_ANOTHER = asked("The board takes part in a county run already. Leave that one first.")


def draft_run(sessions: Sessions, answers: NewCountyRun, *, by: Actor, at: datetime) -> UUID:
    """Record an agreement between boards and one's own board's decision in it; give its id."""
    _refuse_others(by)
    with sessions.begin() as db:
        boards = {by.organisation_id, *answers.boards}
        known = select(Organisation.id).where(
            col(Organisation.id).in_(boards), Organisation.kind == OrganisationKind.SOCIAL_BOARD
        )
        if len(boards) < 2 or set(db.exec(known).all()) != boards:  # noqa: PLR2004 - an agreement has two sides
            raise Invalid({"boards": say("Choose at least one other board.")})
        run = CountyRun(
            name=answers.name,
            boards=sorted(boards),
            valid_from=answers.valid_from,
            valid_until=answers.valid_until,
            drafted_by=by.organisation_id,
            drafted_at=at,
        )
        db.add(run)
        _join(db, run, answers, by=by, at=at)
        record(db, "county.drafted", by=by, at=at, subject=run.id, boards=len(boards))
        return run.id


def join_run(sessions: Sessions, run_id: UUID, answers: Decision, *, by: Actor, at: datetime) -> None:
    """Record one's own board's decision to take part."""
    _refuse_others(by)
    with sessions.begin() as db:
        run = run_for_change(db, run_id, by=by)
        _join(db, run, answers, by=by, at=at)
        record(db, "county.joined", by=by, at=at, subject=run.id)


def leave_run(sessions: Sessions, run_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take one's own board out, from the next run on; what has been put to a household goes on."""
    _refuse_others(by)
    with sessions.begin() as db:
        run = run_for_change(db, run_id, by=by)
        about_to_change(db, by.organisation_id)
        live = select(CountyMember).where(
            CountyMember.run_id == run.id,
            CountyMember.board_id == by.organisation_id,
            col(CountyMember.left_at).is_(None),
        )
        member = db.exec(live.with_for_update()).one_or_none()
        if member is None:
            raise OutOfStep("The board does not take part.")
        _ask_for_runs(db, by.organisation_id, at=at)
        member.left_at, member.left_by = at, by.id
        record(db, "county.left", by=by, at=at, subject=run.id)


def _join(db: Session, run: CountyRun, answers: Decision, *, by: Actor, at: datetime) -> None:
    if answers.decided_on > at.date():
        raise Invalid({"decided_on": say("Choose today or an earlier day.")})
    about_to_change(db, by.organisation_id)
    member = CountyMember(
        run_id=run.id,
        board_id=by.organisation_id,
        reference=answers.reference,
        decided_on=answers.decided_on,
        decided_by=by.id,
        recorded_at=at,
    )
    try:
        with db.begin_nested():
            db.add(member)
    except IntegrityError as taken:
        raise OutOfStep(_IN_ANOTHER) from taken
    _ask_for_runs(db, by.organisation_id, at=at)


def _ask_for_runs(db: Session, board_id: UUID, *, at: datetime) -> None:
    """Ask for a run for every board concerned: what one of them can be given has changed for all."""
    for one in sorted(boards_running_with(db, board_id, at.date())):
        outbox.post(db, "matching.run", key=str(one), at=at)


def _refuse_others(by: Actor) -> None:
    if by.role is not Role.UNIT_MANAGER:
        raise NotAllowed("This page is for people with another role than yours.")
