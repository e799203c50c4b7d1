"""What the screen of who works with a case shows: to its social worker, and to the manager of her unit."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, literal, or_
from sqlmodel import col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.needs.loading import colleagues, latest_need, led_by, not_yours
from bostad.needs.pages import days_waiting
from bostad.needs.states import NeedState
from bostad.needs.tables import Case, Deputy
from bostad.records import Sessions


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A case by its number, state and days - all that a manager sees - and who can work with it."""

    id: UUID
    case_number: str
    state: NeedState
    days: int
    worker: str
    is_own: bool
    deputies: tuple[tuple[UUID, str, date], ...]
    colleagues: tuple[tuple[UUID, str], ...]


def people_page(sessions: Sessions, case_id: UUID, *, by: Actor, on: date) -> PeoplePage:
    """Give what is needed to hand a case over or name a deputy."""
    with sessions() as db:
        own = and_(literal(by.role is Role.SOCIAL_WORKER), col(Case.worker_id) == by.id)
        found = db.exec(
            select(Case).where(Case.id == case_id, Case.board_id == by.organisation_id, or_(own, led_by(by)))
        )
        case = found.one_or_none()
        if case is None:
            not_yours()
        need = latest_need(db, case)
        standing_in = select(col(User.id), col(User.name), col(Deputy.until)).join(
            Deputy, col(Deputy.user_id) == User.id
        )
        live = standing_in.where(Deputy.case_id == case.id, Deputy.until >= on).order_by(col(User.name))
        return PeoplePage(
            id=case.id,
            case_number=case.case_number,
            state=need.state,
            days=days_waiting(case, need, on),
            worker=db.get_one(User, case.worker_id).name,
            is_own=case.worker_id == by.id,
            deputies=tuple((user_id, name, until) for user_id, name, until in db.exec(live).all()),
            colleagues=tuple(
                (one.id, one.name) for one in colleagues(db, board_id=case.board_id) if one.id != case.worker_id
            ),
        )
