"""A board's needs, homes and lines as the matching sees them, taken from the rows in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.errors import OutOfStep
from bostad.homes.states import FeatureState
from bostad.homes.tables import Home, HomeFeature
from bostad.matching import problem as matching
from bostad.needs.household import ages_on
from bostad.needs.stays import AvoidKind
from bostad.needs.tables import AvoidArea, Case, Consent, Need
from bostad.protection.closed import closed_companies

Line = tuple[QuotaLine, Agreement]
OfNeed = TypeVar("OfNeed", AvoidArea, Consent)


def home_key(home: Home) -> str:
    """Give a home's name in a problem: company and object, which a later publication of the same flat shares."""
    return f"{home.company_id}/{home.object_number}"


def line_key(line: QuotaLine, month: date) -> str:
    """Give a quota line's name in a problem: each month is a line of its own."""
    return f"{line.agreement_id}/{line.code}/{month.isoformat()}"


def needs_of(db: Session, rows: Sequence[Need], on: date) -> list[matching.Need]:
    """Give complete needs as the matching sees them on a day, in the order of the rows.

    A need's name is its case number: of two that are alike in all else, the earlier number comes first. The case's id
    goes with it, since two boards, or a heightened case and another, may have the same number.
    """
    ids = [row.id for row in rows]
    cases = db.exec(select(Case).where(col(Case.id).in_({row.case_id for row in rows}))).all()
    numbers = {case.id: f"{case.case_number} {case.id}" for case in cases}
    areas = _grouped(db.exec(select(AvoidArea).where(col(AvoidArea.need_id).in_(ids))).all())
    closed = closed_companies(db, ids)
    held = select(Consent).where(col(Consent.need_id).in_(ids), col(Consent.revoked_at).is_(None))
    consents = _grouped(db.exec(held).all())
    return [
        _need(row, numbers[row.case_id], areas[row.id], closed.get(row.id, frozenset()), consents[row.id], on)
        for row in rows
    ]


def promised_need(row: Need, on: date) -> matching.Need:
    """Give a need that has a promise as no more than a name: nothing of the household takes part in a run any more."""
    return matching.Need(
        need=str(row.id),
        risk="standard",
        waiting_since=on,
        adults=1,
        rent_max=1,
        municipalities=frozenset(),
        group="",
    )


def homes_of(db: Session, named: Mapping[str, Home], lines: Mapping[UUID, QuotaLine]) -> list[matching.Home]:
    """Give homes as the matching sees them, under these names and in this order."""
    known = select(HomeFeature).where(col(HomeFeature.home_id).in_([row.id for row in named.values()]))
    features: dict[UUID, list[HomeFeature]] = defaultdict(list)
    for feature in db.exec(known).all():
        features[feature.home_id].append(feature)
    return [_home(name, row, features[row.id], lines[row.line_id]) for name, row in named.items()]


def line_of(line: QuotaLine, agreement: Agreement, tally: LineMonth) -> matching.Line:
    """Give one month of a quota line as the matching sees it."""
    return matching.Line(
        line=line_key(line, tally.month),
        agreement=f"{agreement.id}/{tally.month.isoformat()}",
        groups=frozenset(line.groups),
        quota=tally.agreed + tally.carried,
        valid_from=agreement.valid_from,
        contracts=frozenset(line.contracts),
        agreement_cap=agreement.monthly_cap,
        valid_until=agreement.valid_until,
        building_cap=line.building_cap,
    )


def lines_by_id(db: Session, homes: Iterable[Home]) -> dict[UUID, Line]:
    """Give the lines and agreements that homes are published under."""
    wanted = {home.line_id for home in homes}
    joined = select(QuotaLine, Agreement).join(Agreement, col(Agreement.id) == QuotaLine.agreement_id)
    return {
        line.id: (line, agreement) for line, agreement in db.exec(joined.where(col(QuotaLine.id).in_(wanted))).all()
    }


def _grouped(rows: Sequence[OfNeed]) -> defaultdict[UUID, list[OfNeed]]:
    grouped: defaultdict[UUID, list[OfNeed]] = defaultdict(list)
    for row in rows:
        grouped[row.need_id].append(row)
    return grouped


def _need(
    row: Need,
    number: str,
    areas: Sequence[AvoidArea],
    closed: Collection[UUID],
    consents: Sequence[Consent],
    on: date,
) -> matching.Need:
    """Take a need apart into the matching's own words; only complete needs come here (`ck_need_complete_when_open`)."""
    if row.risk is None or row.waiting_since is None or row.adults is None or row.rent_max is None:
        raise OutOfStep("Fill in the need first.")
    true_on = row.ages_true_on or on
    return matching.Need(
        need=number,
        risk=row.risk.value,
        waiting_since=row.waiting_since,
        adults=row.adults,
        couples=row.couples,
        child_ages=tuple(ages_on(on, row.child_ages, true_on)),
        rooms_min=row.rooms_min,
        rent_max=row.rent_max,
        municipalities=frozenset(row.municipalities),
        group=row.target_group,
        avoid_districts=frozenset(area.name for area in areas if area.kind is AvoidKind.DISTRICT),
        avoid_buildings=frozenset(area.name for area in areas if area.kind is AvoidKind.BUILDING),
        avoid_near=frozenset(_circle(area) for area in areas if area.kind is AvoidKind.CIRCLE),
        blocked_companies=frozenset(str(company_id) for company_id in closed),
        must=frozenset(row.must),
        wish=frozenset(row.wish),
        school_m_max=row.school_m_max,
        move_in_from=row.move_in_from,
        move_in_by=row.move_in_by,
        contracts=frozenset(row.contracts),
        consents=frozenset((str(consent.company_id), consent.ends_on) for consent in consents),
    )


def _circle(area: AvoidArea) -> matching.Place:
    return matching.Place(area.lat or 0.0, area.lon or 0.0, area.metres or 0)


def _home(name: str, row: Home, features: Sequence[HomeFeature], line: QuotaLine) -> matching.Home:
    return matching.Home(
        home=name,
        line=line_key(line, row.month),
        company=str(row.company_id),
        municipality=row.municipality,
        district=row.district,
        building=row.building,
        lat=row.lat,
        lon=row.lon,
        rooms=row.rooms,
        area_m2=row.area_m2,
        rent=row.rent,
        floor=row.floor,
        max_people=row.max_people,
        has=frozenset(one.feature.value for one in features if one.state is FeatureState.MET),
        lacks=frozenset(one.feature.value for one in features if one.state is FeatureState.NOT_MET),
        school_m=row.school_m,
        available_from=row.available_from,
        offer_until=row.offer_until,
    )
