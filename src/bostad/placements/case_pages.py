"""A case's own page: the case, the way to a home, and how long it stands open, loaded together.

The case and its need are read once and handed on; the number of queries does not grow with what the case holds.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.homes.tables import Home
from bostad.needs.loading import case_for, latest_need
from bostad.needs.pages import CasePage, page_of_case
from bostad.needs.tables import Need
from bostad.oversight.pages import Opening, my_opening
from bostad.placements.lifecycle import Stage
from bostad.placements.lists import Line, line_of
from bostad.placements.outcomes import Outcome, outcome_for
from bostad.placements.pages import PlacementPage, page_of
from bostad.placements.tables import Placement
from bostad.records import Sessions


@dataclass(frozen=True, slots=True)
class CaseScreen:
    """Everything that a case's own page shows."""

    case: CasePage
    placement: PlacementPage | None
    """What goes on with a home."""
    past: tuple[Line, ...]
    outcome: Outcome
    opening: Opening | None
    """This person's own opening of it in an emergency."""


def case_screen(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> CaseScreen:
    """Give a case's own page to the one who may read it."""
    with sessions() as db:
        case = case_for(db, case_id, by=by, on=at.date())
        need = latest_need(db, case)
        shown = page_of_case(db, case, need, by=by, on=at.date())
        placements = _placements(db, case_id)
        may_change = not shown.only_to_read
        going_on = (pair for pair in placements if pair[0].stage is not Stage.CLOSED)
        return CaseScreen(
            case=shown,
            placement=next((page_of(db, *pair, may_change=may_change, by=by, at=at) for pair in going_on), None),
            past=tuple(line_of(*pair, at) for pair in placements if pair[0].stage is Stage.CLOSED),
            outcome=outcome_for(db, need),
            opening=my_opening(db, case_id, by=by, at=at),
        )


def _placements(db: Session, case_id: UUID) -> list[tuple[Placement, Home]]:
    """Give every placement of a case with its home, newest first."""
    query = (
        select(Placement, Home)
        .join(Home, col(Home.id) == Placement.home_id)
        .join(Need, col(Need.id) == Placement.need_id)
        .where(Need.case_id == case_id)
        .order_by(col(Placement.proposed_at).desc(), col(Placement.id))
    )
    return list(db.exec(query).all())
