"""All the answers of a need in plain words, part by part, before it is opened and whenever it is looked over (U24)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.accounts.tables import Organisation
from bostad.agreements.states import TargetGroup
from bostad.homes.features import Feature
from bostad.needs.household import ContractForm, ages_on
from bostad.needs.lines import Line, Value, area_words, line
from bostad.needs.loading import case_for, latest_need
from bostad.needs.states import NeedState, Section
from bostad.needs.surroundings import areas_of, excluded_people, municipality_names
from bostad.needs.tables import AvoidArea, Need, ShelterPlace, ShelterStay
from bostad.protection.tables import BlockedCompany
from bostad.records import Sessions
from bostad.words import Sentence, say


@dataclass(frozen=True, slots=True)
class CheckPart:
    """One part's answers."""

    section: Section
    done: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything that has been answered, and whether the need can be opened."""

    case_number: str
    state: NeedState
    parts: tuple[CheckPart, ...]

    @property
    def can_open(self) -> bool:
        """Tell whether the last step is all that is left."""
        return self.state is NeedState.DRAFT and all(part.done for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the lines are made from."""

    need: Need
    on: date
    places: Mapping[str, str]
    areas: tuple[AvoidArea, ...]
    blocked: tuple[str, ...]
    people: tuple[str, ...]
    stay: ShelterStay | None
    place: str | None


def check_page(sessions: Sessions, case_id: UUID, *, by: Actor, on: date) -> CheckPage:
    """Give the answers as they stand."""
    with sessions() as db:
        case = case_for(db, case_id, by=by, on=on)
        need = latest_need(db, case)
        return CheckPage(case.case_number, need.state, answers_of(db, need, on))


def answers_of(db: Session, need: Need, on: date) -> tuple[CheckPart, ...]:
    """Give every answer of a need in words; a part of the caller's transaction."""
    facts = _facts(db, need, on)
    return tuple(CheckPart(section, section in need.sections_done, _LINES[section](facts)) for section in Section)


def _facts(db: Session, need: Need, on: date) -> _Facts:
    areas = areas_of(db, need.id)
    blocked = select(Organisation.name).join(BlockedCompany, col(BlockedCompany.company_id) == Organisation.id)
    stands = col(BlockedCompany.lifted_by).is_(None)
    query = select(ShelterStay, ShelterPlace.code).join(
        ShelterPlace, col(ShelterPlace.id) == ShelterStay.place_id, isouter=True
    )
    going_on = query.where(ShelterStay.case_id == need.case_id, col(ShelterStay.until).is_(None))
    stay, place = db.exec(going_on).one_or_none() or (None, None)
    return _Facts(
        need=need,
        on=on,
        places=municipality_names(db, need.board_id),
        areas=areas,
        blocked=tuple(sorted(db.exec(blocked.where(BlockedCompany.need_id == need.id, stands)).all())),
        people=tuple(f"{one.name} ({one.company})" for one in excluded_people(db, need.id)),
        stay=stay,
        place=place,
    )


def _household(facts: _Facts) -> tuple[Line, ...]:
    need = facts.need
    ages = ages_on(facts.on, need.child_ages, need.ages_true_on) if need.ages_true_on else need.child_ages
    return (
        _told(say("Adults"), need.adults),
        line(say("Couples among the adults"), need.couples or None, none=say("None")),
        line(say("The children's ages today"), ", ".join(map(str, ages)), none=say("No children")),
    )


def _stay(facts: _Facts) -> tuple[Line, ...]:
    stay = facts.stay
    if stay is None:
        return (_told(say("Where do they live now?"), None),)
    return (
        line(say("Where do they live now?"), stay.kind, facts.place, none=_NOT_TOLD),
        _told(say("Since when?"), stay.since),
        line(say("Ready to move since"), stay.ready_since, none=say("Not ready yet, or not known")),
    )


def _home(facts: _Facts) -> tuple[Line, ...]:
    need = facts.need
    places = [facts.places.get(code, code) for code in need.municipalities]
    contracts = [ContractForm(code) for code in need.contracts]
    return (
        line(say("Highest rent a month, in kronor"), need.rent_max, none=_NOT_TOLD, hard=True),
        line(say("Fewest rooms, apart from the kitchen"), need.rooms_min, none=say("As many as the household needs")),
        line(say("Municipalities they can live in"), *places, none=_NOT_TOLD, hard=True),
        line(say("Earliest move-in"), need.move_in_from, none=say("At once")),
        line(say("Must have moved by"), need.move_in_by, none=say("No last day")),
        line(say("Contract forms that will do"), *contracts, none=say("Any"), hard=True),
    )


def _safety(facts: _Facts) -> tuple[Line, ...]:
    need = facts.need
    must = [Feature(code) for code in need.must]
    wish = [Feature(code) for code in need.wish]
    school = say("%(metres)s metres", metres=need.school_m_max) if need.school_m_max else None
    return (
        line(say("The home must have"), *must, none=say("No such demands"), hard=True),
        line(say("It would be good if the home had"), *wish, none=say("No wishes")),
        line(say("Longest distance to a school"), school, none=say("No demand"), hard=True),
    )


def _avoid(facts: _Facts) -> tuple[Line, ...]:
    areas: list[Value] = [area_words(area.kind, area.name, area.metres) for area in facts.areas]
    return (
        line(say("No home may be in or near"), *areas, none=say("Nothing to avoid"), hard=True),
        line(say("Companies that must not hear of the household"), *facts.blocked, none=say("None"), hard=True),
        line(say("People at a company who must not hear of it"), *facts.people, none=say("None"), hard=True),
    )


def _priority(facts: _Facts) -> tuple[Line, ...]:
    need = facts.need
    return (
        _told(say("Risk, by your own assessment"), need.risk),
        _told(say("Waiting for a home since"), need.waiting_since),
        _told(say("Group in the agreements"), TargetGroup(need.target_group)),
    )


def _told(label: Sentence, value: Value | None) -> Line:
    return line(label, value, none=_NOT_TOLD)


_NOT_TOLD = say("Not filled in yet")
_LINES: Mapping[Section, Callable[[_Facts], tuple[Line, ...]]] = {
    Section.HOUSEHOLD: _household,
    Section.STAY: _stay,
    Section.HOME: _home,
    Section.SAFETY: _safety,
    Section.AVOID: _avoid,
    Section.PRIORITY: _priority,
}
