"""Figures by month that outlive their cases: what is counted of a case is frozen before it goes, and added up after."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from bostad.here import HERE
from bostad.keeping.tables import FrozenMonth
from bostad.needs.pages import days_waiting
from bostad.needs.stays import PlaceKind
from bostad.needs.tables import Case, Need, ShelterStay
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import NOT_LOST
from bostad.placements.tables import Placement


@dataclass(slots=True)
class Month:
    """What is counted of one unit's cases in one month."""

    moved_in: int = 0
    days_waited: int = 0
    from_shelter: int = 0
    days_in_shelter: int = 0
    lost: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Month | FrozenMonth") -> None:
        """Add what was counted elsewhere."""
        self.moved_in += other.moved_in
        self.days_waited += other.days_waited
        self.from_shelter += other.from_shelter
        self.days_in_shelter += other.days_in_shelter
        self.lost.update(other.lost)


@dataclass(frozen=True, slots=True)
class Year:
    """A year's totals, cleared cases among them. `mean_wait` and `mean_in_shelter` are days."""

    year: int
    moved_in: int
    mean_wait: float | None
    mean_in_shelter: float | None
    lost: int


def months_of(db: Session, *conditions: ColumnElement[bool]) -> dict[tuple[UUID, date], Month]:
    """Count the cases that are there, by unit and month."""
    found: dict[tuple[UUID, date], Month] = {}
    for case, need, placement, came_on in db.exec(_placements(*conditions)).all():
        if placement.stage is Stage.MOVED_IN and placement.moved_in_on:
            month = found.setdefault((case.unit_id, placement.moved_in_on.replace(day=1)), Month())
            month.moved_in += 1
            month.days_waited += days_waiting(case, need, placement.moved_in_on)
            month.from_shelter += came_on is not None
            month.days_in_shelter += (placement.moved_in_on - came_on).days if came_on else 0
        elif placement.closed_because and placement.closed_because not in NOT_LOST:
            closed_on = placement.stage_since.astimezone(HERE).date()
            month = found.setdefault((case.unit_id, closed_on.replace(day=1)), Month())
            month.lost[str(placement.closed_because)] += 1
    return found


def freeze(db: Session, case: Case) -> None:
    """Add what is counted of one case to its unit's frozen months; a part of the transaction that clears it."""
    for (unit_id, first), counted in months_of(db, col(Case.id) == case.id).items():
        query = select(FrozenMonth).where(FrozenMonth.unit_id == unit_id, FrozenMonth.month == first)
        frozen = db.exec(query.with_for_update()).one_or_none()
        if frozen is None:
            frozen = FrozenMonth(board_id=case.board_id, unit_id=unit_id, month=first)
            db.add(frozen)
        counted.add(frozen)
        frozen.moved_in, frozen.days_waited = counted.moved_in, counted.days_waited
        frozen.from_shelter, frozen.days_in_shelter = counted.from_shelter, counted.days_in_shelter
        frozen.lost = dict(counted.lost)


def years_of(db: Session, unit_id: UUID) -> tuple[Year, ...]:
    """Give a unit's totals by year, newest first: cases that are there, and those that were cleared."""
    months = months_of(db, col(Case.unit_id) == unit_id)
    for frozen in db.exec(select(FrozenMonth).where(FrozenMonth.unit_id == unit_id)).all():
        months.setdefault((unit_id, frozen.month), Month()).add(frozen)
    years: dict[int, Month] = {}
    for (_, first), month in months.items():
        years.setdefault(first.year, Month()).add(month)
    return tuple(_year(number, years[number]) for number in sorted(years, reverse=True))


def _year(number: int, total: Month) -> Year:
    return Year(
        year=number,
        moved_in=total.moved_in,
        mean_wait=total.days_waited / total.moved_in if total.moved_in else None,
        mean_in_shelter=total.days_in_shelter / total.from_shelter if total.from_shelter else None,
        lost=total.lost.total(),
    )


def _placements(*conditions: ColumnElement[bool]) -> Any:
    came = (
        select(func.min(col(ShelterStay.since)))
        .where(col(ShelterStay.case_id) == col(Case.id), col(ShelterStay.kind) != PlaceKind.ELSEWHERE)
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        select(Case, Need, Placement, came)
        .join(Need, col(Need.case_id) == Case.id)
        .join(Placement, col(Placement.need_id) == Need.id)
        .where(*conditions)
    )
