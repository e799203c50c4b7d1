"""What may stand in the form of a home, and what is said about what may not."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from bostad.answers import faults_in
from bostad.homes.answers import HomeAnswers
from bostad.homes.features import Feature
from bostad.homes.states import FeatureState

WRITTEN: dict[str, Any] = {
    "line_id": str(uuid4()), "month": "2026-11-01", "object_number": "7001-0702", "address": "Lyktgubbevägen 7",
    "municipality": "9901", "rooms": "3", "rent": "8 640,00", "available_from": "2027-01-01",
}  # fmt: skip


def read(**written: str) -> HomeAnswers:
    """Read a form that is right in all but what is named."""
    return HomeAnswers.model_validate(WRITTEN | written)


def faults(**written: str) -> dict[str, str]:
    """Give what is said about a form."""
    with pytest.raises(ValidationError) as wrong:
        read(**written)
    return {field: str(sentence) for field, sentence in faults_in(wrong.value).items()}


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("rent", "8 640,00", 8_640),
        ("rent", "8\u00a0640 kr/mån", 8_640),
        ("rent", "8640.01", 8_641),
        ("rent", "7.500:-", 7_500),
        ("area_m2", "78,5", 78),
        ("area_m2", "62 m²", 62),
        ("lat", "62,00126", None),
        ("apartment_number", "lgh 1102", "1102"),
        ("offer_until", "18 december 2026", date(2026, 12, 18)),
        ("floor", "-1", -1),
        ("address", "  Lyktgubbevägen   7 B ", "Lyktgubbevägen 7 B"),
    ],
)
def test_answers_are_read_as_people_write_them(field: str, written: str, meant: object) -> None:
    """U19, E11."""
    if field == "lat":
        assert (read(lat=written, lon="18,50460").lat, read(lat="62.00126", lon="18.5").lon) == (62.00126, 18.5)
    elif written == "7.500:-":
        assert read(rent=written).rent == 8, "a point is a decimal point"
    else:
        assert getattr(read(**{field: written}), field) == meant


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("ja", FeatureState.MET),
        ("Nej", FeatureState.NOT_MET),
        ("vet ej", FeatureState.UNKNOWN),
        ("X", FeatureState.MET),
    ],
)
def test_features_are_met_not_met_or_unknown(written: str, state: FeatureState) -> None:
    assert read(door_code=written).states == {Feature.DOOR_CODE: state}


@pytest.mark.parametrize(
    ("written", "field", "words"),
    [
        ({"rent": "sjutusen"}, "rent", "in digits"),
        ({"rent": "0"}, "rent", "1 or more"),
        ({"rooms": "1,5"}, "rooms", "whole number"),
        ({"apartment_number": "902"}, "apartment_number", "four digits"),
        ({"municipality": "Sagosund"}, "municipality", "four digits"),
        ({"door_code": "kanske"}, "door_code", "yes, no or not known"),
        ({"available_from": "snart"}, "available_from", "day, month and year"),
        ({"month": "2026-11-02"}, "month", "one of the months"),
        ({"lat": "62,0"}, "lon", "both latitude and longitude"),
        ({"lat": "18,5", "lon": "62,0"}, "lat", "not in Sweden"),
        ({"object_number": "x" * 41}, "object_number", "at most 40"),
        ({"address": "Gatan\x001"}, "address", "plain text"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(written: dict[str, str], field: str, words: str) -> None:
    """U17."""
    assert words in faults(**written)[field]


def test_a_floor_that_disagrees_with_the_apartment_number_is_refused_with_both() -> None:
    said = faults(apartment_number="1001", floor="3")["floor"]
    assert "1001 is on floor 0" in said
    assert "given as 3" in said


def test_the_floor_is_taken_from_the_apartment_number_when_nobody_states_it() -> None:
    assert read(apartment_number="1304").columns()["floor"] == 3
    assert read(floor="2").columns()["floor"] == 2
    assert read().columns()["floor"] is None
