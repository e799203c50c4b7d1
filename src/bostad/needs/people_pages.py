"""What the screen of who works with a case shows: to its social worker, and to the manager of her unit."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.needs.loading import colleagues, latest_need, not_yours, passed_on_by
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
    heightened: bool
    deputies: tuple[tuple[UUID, str, date], ...]
    colleagues: tuple[tuple[UUID, str], ...]


def people_page(sessions: Sessions, case_id: UUID, *, by: Actor, on: date) -> PeoplePage:
    """Give what is needed to hand a case over or name a deputy."""
    with sessions() as db:
        case = db.exec(select(Case).where(Case.id == case_id, passed_on_by(by, on))).one_or_none() or not_yours()
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
            is_own=by.role is Role.SOCIAL_WORKER,
            heightened=case.heightened,
            deputies=tuple((user_id, name, until) for user_id, name, until in db.exec(live).all()),
            colleagues=tuple(
                (one.id, one.name) for one in colleagues(db, board_id=case.board_id) if one.id != case.worker_id
            ),
        )
