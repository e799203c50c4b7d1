"""What the unit manager's first page shows: her own unit's cases by number, and her board's places and agreements."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.agreements.pages import LinePart, ledger
from bostad.errors import NotAllowed
from bostad.homes.tables import Home
from bostad.keeping.figures import Year, years_of
from bostad.monitoring import waiting
from bostad.monitoring.waiting import Ended, GoingOn
from bostad.needs.loading import ENDED, led_by
from bostad.needs.pages import days_waiting
from bostad.needs.stays import PlaceKind
from bostad.needs.tables import Case, Need, ShelterPlace, ShelterStay
from bostad.placements.few import FEWEST
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import NOT_LOST, REASONS, Closed, Side
from bostad.placements.tables import Placement
from bostad.records import Sessions
from bostad.words import Sentence, Word, say


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need of the unit: where it stands, who works with it, for how long it has waited, what is late."""

    case_id: UUID
    case_number: str
    stage: Word
    worker: str
    days: int
    late: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of the board's and for how long somebody has lived there; whose case it is, is told to nobody."""

    code: str
    kind: PlaceKind
    since: date | None
    days: int | None
    ready_days: int | None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A quota line this month, what its company has still to deliver, and how many answers are overdue."""

    line: LinePart
    to_come: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Lost:
    """How often placements were lost for a reason."""

    side: Side
    because: Closed
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page. Every number is the unit's own or the board's; none can be broken down by who people are."""

    needs: tuple[NeedLine, ...]
    waiting: int
    """The total: with those of heightened protection, which stand nowhere else, when they are too many to point at."""
    places: tuple[PlaceLine, ...]
    going_on: GoingOn
    ended: Ended
    in_shelter: Ended
    ledger: tuple[LedgerLine, ...]
    lost: tuple[Lost, ...]
    years: tuple[Year, ...]

    @property
    def late(self) -> int:
        """Count the needs where something is late."""
        return sum(bool(need.late) for need in self.needs)

    @property
    def occupied(self) -> int:
        """Count the places that somebody lives in."""
        return sum(place.since is not None for place in self.places)

    @property
    def ready(self) -> int:
        """Count the places whose household is ready to move."""
        return sum(place.ready_days is not None for place in self.places)


def overview(sessions: Sessions, *, by: Actor, at: datetime, reports: Sessions | None = None) -> Overview:
    """Give the page, in a fixed number of queries. That it was read, `web/reads.py` writes down.

    `reports` is the way of the report role, which counts what the manager cannot see herself.
    """
    if by.role is not Role.UNIT_MANAGER:
        raise NotAllowed("This page is for people with another role than yours.")
    year = waiting.year_before(at.date())
    with sessions() as db:
        needs = _needs(db, by, at)
        moved = _moved(db, by, after=year)
        lost = _lost(db, by, after=year)
        years = years_of(db, by.unit_id) if by.unit_id else ()
    with (reports or sessions)() as db:
        apart = _heightened(db, by)
        places = _places(db, by, at.date())
        overdue = _overdue(db, by, at)
    lines = ledger(sessions, by=by, on=at.date())
    return Overview(
        needs=needs,
        waiting=len(needs) + (apart if apart >= FEWEST else 0),
        places=places,
        going_on=waiting.going_on([need.days for need in needs]),
        ended=waiting.ended([wait for wait, _ in moved]),
        in_shelter=waiting.ended([stay for _, stay in moved if stay is not None]),
        ledger=tuple(LedgerLine(line, _to_come(line), overdue.get(line.id, 0)) for line in lines),
        lost=lost,
        years=years,
    )


def _needs(db: Session, by: Actor, at: datetime) -> tuple[NeedLine, ...]:
    """List the unit's needs that go on, the longest wait first."""
    live = (col(Placement.need_id) == Need.id) & (col(Placement.stage) != Stage.CLOSED)
    query = (
        select(Case, Need, User.name, Placement)
        .join(Need, col(Need.case_id) == Case.id)
        .join(User, col(User.id) == Case.worker_id)
        .join(Placement, live, isouter=True)
        .where(led_by(by), col(Case.closed_at).is_(None), col(Need.state).not_in(ENDED))
    )
    lines = [_need(case, need, worker, placement, at) for case, need, worker, placement in db.exec(query).all()]
    return tuple(sorted(lines, key=lambda line: (-line.days, line.case_number)))


def _heightened(db: Session, by: Actor) -> int:
    """Count the needs of the unit that go on with heightened protection."""
    of_the_unit = (col(Case.board_id) == by.organisation_id) & (col(Case.unit_id) == by.unit_id)
    query = select(func.count(col(Need.id))).join(Case, col(Case.id) == Need.case_id)
    query = query.where(of_the_unit, col(Case.heightened), col(Need.state).not_in(ENDED))
    return db.exec(query.where(col(Case.closed_at).is_(None))).one()


