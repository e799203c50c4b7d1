"""What a home must meet, in words for the landlord; and when an answer is due."""

from datetime import UTC, datetime

import pytest

from bostad.agreements.deadlines import answer_by
from bostad.agreements.terms import HomeFacts, Terms, shortfalls, terms_in_words
from bostad.homes.features import Feature
from bostad.homes.states import FeatureState

TERMS = Terms(
    required=["door_code", "above_ground_floor"], school_m_max=1_500, districts_excluded=["Dimmelsta"], rent_max=10_500
)


def facts(
    *, door_code: FeatureState = FeatureState.MET, floor: int | None = 1, school_m: int | None = 1_500,
    district: str | None = "Vättemon", rent: int = 10_500,
) -> HomeFacts:  # fmt: skip
    """Give a home that meets the terms in all but what is named."""
    return HomeFacts(
        rent=rent, floor=floor, school_m=school_m, district=district, features={Feature.DOOR_CODE: door_code}
    )


def test_a_home_that_meets_every_term_counts() -> None:
    assert shortfalls(TERMS, facts()) == ()


@pytest.mark.parametrize(
    ("home", "code", "sentence"),
    [
        (facts(door_code=FeatureState.UNKNOWN), "door_code:unknown", "Door code at the entrance: not known"),
        (facts(door_code=FeatureState.NOT_MET), "door_code:not_met", "Door code at the entrance: no"),
        (facts(floor=None), "above_ground_floor:unknown", "Above the ground floor: not known"),
        (facts(floor=0), "above_ground_floor:not_met", "Above the ground floor: no"),
        (facts(floor=-1), "above_ground_floor:not_met", "Above the ground floor: no"),
        (facts(school_m=1_501), "school:far", "1501 m to the nearest school as the crow flies; at most 1500 m"),
        (facts(school_m=None), "school:unknown", "The distance to a school: not known (no coordinates)"),
        (facts(district="DIMMELSTA"), "district:excluded", "DIMMELSTA is left out by the terms"),
        (facts(district=None), "district:unknown", "The district: not known"),
        (facts(rent=10_501), "rent:high", "The rent is 10501 kr; at most 10500 kr"),
    ],
)  # fmt: skip
def test_each_term_that_is_not_met_is_said_in_a_sentence(home: HomeFacts, code: str, sentence: str) -> None:
    """I05: what nobody has confirmed does not count."""
    (short,) = shortfalls(TERMS, home)
    assert (short.code, str(short.sentence)) == (code, sentence)


def test_a_feature_that_nobody_has_said_anything_about_is_not_known() -> None:
    short = shortfalls(Terms(required=["lift"]), HomeFacts(rent=1, features={}))
    assert [one.code for one in short] == ["lift:unknown"]


def test_a_line_without_terms_takes_any_home() -> None:
    assert shortfalls(Terms(), HomeFacts(rent=99_000, features={})) == ()


def test_the_terms_are_said_in_words() -> None:
    assert [str(sentence) for sentence in terms_in_words(TERMS)] == [
        "Above the ground floor",
        "Door code at the entrance",
        "At most 1500 m to the nearest school, as the crow flies",
        "Not in: Dimmelsta",
        "Rent of at most 10500 kr a month",
    ]


@pytest.mark.parametrize(
    ("asked_at", "days", "due"),
    [
        ("2026-11-23 12:00", 3, "2026-11-26 22:59:59"),
        ("2026-11-20 12:00", 1, "2026-11-23 22:59:59"),
        ("2026-11-21 12:00", 1, "2026-11-23 22:59:59"),
        ("2026-11-23 23:30", 1, "2026-11-25 22:59:59"),
        ("2026-12-22 12:00", 3, "2026-12-29 22:59:59"),
        ("2026-12-30 12:00", 2, "2027-01-05 22:59:59"),
        ("2026-06-18 12:00", 1, "2026-06-22 21:59:59"),
        ("2026-03-26 12:00", 2, "2026-03-30 21:59:59"),
        ("2026-10-22 12:00", 2, "2026-10-26 22:59:59"),
        ("2027-05-05 12:00", 1, "2027-05-07 21:59:59"),
    ],
    ids=[
        "in a week",
        "over a weekend",
        "asked on a Saturday",
        "late at night it is tomorrow here",
        "over Christmas",
        "over New Year and Epiphany Eve is a working day",
        "over Midsummer Eve",
        "into summer time",
        "out of summer time",
        "over Ascension Day",
    ],
)
def test_answers_are_due_at_the_end_of_a_swedish_working_day(asked_at: str, days: int, due: str) -> None:
    """F06: the day ends by Swedish time, whatever the clocks do."""
    at = datetime.fromisoformat(asked_at).replace(tzinfo=UTC)
    assert answer_by(at, days) == datetime.fromisoformat(due).replace(tzinfo=UTC)
