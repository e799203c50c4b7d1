"""A placement as the company's sessions know it: the columns that the housing role is granted, and no others.

The board's own columns (which need, by which run, on which facts, when it was put to the household) have no way in
here, so that a page of the company cannot ask for them by mistake: PostgreSQL would refuse; here they have no names.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from bostad.needs.household import ContractForm
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import Closed
from bostad.placements.tables import Placement
from bostad.zones.ways import SHARED_COLUMNS


class SharedPlacement:
    """One placement on the company's side; the same row as the board's `Placement`."""

    id: UUID
    home_id: UUID
    board_id: UUID
    company_id: UUID
    stage: Stage
    stage_since: datetime
    deadline: datetime | None
    viewing_at: datetime | None
    card_id: UUID
    contract: ContractForm | None
    contract_from: date | None
    takeover_on: date | None
    moved_in_on: date | None
    closed_because: Closed | None


registry(metadata=SQLModel.metadata).map_imperatively(
    SharedPlacement,
    Placement.__table__,  # type: ignore[attr-defined]  # SQLModel gives it to every table
    include_properties=SHARED_COLUMNS,
)

AnyPlacement = Placement | SharedPlacement