def _need(case: Case, need: Need, worker: str, placement: Placement | None, at: datetime) -> NeedLine:
    late = []
    if placement and placement.deadline and placement.deadline < at:
        late.append(say("The answer is overdue"))
    if need.move_in_by and need.move_in_by < at.date():
        late.append(say("Had to move by %(day)s", day=need.move_in_by))
    return NeedLine(
        case_id=case.id,
        case_number=case.case_number,
        stage=placement.stage if placement else need.state,
        worker=worker,
        days=days_waiting(case, need, at.date()),
        late=tuple(late),
    )


def _places(db: Session, by: Actor, on: date) -> tuple[PlaceLine, ...]:
    ordinary = select(Case.id).where(Case.board_id == by.organisation_id, col(Case.heightened).is_(False))
    going_on = (col(ShelterStay.place_id) == ShelterPlace.id) & col(ShelterStay.until).is_(None)
    going_on &= col(ShelterStay.case_id).in_(ordinary)
    query = (
        select(ShelterPlace, ShelterStay)
        .join(ShelterStay, going_on, isouter=True)
        .where(ShelterPlace.board_id == by.organisation_id)
    )
    lines = [_place(place, stay, on) for place, stay in db.exec(query).all()]
    return tuple(sorted(lines, key=lambda line: (list(PlaceKind).index(line.kind), line.code)))


def _place(place: ShelterPlace, stay: ShelterStay | None, on: date) -> PlaceLine:
    if stay is None:
        return PlaceLine(place.code, place.kind, None, None, None)
    return PlaceLine(
        code=place.code,
        kind=place.kind,
        since=stay.since,
        days=(on - stay.since).days,
        ready_days=(on - stay.ready_since).days if stay.ready_since else None,
    )


def _moved(db: Session, by: Actor, *, after: date) -> list[tuple[int, int | None]]:
    """Give days waited, and days since the household came to a shelter, of those who moved in after a day.

    The wait begins on the day that the case gives for it, as everywhere: an imported case was known before it was here.
    """
    came = (
        select(func.min(col(ShelterStay.since)))
        .where(col(ShelterStay.case_id) == col(Case.id), col(ShelterStay.kind) != PlaceKind.ELSEWHERE)
        .scalar_subquery()
    )
    query = (
        select(Case, Need, col(Placement.moved_in_on), came)
        .join(Need, col(Need.case_id) == Case.id)
        .join(Placement, col(Placement.need_id) == Need.id)
        .where(led_by(by), Placement.stage == Stage.MOVED_IN, col(Placement.moved_in_on) > after)
    )
    return [
        (days_waiting(case, need, moved_in), (moved_in - came_on).days if came_on else None)
        for case, need, moved_in, came_on in db.exec(query).all()
        if moved_in
    ]


def _overdue(db: Session, by: Actor, at: datetime) -> dict[UUID, int]:
    """Count the board's placements whose answer is overdue, by quota line."""
    query = (
        select(Home.line_id, func.count())
        .join(Placement, col(Placement.home_id) == Home.id)
        .join(Need, col(Need.id) == Placement.need_id)
        .join(Case, col(Case.id) == Need.case_id)
        .where(Placement.board_id == by.organisation_id, col(Case.heightened).is_(False))
        .where(col(Placement.stage) != Stage.CLOSED, col(Placement.deadline) < at)
        .group_by(col(Home.line_id))
    )
    return dict(db.exec(query).all())


def _lost(db: Session, by: Actor, *, after: date) -> tuple[Lost, ...]:
    """Count why the unit's placements closed. A proposal that a better plan replaced was not lost to anybody."""
    query = (
        select(col(Placement.closed_because), func.count())
        .join(Need, col(Need.id) == Placement.need_id)
        .join(Case, col(Case.id) == Need.case_id)
        .where(led_by(by), Placement.stage == Stage.CLOSED, col(Placement.closed_because).not_in(NOT_LOST))
        .where(func.date(col(Placement.stage_since)) > after)
        .group_by(col(Placement.closed_because))
    )
    found = [Lost(REASONS[because].side, because, count) for because, count in db.exec(query).all() if because]
    sides, reasons = list(Side), list(Closed)
    return tuple(sorted(found, key=lambda lost: (sides.index(lost.side), -lost.count, reasons.index(lost.because))))


def _to_come(line: LinePart) -> int:
    """Give how many homes that meet the terms this month still lacks."""
    return max(line.now.agreed + line.now.carried - line.now.approved, 0)
