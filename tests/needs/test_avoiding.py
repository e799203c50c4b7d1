"""Areas and companies to keep away from, and where the household lives meanwhile."""

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from bostad.errors import Invalid, Missing, OutOfStep
from bostad.needs.answers import CircleArea, NamedArea, Stay
from bostad.needs.avoiding import avoid_circle, avoid_named, block_companies, finish_avoiding, forget_area
from bostad.needs.case_answers import NewCase
from bostad.needs.service import save_section, start_case
from bostad.needs.states import ClosedBecause
from bostad.needs.staying import move_stay, save_stay
from bostad.needs.stays import PlaceKind
from bostad.needs.surroundings import avoid_page, stay_page
from bostad.needs.tables import AvoidArea, Place, ShelterPlace, ShelterStay
from bostad.placements.endings import close_case
from bostad.records import Sessions
from tests.factories import NOON, TODAY, HomeFactory
from tests.needs.conftest import Around
from tests.needs.steps import HOME, STAY, fill_in, need_of, open_up

DISTRICT = NamedArea.model_validate({"kind": "district", "municipality": "9901", "name": "Provdalen"})


@pytest.fixture
def placed(sessions: Sessions, around: Around, case_id: UUID) -> UUID:
    """Say where the household of a case can live."""
    save_section(sessions, case_id, HOME, version=1, by=around.worker, at=NOON)
    return case_id


@pytest.fixture
def square(rows: Session) -> Place:
    place = Place(municipality="9901", name="Provtorget", lat=62.0, lon=18.5)
    rows.add(place)
    rows.commit()
    return place


@pytest.fixture
def shelter(rows: Session, around: Around) -> ShelterPlace:
    place = ShelterPlace(board_id=around.board_id, kind=PlaceKind.SHELTER, code="S1")
    rows.add(place)
    rows.commit()
    return place


def in_shelter(place: ShelterPlace, since: str = "2026-10-01", **more: str) -> Stay:
    return Stay.model_validate({"kind": "shelter", "place_id": str(place.id), "since": since, **more})


def test_areas_wait_for_the_municipalities(sessions: Sessions, around: Around, case_id: UUID) -> None:
    with pytest.raises(OutOfStep):
        avoid_named(sessions, case_id, DISTRICT, by=around.worker, at=NOON)
    with pytest.raises(OutOfStep):
        finish_avoiding(sessions, case_id, by=around.worker, at=NOON)


def test_a_district_named_twice_counts_once_and_can_be_taken_away(
    sessions: Sessions, around: Around, placed: UUID
) -> None:
    for _ in range(2):
        avoid_named(sessions, placed, DISTRICT, by=around.worker, at=NOON)
    ((area_id, words),) = avoid_page(sessions, placed, by=around.worker, on=TODAY).areas
    assert str(words) == "The district Provdalen"

    forget_area(sessions, placed, area_id, by=around.worker, at=NOON)
    with pytest.raises(Missing):
        forget_area(sessions, placed, area_id, by=around.worker, at=NOON)


def test_an_area_lies_where_the_household_can_live(sessions: Sessions, around: Around, placed: UUID) -> None:
    elsewhere = DISTRICT.model_copy(update={"municipality": "9902"})

    with pytest.raises(Invalid):
        avoid_named(sessions, placed, elsewhere, by=around.worker, at=NOON)


def test_a_circle_takes_its_middle_from_the_place_that_was_picked(
    sessions: Sessions, rows: Session, around: Around, placed: UUID, square: Place
) -> None:
    avoid_circle(sessions, placed, CircleArea(place_id=square.id, metres=800), by=around.worker, at=NOON)

    area = rows.exec(select(AvoidArea)).one()
    assert (area.lat, area.lon, area.metres) == (62.0, 18.5, 800)
    ((_, words),) = avoid_page(sessions, placed, by=around.worker, on=TODAY).areas
    assert str(words) == "Nearer than 800 metres to Provtorget", "no coordinates on the page"
    with pytest.raises(Invalid):
        avoid_circle(sessions, placed, CircleArea(place_id=UUID(int=0), metres=800), by=around.worker, at=NOON)


