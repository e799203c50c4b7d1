"""Taking away what somebody has lost: her second factor goes only when two others than herself have said so (S24).

One administrator alone could otherwise take a social worker's password and factor away, use the code, and be her.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bostad.accounts.access import Actor, Role
from bostad.accounts.news import tell
from bostad.accounts.proofs import News
from bostad.accounts.service import give_code, load_for_change
from bostad.accounts.sessions import end_all_of
from bostad.accounts.signing_in import drop_password
from bostad.accounts.tables import Authenticator, Passkey, RecoveryCode, StartOver, User
from bostad.audit.service import record
from bostad.errors import Missing, NotAllowed, OutOfStep
from bostad.records import Sessions

HOLDS = timedelta(days=7)
"""How long a request waits for a second person; after that it is asked anew."""
FACTORS: tuple[type[Authenticator | Passkey | RecoveryCode], ...] = (Authenticator, Passkey, RecoveryCode)


@dataclass(frozen=True, slots=True)
class Request:
    """That somebody start over, as those see it who may decide."""

    id: UUID
    name: str
    username: str
    asked_by: str
    asked_at: datetime


def ask_start_over(sessions: Sessions, user_id: UUID, *, by: Actor, at: datetime) -> None:
    """Ask that a person's second factor be taken away; nothing happens until somebody else agrees."""
    with sessions.begin() as db:
        user = load_for_change(db, user_id, by)
        if user.id == by.id:
            raise NotAllowed("You cannot ask this for yourself. Ask another administrator.")
        if user.disabled_at is not None:
            raise OutOfStep("This user is disabled. Let the user in again first.")
        waiting = db.exec(_undecided().where(StartOver.user_id == user.id)).one_or_none()
        if waiting and at < waiting.asked_at + HOLDS:
            raise OutOfStep("This has been asked already. Somebody else has to agree.")
        if waiting:
            db.delete(waiting)
            db.flush()
        db.add(StartOver(user_id=user.id, asked_by=by.id, asked_at=at))
        tell(db, user.id, News.START_OVER_ASKED, by=by, at=at)
        record(db, "start_over.asked", by=by, at=at, subject=user.id)


def asked_at(sessions: Sessions, user_id: UUID, *, at: datetime) -> datetime | None:
    """Tell when it was asked that a person start over, while it waits for somebody to agree."""
    with sessions() as db:
        waiting = db.exec(_undecided().where(StartOver.user_id == user_id)).one_or_none()
    return waiting.asked_at if waiting and at < waiting.asked_at + HOLDS else None


def requests_to_decide(sessions: Sessions, *, by: Actor, at: datetime) -> list[Request]:
    """List what waits for this person to decide: never what she asked for herself, nor what is about her."""
    with sessions() as db:
        return _requests(db, by, at)


def request_to_decide(sessions: Sessions, request_id: UUID, *, by: Actor, at: datetime) -> Request:
    """Show one of them."""
    with sessions() as db:
        found = next((one for one in _requests(db, by, at) if one.id == request_id), None)
    if found is None:
        raise Missing("There is no such request, or it is not yours to decide.")
    return found


def agree(sessions: Sessions, request_id: UUID, *, code: str, by: Actor, at: datetime) -> UUID:
    """Take the person's factors and password away, and give her a code; give whose it is."""
    with sessions.begin() as db:
        request, user = _take(db, request_id, by, at)
        request.decided_by, request.decided_at, request.approved = by.id, at, True
        _start_over(db, user, code, by=by, at=at)
        record(db, "start_over.agreed", by=by, at=at, subject=user.id)
    return user.id


def refuse(sessions: Sessions, request_id: UUID, *, by: Actor, at: datetime) -> None:
    """Leave everything as it is."""
    with sessions.begin() as db:
        request, user = _take(db, request_id, by, at)
        request.decided_by, request.decided_at, request.approved = by.id, at, False
        tell(db, user.id, News.START_OVER_REFUSED, by=by, at=at)
        record(db, "start_over.refused", by=by, at=at, subject=user.id)


def start_over_at_the_console(sessions: Sessions, user_id: UUID, *, code: str, at: datetime) -> None:
    """Do it for whoever runs the service, who has the database anyway: for the only administrator there is.

    It is on record, and the person is told, like any other time.
    """
    with sessions.begin() as db:
        user = load_for_change(db, user_id, None)
        if user.disabled_at is not None:
            raise OutOfStep("This user is disabled. Let the user in again first.")
        _start_over(db, user, code, by=None, at=at)
        whose = user.organisation_id
        record(db, "start_over.at_the_console", by=None, at=at, subject=user.id, organisation=whose)


def _start_over(db: Session, user: User, code: str, *, by: Actor | None, at: datetime) -> None:
    for table in FACTORS:
        db.execute(delete(table).where(col(table.user_id) == user.id))
    drop_password(db, user.id)
    end_all_of(db, user.id, at=at)
    give_code(db, user, code, at)
    tell(db, user.id, News.STARTED_OVER, by=by, at=at)


def _take(db: Session, request_id: UUID, by: Actor, at: datetime) -> tuple[StartOver, User]:
    """Lock a request that this person may decide, and whom it is about."""
    if all(one.id != request_id for one in _requests(db, by, at)):
        raise Missing("There is no such request, or it is not yours to decide.")
    user_id = db.get_one(StartOver, request_id).user_id
    user = db.get_one(User, user_id, with_for_update=True)
    request = db.exec(_undecided().where(StartOver.id == request_id).with_for_update()).one_or_none()
    if request is None or user.disabled_at is not None:
        raise OutOfStep("Somebody else has decided this already.")
    return request, user


def _requests(db: Session, by: Actor, at: datetime) -> list[Request]:
    """Give what an administrator of the organisation, or the manager of the person's unit, may decide."""
    asker = aliased(User)
    query = (
        select(StartOver, User, asker.name)
        .join(User, col(User.id) == col(StartOver.user_id))
        .join(asker, col(asker.id) == col(StartOver.asked_by))
        .where(User.organisation_id == by.organisation_id, StartOver.asked_by != by.id, StartOver.user_id != by.id)
        .where(col(StartOver.decided_at).is_(None), StartOver.asked_at > at - HOLDS)
        .order_by(col(StartOver.asked_at))
    )
    if by.role is Role.UNIT_MANAGER:
        query = query.where(User.unit_id == by.unit_id)
    elif by.role is not Role.ADMINISTRATOR:
        return []
    found = db.exec(query).all()
    return [Request(row.id, user.name, user.username, asked_by, row.asked_at) for row, user, asked_by in found]


def _undecided() -> SelectOfScalar[StartOver]:
    return select(StartOver).where(col(StartOver.decided_at).is_(None))
