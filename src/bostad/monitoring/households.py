"""Who waits and who has moved in, by household type: of the whole board, suppressed, as of a month's beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.errors import NotAllowed
from bostad.here import HERE
from bostad.monitoring.suppression import suppressed
from bostad.monitoring.waiting import year_before
from bostad.needs.pages import days_since
from bostad.needs.tables import Case, Need
from bostad.placements.lifecycle import Stage
from bostad.placements.tables import Placement
from bostad.records import Sessions
from bostad.words import Word, say


class HouseholdType(Word):
    """Households by adults and children, as statistics on the social services' clients divide them."""

    ALONE = "alone", say("One adult without children")
    ALONE_WITH_FEW = "alone_with_few", say("One adult with one or two children")
    ALONE_WITH_MANY = "alone_with_many", say("One adult with three children or more")
    TOGETHER = "together", say("Several adults without children")
    TOGETHER_WITH_CHILDREN = "together_with_children", say("Several adults with children")


@dataclass(frozen=True, slots=True)
class TypeLine:
    """One household type; None where the number may not be told. `mean_wait` is days."""

    kind: HouseholdType
    waiting: int | None
    moved_in: int | None
    mean_wait: float | None


@dataclass(frozen=True, slots=True)
class HouseholdFigures:
    """The whole page: as of a month's first day, and the twelve months before it."""

    on: date
    lines: tuple[TypeLine, ...]
    waiting: int | None
    moved_in: int | None

    @property
    def tells(self) -> bool:
        """Tell whether there is any number at all."""
        return self.waiting is not None or self.moved_in is not None


def household_type(adults: int, children: int) -> HouseholdType:
    """Give the type of a household."""
    if adults == 1:
        many = HouseholdType.ALONE_WITH_FEW if children <= 2 else HouseholdType.ALONE_WITH_MANY  # noqa: PLR2004
        return many if children else HouseholdType.ALONE
    return HouseholdType.TOGETHER_WITH_CHILDREN if children else HouseholdType.TOGETHER


def household_figures(sessions: Sessions, *, by: Actor, on: date) -> HouseholdFigures:
    """Give the page for a unit manager, in two queries, as of the first day of the month.

    A month's figures stay the same all month: whoever looks each day cannot see one household come or go. Cases with
    heightened protection are in no breakdown.
    """
    if by.role is not Role.UNIT_MANAGER:
        raise NotAllowed("This page is for people with another role than yours.")
    first = on.replace(day=1)
    with sessions() as db:
        waiting = _waiting(db, by, first)
        moved = _moved_in(db, by, after=year_before(first), before=first)
    return _figures(first, waiting, moved)


def _figures(
    first: date, waiting: Sequence[HouseholdType], moved: Sequence[tuple[HouseholdType, int]]
) -> HouseholdFigures:
    wait = suppressed([waiting.count(kind) for kind in HouseholdType])
    waits = {kind: [days for one, days in moved if one is kind] for kind in HouseholdType}
    came = suppressed([len(waits[kind]) for kind in HouseholdType])
    lines = tuple(
        TypeLine(kind, still, told, None if told is None else fmean(waits[kind]))
        for kind, still, told in zip(HouseholdType, wait.parts, came.parts, strict=True)
    )
    return HouseholdFigures(first, lines, wait.total, came.total)


def _waiting(db: Session, by: Actor, first: date) -> list[HouseholdType]:
    """Give the type of each household whose need was open when the month began."""
    housed = select(Placement.need_id).where(Placement.stage == Stage.MOVED_IN, col(Placement.moved_in_on) < first)
    query = (
        select(Need, col(Case.closed_at))
        .join(Case, col(Case.id) == Need.case_id)
        .where(Case.board_id == by.organisation_id, col(Case.heightened).is_(False))
        .where(col(Need.opened_at).is_not(None), col(Need.id).not_in(housed))
    )
    return [
        _type(need)
        for need, closed_at in db.exec(query).all()
        if need.opened_at and _day_of(need.opened_at) < first and (closed_at is None or _day_of(closed_at) >= first)
    ]


def _moved_in(db: Session, by: Actor, *, after: date, before: date) -> list[tuple[HouseholdType, int]]:
    """Give the type of each household that moved in during the twelve months, and its days of waiting."""
    query = (
        select(Need, col(Case.opened_at), col(Placement.moved_in_on))
        .join(Case, col(Case.id) == Need.case_id)
        .join(Placement, col(Placement.need_id) == Need.id)
        .where(Case.board_id == by.organisation_id, col(Case.heightened).is_(False))
        .where(Placement.stage == Stage.MOVED_IN)
        .where(col(Placement.moved_in_on) >= after, col(Placement.moved_in_on) < before)
    )
    found = db.exec(query).all()
    return [(_type(need), days_since(need, opened_at, moved)) for need, opened_at, moved in found if moved]


def _day_of(moment: datetime) -> date:
    return moment.astimezone(HERE).date()


def _type(need: Need) -> HouseholdType:
    return household_type(need.adults or 1, len(need.child_ages))