def test_names_are_offered_from_published_homes(
    sessions: Sessions, rows: Session, around: Around, placed: UUID
) -> None:
    HomeFactory.create(district="Provbacken", building="Kvarteret Provet")
    HomeFactory.create(district="Annanstans", municipality="9902")

    names = avoid_page(sessions, placed, by=around.worker, on=TODAY).names

    assert sorted(names.values()) == [("Kvarteret Provet",), ("Provbacken",)]


def test_blocked_companies_are_the_ticked_ones_and_no_others(sessions: Sessions, around: Around, placed: UUID) -> None:
    block_companies(sessions, placed, [around.company_id], by=around.worker, at=NOON)
    assert avoid_page(sessions, placed, by=around.worker, on=TODAY).blocked == (around.company_id,)

    block_companies(sessions, placed, [], by=around.worker, at=NOON)
    assert avoid_page(sessions, placed, by=around.worker, on=TODAY).blocked == ()


def test_a_new_area_of_an_open_need_counts_as_a_change(sessions: Sessions, around: Around, case_id: UUID) -> None:
    open_up(sessions, case_id, around.worker)

    avoid_named(sessions, case_id, DISTRICT, by=around.worker, at=NOON)

    assert need_of(sessions, case_id).version == 2


def test_a_household_lives_in_one_place_and_a_place_has_one_household(
    sessions: Sessions, around: Around, case_id: UUID, shelter: ShelterPlace, rows: Session
) -> None:
    save_stay(sessions, case_id, in_shelter(shelter), by=around.worker, at=NOON)
    save_stay(sessions, case_id, in_shelter(shelter, ready_since="2026-11-01"), by=around.worker, at=NOON)

    stay = rows.exec(select(ShelterStay)).one()
    assert (stay.place_id, stay.ready_since) == (shelter.id, date(2026, 11, 1))
    assert stay_page(sessions, case_id, by=around.worker, on=TODAY).places == ((shelter.id, PlaceKind.SHELTER, "S1"),)


def test_a_taken_place_is_refused_and_not_even_offered(
    sessions: Sessions, around: Around, case_id: UUID, shelter: ShelterPlace
) -> None:
    save_stay(sessions, case_id, in_shelter(shelter), by=around.worker, at=NOON)
    other = start_case(sessions, NewCase(case_number="9901-2026-0501"), by=around.worker, at=NOON)

    with pytest.raises(Invalid) as refusal:
        save_stay(sessions, other, in_shelter(shelter), by=around.worker, at=NOON)

    assert set(refusal.value.fields) == {"place_id"}
    assert stay_page(sessions, other, by=around.worker, on=TODAY).places == ()


def test_a_place_is_of_the_kind_that_was_ticked_and_days_are_past(
    sessions: Sessions, around: Around, case_id: UUID, shelter: ShelterPlace
) -> None:
    flat = in_shelter(shelter).model_copy(update={"kind": PlaceKind.SUPPORT_FLAT})
    for answers, field in ((flat, "place_id"), (in_shelter(shelter, since="2026-11-22"), "since")):
        with pytest.raises(Invalid) as refusal:
            save_stay(sessions, case_id, answers, by=around.worker, at=NOON)
        assert set(refusal.value.fields) == {field}


def test_moving_ends_the_former_stay_and_frees_its_place(
    sessions: Sessions, rows: Session, around: Around, case_id: UUID, shelter: ShelterPlace
) -> None:
    save_stay(sessions, case_id, in_shelter(shelter), by=around.worker, at=NOON)

    move_stay(sessions, case_id, STAY, by=around.worker, at=NOON)

    stays = rows.exec(select(col(ShelterStay.kind), col(ShelterStay.until)).order_by(col(ShelterStay.since))).all()
    assert stays == [(PlaceKind.SHELTER, date(2026, 10, 28)), (PlaceKind.ELSEWHERE, None)]
    too_early = STAY.model_copy(update={"since": date(2026, 10, 1)})
    with pytest.raises(Invalid):
        move_stay(sessions, case_id, too_early, by=around.worker, at=NOON)


def test_closing_a_case_ends_the_stay(sessions: Sessions, rows: Session, around: Around, case_id: UUID) -> None:
    fill_in(sessions, case_id, around.worker)

    close_case(sessions, case_id, ClosedBecause.RETURNED, by=around.worker, at=NOON)

    assert rows.exec(select(col(ShelterStay.until))).one() == TODAY
