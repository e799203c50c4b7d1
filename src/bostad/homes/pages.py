"""What the home screens show: to the company all it has said, to the board what a home is but not where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation, User
from bostad.agreements.pages import LinePart, ledger
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.agreements.terms import shortfalls
from bostad.audit.tables import AuditRow
from bostad.homes.checking import LIVE, States, facts_of, states_of, terms_of
from bostad.homes.features import Feature
from bostad.homes.loading import home_for, visible_to
from bostad.homes.states import FeatureSource, FeatureState, HomeState, WithdrawnBecause
from bostad.homes.tables import Home, HomeFeature
from bostad.records import Sessions
from bostad.words import Sentence, say


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A home in a list. The address is the company's own until a home is proposed."""

    id: UUID
    object_number: str
    address: str | None
    company: str
    agreement: str
    line: str
    line_id: UUID
    month: date
    district: str | None
    rooms: int
    area_m2: int | None
    rent: int
    floor: int | None
    state: HomeState
    approved: bool
    shortfalls: tuple[Sentence, ...]
    available_from: date
    offer_until: date | None


@dataclass(frozen=True, slots=True)
class HomeGroup:
    """The homes of one line and month, with how far the month has come."""

    month: date
    line: str
    agreement: str
    homes: tuple[HomeRow, ...]


@dataclass(frozen=True, slots=True)
class HomesPage:
    """All homes of a company, or of a board's agreements."""

    groups: tuple[HomeGroup, ...]
    to_confirm: tuple[HomeRow, ...]
    lines: tuple[LinePart, ...]


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """What is known of one feature, who says so and since when; whether the line requires it."""

    feature: Feature
    state: FeatureState
    source: FeatureSource | None
    on: date | None
    required: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that was done with a home."""

    at: datetime
    what: Sentence
    who: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """One home with all that is known of it."""

    row: HomeRow
    apartment_number: str | None
    municipality: str
    building: str | None
    max_people: int | None
    school_m: int | None
    has_place: bool
    withdrawn_because: WithdrawnBecause | None
    features: tuple[FeatureRow, ...]
    history: tuple[Happening, ...]
    live: bool


def homes_page(sessions: Sessions, *, by: Actor, on: date, gone: bool = False) -> HomesPage:
    """List the homes by month and line; `gone` for those that are let or withdrawn."""
    with sessions() as db:
        rows = _rows(db, by, col(Home.state).in_(LIVE) if not gone else col(Home.state).not_in(LIVE))
    groups: dict[tuple[date, str, UUID], list[HomeRow]] = {}
    for row in sorted(rows, key=lambda row: row.object_number):
        groups.setdefault((row.month, row.agreement, row.line_id), []).append(row)
    return HomesPage(
        groups=tuple(
            HomeGroup(key[0], homes[0].line, homes[0].agreement, tuple(homes))
            for key, homes in sorted(
                groups.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1], item[1][0].line)
            )
        ),
        to_confirm=tuple(row for row in rows if row.state is HomeState.PAUSED),
        lines=ledger(sessions, by=by, on=on),
    )


def home_page(sessions: Sessions, home_id: UUID, *, by: Actor) -> HomePage:
    """Show one home."""
    with sessions() as db:
        home = home_for(db, home_id, by=by)
        (row,) = _rows(db, by, col(Home.id) == home_id)
        line = db.get_one(QuotaLine, home.line_id)
        known = {one.feature: one for one in db.exec(select(HomeFeature).where(HomeFeature.home_id == home_id))}
        history = _history(db, home_id, by)
    return HomePage(
        row=row,
        apartment_number=home.apartment_number if by.role is Role.HOUSING_STAFF else None,
        municipality=home.municipality,
        building=home.building,
        max_people=home.max_people,
        school_m=home.school_m,
        has_place=home.lat is not None,
        withdrawn_because=home.withdrawn_because,
        features=_feature_rows(known, facts_of(home, {}).state(Feature.ABOVE_GROUND_FLOOR), line.required),
        history=history,
        live=home.state in LIVE,
    )


def _rows(db: Session, by: Actor, which: Any) -> list[HomeRow]:
    query = (
        select(Home, QuotaLine, Agreement.name, Organisation.name)
        .join(QuotaLine, col(QuotaLine.id) == Home.line_id)
        .join(Agreement, col(Agreement.id) == QuotaLine.agreement_id)
        .join(Organisation, col(Organisation.id) == Home.company_id)
        .where(visible_to(by), which)
        .order_by(col(Home.month).desc(), col(Home.object_number), col(Home.id))
    )
    found: Sequence[tuple[Home, QuotaLine, str, str]] = db.exec(query).all()
    states = states_of(db, [home.id for home, *_ in found])
    return [_row(*one, states.get(one[0].id, {}), by) for one in found]


def _row(home: Home, line: QuotaLine, agreement: str, company: str, states: States, by: Actor) -> HomeRow:
    short = shortfalls(terms_of(line), facts_of(home, states))
    return HomeRow(
        id=home.id,
        object_number=home.object_number,
        address=home.address if by.role is Role.HOUSING_STAFF else None,
        company=company,
        agreement=agreement,
        line=line.name,
        line_id=line.id,
        month=home.month,
        district=home.district,
        rooms=home.rooms,
        area_m2=home.area_m2,
        rent=home.rent,
        floor=home.floor,
        state=home.state,
        approved=home.approved,
        shortfalls=tuple(one.sentence for one in short),
        available_from=home.available_from,
        offer_until=home.offer_until,
    )


def _feature_rows(
    known: Mapping[Feature, HomeFeature], above_ground: FeatureState, required: Sequence[str]
) -> tuple[FeatureRow, ...]:
    rows = []
    for feature in Feature:
        row = known.get(feature)
        state = row.state if row else FeatureState.UNKNOWN
        state = above_ground if feature is Feature.ABOVE_GROUND_FLOOR else state
        rows.append(
            FeatureRow(feature, state, row.source if row else None, row.on if row else None, feature.value in required)
        )
    return tuple(sorted(rows, key=lambda row: not row.required))


_DONE = {
    "home.published": say("Published"),
    "home.changed": say("Changed"),
    "home.confirmed": say("Confirmed as still free"),
    "home.withdrawn": say("Withdrawn"),
}


def _history(db: Session, home_id: UUID, by: Actor) -> tuple[Happening, ...]:
    """Say what was done, by a colleague's name or the other side's; the newest first."""
    whose = (col(Organisation.id) == AuditRow.organisation_id) & col(AuditRow.actor_id).is_not(None)
    query = (
        select(AuditRow.at, AuditRow.action, User, Organisation.name)
        .join(User, col(User.id) == AuditRow.actor_id, isouter=True)
        .join(Organisation, whose, isouter=True)
        .where(AuditRow.subject_id == home_id, col(AuditRow.action).in_(_DONE))
        .order_by(col(AuditRow.at).desc(), col(AuditRow.action))
    )
    found: Sequence[tuple[datetime, str, User | None, str | None]] = db.exec(query).all()
    return tuple(Happening(at, _DONE[action], _who(user, whom, by)) for at, action, user, whom in found)


def _who(user: User | None, organisation: str | None, by: Actor) -> str:
    if user is not None and user.organisation_id == by.organisation_id:
        return user.name
    return organisation or "bostad"
