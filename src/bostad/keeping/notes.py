"""Which cases have ended, and when the last thing was noted in each."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlmodel import Session, col

from bostad.needs.loading import ENDED
from bostad.needs.tables import Case, Consent, Need, ShelterStay
from bostad.placements.tables import Placement, PlacementEvent


def ended_cases(db: Session, *conditions: ColumnElement[bool]) -> Iterator[tuple[Case, datetime]]:
    """Give the cases that have ended, each with the moment of its last note.

    Cases with heightened protection are not among them: they stand in no list until it is lifted.
    """
    going_on = exists().where(col(Need.case_id) == col(Case.id), col(Need.state).not_in(ENDED))
    has_need = exists().where(col(Need.case_id) == col(Case.id))
    query = select(Case, _last_note()).where(has_need, ~going_on, col(Case.heightened).is_(False), *conditions)
    rows = db.execute(query.order_by(col(Case.id)).execution_options(yield_per=500))
    return ((case, noted) for case, noted in rows)


def ended_case(db: Session, case_id: UUID) -> tuple[Case, datetime] | None:
    """Give one case that has ended, locked, or None."""
    if db.get(Case, case_id, with_for_update=True, populate_existing=True) is None:
        return None
    return next(iter(list(ended_cases(db, col(Case.id) == case_id))), None)


def _last_note() -> ColumnElement[datetime]:
    """Give the latest of everything that is dated in a case; the database's greatest() passes over what is empty."""
    needs = select(col(Need.id)).where(col(Need.case_id) == col(Case.id)).correlate(Case)
    placements = select(col(Placement.id)).where(col(Placement.need_id).in_(needs)).correlate(Case)
    own_need, own_stay = col(Need.case_id) == col(Case.id), col(ShelterStay.case_id) == col(Case.id)
    return func.greatest(
        col(Case.opened_at),
        col(Case.closed_at),
        _latest(func.greatest(col(Need.started_at), col(Need.opened_at)), own_need),
        _latest(func.greatest(col(Consent.recorded_at), col(Consent.revoked_at)), col(Consent.need_id).in_(needs)),
        _latest(col(Placement.stage_since), col(Placement.need_id).in_(needs)),
        _latest(col(PlacementEvent.at), col(PlacementEvent.placement_id).in_(placements)),
        _latest(func.greatest(col(ShelterStay.since), col(ShelterStay.until)), own_stay),
    )


def _latest(moment: Any, condition: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.max(moment)).where(condition).correlate(Case).scalar_subquery()
