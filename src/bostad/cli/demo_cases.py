"""The demo's cases, as their social workers register them: every section, what to avoid, the stay, consent."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import select

from bostad.accounts.access import Actor
from bostad.cli.demo_cast import Cast
from bostad.cli.demo_example import Example, Row
from bostad.matching.problem import Need
from bostad.needs.answers import CircleArea, HomeNeeded, Household, NamedArea, Priority, Safety, SectionAnswers, Stay
from bostad.needs.avoiding import avoid_circle, avoid_named, block_companies, finish_avoiding
from bostad.needs.case_answers import NewCase, NewConsent
from bostad.needs.consent import FieldGroup, GivenHow, default_end
from bostad.needs.service import open_need, save_section, start_case
from bostad.needs.sharing import give_consent
from bostad.needs.staying import save_stay
from bostad.needs.stays import AvoidKind, PlaceKind
from bostad.needs.tables import Place, ShelterPlace
from bostad.placements.endings import revoke_consent

Consented = tuple[str, date, date]
"""A company, the day it was agreed to, and the last day."""


def register_case(cast: Cast, example: Example, need: Need, *, at: datetime) -> None:
    """Register a case on the day its household began to wait, with everything answered, and open its need."""
    row = case_row(example, need)
    by, sessions = cast.people[row["worker"]], cast.sessions
    case_id = start_case(sessions, NewCase(case_number=row["case_number"]), by=by, at=at)
    cast.cases[need.need] = case_id
    for answers in _sections(example, need, on=at.date()):
        save_section(sessions, case_id, answers, version=1, by=by, at=at)
    _avoid(cast, case_id, need, by=by, at=at)
    save_stay(sessions, case_id, _stay(cast, example, need, ready=False), by=by, at=at)
    open_need(sessions, case_id, opted_in=row["opted_in"] == "yes", by=by, at=at)


def note_ready(cast: Cast, example: Example, need: Need, *, at: datetime) -> None:
    """Note that a household is ready to move from its shelter."""
    by = cast.people[case_row(example, need)["worker"]]
    save_stay(cast.sessions, cast.cases[need.need], _stay(cast, example, need, ready=True), by=by, at=at)


def record_consent(cast: Cast, example: Example, need: Need, consented: Consented, *, at: datetime) -> None:
    """Record a consent; one to a company that the file has as blocked is taken back, and the company is blocked."""
    company, given_on, ends_on = consented
    by, case_id = cast.people[case_row(example, need)["worker"]], cast.cases[need.need]
    company_id = cast.organisations[company]
    terms = NewConsent(
        company_id=company_id,
        field_groups=list(FieldGroup),
        given_on=given_on,
        given_how=GivenHow.WRITTEN,
        ends_on=ends_on,
    )
    consent_id = give_consent(cast.sessions, case_id, terms, by=by, at=at)
    if company in need.blocked_companies:
        revoke_consent(cast.sessions, consent_id, by=by, at=at + timedelta(hours=1))
        block_companies(cast.sessions, case_id, [company_id], by=by, at=at + timedelta(hours=1))


def case_row(example: Example, need: Need) -> Row:
    """Give a need's case."""
    return next(row for row in example.table("cases") if row["need"] == need.need)


def stay_row(example: Example, need: Need) -> Row | None:
    """Give a need's place in the shelter, if it has one."""
    return next((row for row in example.table("shelter") if row["need"] == need.need), None)


def consents_of(example: Example, need: Need) -> Iterator[Consented]:
    """Give a need's consents: given at most 90 days before they end, and not before the household began to wait."""
    for company, written in sorted(need.consents):
        ends_on = example.day(written)
        longest = default_end(ends_on) - ends_on
        yield company, max(example.day(need.waiting_since), ends_on - longest), ends_on


def _sections(example: Example, need: Need, *, on: date) -> tuple[SectionAnswers, ...]:
    household = {"adults": need.adults, "couples": need.couples, "child_ages": list(need.child_ages)}
    home = {
        "rent_max": need.rent_max,
        "rooms_min": need.rooms_min,
        "municipalities": sorted(need.municipalities),
        "move_in_from": example.day_or_none(need.move_in_from),
        "move_in_by": example.day_or_none(need.move_in_by),
        "contracts": sorted(need.contracts),
    }
    safety = {"must": sorted(need.must), "wish": sorted(need.wish), "school_m_max": need.school_m_max}
    order = {"risk": need.risk, "waiting_since": example.day(need.waiting_since), "target_group": need.group}
    return (
        Household.model_validate(household | {"ages_true_on": on}),
        HomeNeeded.model_validate(home),
        Safety.model_validate(safety),
        Priority.model_validate(order),
    )


def _stay(cast: Cast, example: Example, need: Need, *, ready: bool) -> Stay:
    row = stay_row(example, need)
    if row is None:
        return Stay(kind=PlaceKind.ELSEWHERE, since=example.day(need.waiting_since))
    with cast.sessions() as db:
        place_id = db.exec(select(ShelterPlace.id).where(ShelterPlace.code == row["place"])).one()
    return Stay(
        kind=PlaceKind(row["place_kind"]),
        place_id=place_id,
        since=example.day(row["since"]),
        ready_since=example.day_or_none(row["ready_since"]) if ready else None,
    )


def _avoid(cast: Cast, case_id: UUID, need: Need, *, by: Actor, at: datetime) -> None:
    named = [(AvoidKind.DISTRICT, name) for name in sorted(need.avoid_districts)]
    named += [(AvoidKind.BUILDING, name) for name in sorted(need.avoid_buildings)]
    for kind, name in named:
        area = NamedArea(kind=kind, municipality=min(need.municipalities), name=name)
        avoid_named(cast.sessions, case_id, area, by=by, at=at)
    for lat, lon, metres in sorted(need.avoid_near):
        with cast.sessions() as db:
            place_id = db.exec(select(Place.id).where(Place.lat == lat, Place.lon == lon)).one()
        avoid_circle(cast.sessions, case_id, CircleArea(place_id=place_id, metres=metres), by=by, at=at)
    finish_avoiding(cast.sessions, case_id, by=by, at=at)
