"""What the forms of a case offer to choose from: municipalities, names of areas, places, companies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from bostad.accounts.access import Actor
from bostad.accounts.tables import Organisation
from bostad.agreements.tables import Agreement
from bostad.counties.loading import names_elsewhere, partners_of
from bostad.homes.tables import Home
from bostad.needs.answers import Stay
from bostad.needs.lines import area_words
from bostad.needs.loading import case_for, companies, latest_need
from bostad.needs.staying import places_taken
from bostad.needs.stays import AvoidKind, PlaceKind
from bostad.needs.tables import AvoidArea, Need, Place, ShelterPlace, ShelterStay
from bostad.protection.tables import BlockedCompany, ExcludedStaff
from bostad.records import Sessions
from bostad.words import Sentence


@dataclass(frozen=True, slots=True)
class ExcludedPerson:
    """A person who must not hear of the household; `ending` while a second person has still to agree to its end."""

    id: UUID
    name: str
    company: str
    ending: bool


@dataclass(frozen=True, slots=True)
class AvoidPage:
    """What is avoided so far, and what there is to choose from."""

    case_number: str
    areas: tuple[tuple[UUID, Sentence], ...]
    blocked: tuple[UUID, ...]
    ending: tuple[str, ...]
    people: tuple[ExcludedPerson, ...]
    companies: tuple[tuple[UUID, str], ...]
    municipalities: tuple[tuple[str, str], ...]
    names: Mapping[AvoidKind, tuple[str, ...]]
    places: tuple[tuple[UUID, str], ...]
    is_done: bool


@dataclass(frozen=True, slots=True)
class StayPage:
    """Where the household lives, and the board's places: free ones, and its own."""

    case_number: str
    values: dict[str, Any]
    places: tuple[tuple[UUID, PlaceKind, str], ...]


def municipality_names(db: Session, board_id: UUID) -> dict[str, str]:
    """Name the municipalities that homes for a board's cases can lie in, by code, with those who belong there."""
    partners = select(Agreement.company_id).where(Agreement.board_id == board_id)
    together = {board_id, *partners_of(db, board_id)}
    query = select(Organisation.municipality, Organisation.name).where(
        or_(col(Organisation.id).in_(together), col(Organisation.id).in_(partners))
    )
    names: dict[str, list[str]] = {}
    for code, name in sorted(db.exec(query).all()):
        names.setdefault(code, []).append(name)
    return {code: f"{code} ({', '.join(found)})" for code, found in names.items()}


def municipalities(sessions: Sessions, *, by: Actor) -> tuple[tuple[str, str], ...]:
    """List the municipalities to choose from."""
    with sessions() as db:
        return tuple(municipality_names(db, by.organisation_id).items())


def avoid_page(sessions: Sessions, case_id: UUID, *, by: Actor, on: date) -> AvoidPage:
    """Give what the page of what to avoid shows."""
    with sessions() as db:
        case = case_for(db, case_id, by=by, on=on)
        need = latest_need(db, case)
        areas = areas_of(db, need.id)
        blocked = db.exec(
            select(BlockedCompany).where(BlockedCompany.need_id == need.id, col(BlockedCompany.lifted_by).is_(None))
        ).all()
        ending = {one.company_id for one in blocked if one.lift_asked_by}
        known = companies(db, board_id=case.board_id)
        places = select(Place).where(col(Place.municipality).in_(need.municipalities)).order_by(col(Place.name))
        named = municipality_names(db, need.board_id)
        return AvoidPage(
            case_number=case.case_number,
            areas=tuple((area.id, area_words(area.kind, area.name, area.metres)) for area in areas),
            blocked=tuple(one.company_id for one in blocked if not one.lift_asked_by),
            ending=tuple(one.name for one in known if one.id in ending),
            people=excluded_people(db, need.id),
            companies=tuple((one.id, one.name) for one in known),
            municipalities=tuple((code, named.get(code, code)) for code in need.municipalities),
            names=_known_names(db, need),
            places=tuple((place.id, f"{place.name} ({place.municipality})") for place in db.exec(places).all()),
            is_done="avoid" in need.sections_done,
        )


def excluded_people(db: Session, need_id: UUID) -> tuple[ExcludedPerson, ...]:
    """List the people whom a need is closed to, as the social worker has named them; who they are is not looked up."""
    query = select(ExcludedStaff, Organisation).join(Organisation, col(Organisation.id) == ExcludedStaff.company_id)
    live = query.where(ExcludedStaff.need_id == need_id, col(ExcludedStaff.lifted_by).is_(None))
    return tuple(
        ExcludedPerson(row.id, row.name, company.name, ending=row.lift_asked_by is not None)
        for row, company in db.exec(live.order_by(col(ExcludedStaff.name), col(ExcludedStaff.id))).all()
    )


def areas_of(db: Session, need_id: UUID) -> tuple[AvoidArea, ...]:
    """List a need's areas to avoid, by kind and name: both are known only once the rows are open."""
    areas = db.exec(select(AvoidArea).where(AvoidArea.need_id == need_id)).all()
    return tuple(sorted(areas, key=lambda area: (area.kind, area.name, area.id)))


def stay_page(sessions: Sessions, case_id: UUID, *, by: Actor, on: date) -> StayPage:
    """Give what the page of the stay shows; taken places are left out, whoever lives there."""
    with sessions() as db:
        case = case_for(db, case_id, by=by, on=on)
        going_on = select(ShelterStay).where(col(ShelterStay.until).is_(None))
        stay = db.exec(going_on.where(ShelterStay.case_id == case.id)).one_or_none()
        taken = places_taken(db, case.board_id) - {stay.place_id if stay else None}
        free = select(ShelterPlace).where(ShelterPlace.board_id == case.board_id, col(ShelterPlace.id).not_in(taken))
        places = db.exec(free.order_by(col(ShelterPlace.kind), col(ShelterPlace.code))).all()
        values = {name: getattr(stay, name) for name in Stay.model_fields} if stay else {}
        return StayPage(case.case_number, values, tuple((place.id, place.kind, place.code) for place in places))


def _known_names(db: Session, need: Need) -> dict[AvoidKind, tuple[str, ...]]:
    """List districts and buildings of homes, at boards it is matched with too: names as the companies write them."""
    query = select(Home.district, Home.building).where(col(Home.municipality).in_(need.municipalities)).distinct()
    pairs = [*db.exec(query).all(), *names_elsewhere(db, need.board_id, need.municipalities)]
    return {
        AvoidKind.DISTRICT: tuple(sorted({district for district, _ in pairs if district})),
        AvoidKind.BUILDING: tuple(sorted({building for _, building in pairs if building})),
    }
