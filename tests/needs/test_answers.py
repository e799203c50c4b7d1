"""The forms: what people write, and how it is refused."""

from datetime import date
from uuid import UUID

import pytest
from pydantic import ValidationError

from bostad.answers import Answers
from bostad.needs.answers import HomeNeeded, Household, Safety, Stay
from bostad.needs.case_answers import NewCase, NewConsent
from bostad.web.forms import Form
from tests.factories import NOON
from tests.needs.steps import HOME, consent_to

COMPANY = UUID("7f1d3f3e-54e3-4d2e-8f55-0123456789ab")


@pytest.mark.parametrize("written", ["2, 4, 11", "2 4 11", "2 och 4, 11", "2;4;11"])
def test_ages_are_read_as_people_list_them(written: str) -> None:
    assert _household(child_ages=written).child_ages == [2, 4, 11]


@pytest.mark.parametrize("written", ["2026-11-21", "21/11 2026", "21 nov 2026", "21 november 2026", "21.11.2026"])
def test_days_are_read_as_people_write_them(written: str) -> None:
    """U38."""
    assert _household(ages_true_on=written).ages_true_on == NOON.date()


def test_money_may_have_spaces_and_a_unit() -> None:
    """U19."""
    assert HOME.rent_max == 9_400


REFUSED = {
    "two people make a couple": (Household, {"adults": "1", "couples": "1", "ages_true_on": "2026-11-21"}, "couples"),
    "a child is under 18": (
        Household,
        {"adults": "1", "child_ages": "4, 18", "ages_true_on": "2026-11-21"},
        "child_ages",
    ),
    "an age is a number": (
        Household,
        {"adults": "1", "child_ages": "small", "ages_true_on": "2026-11-21"},
        "child_ages",
    ),
    "somebody is an adult": (Household, {"adults": "0", "ages_true_on": "2026-11-21"}, "adults"),
    "the rent is not nothing": (HomeNeeded, {"rent_max": "0", "municipalities": ["9901"]}, "rent_max"),
    "a municipality is chosen": (HomeNeeded, {"rent_max": "9000"}, "municipalities"),
    "dates stand in order": (
        HomeNeeded,
        {"rent_max": "9000", "municipalities": "9901", "move_in_from": "2027-01-02", "move_in_by": "2027-01-01"},
        "move_in_by",
    ),
    "a must is no wish": (Safety, {"must": "lift", "wish": ["lift", "balcony"]}, "wish"),
    "a feature is one of the list": (Safety, {"must": "moat"}, "must"),
    "elsewhere is no place of ours": (
        Stay,
        {"kind": "elsewhere", "place_id": str(COMPANY), "since": "2026-11-01"},
        "place_id",
    ),
    "ready comes after arrival": (
        Stay,
        {"kind": "shelter", "since": "2026-11-02", "ready_since": "2026-11-01"},
        "ready_since",
    ),
    "a consent covers something": (
        NewConsent,
        {"company_id": str(COMPANY), "given_on": "2026-11-01", "given_how": "oral"},
        "field_groups",
    ),
    "a case number is short": (NewCase, {"case_number": "9" * 41}, "case_number"),
    "a case number is one line": (NewCase, {"case_number": "99\u00071"}, "case_number"),
}


@pytest.mark.parametrize(("model", "data", "field"), REFUSED.values(), ids=REFUSED)
def test_an_answer_that_cannot_be_is_refused_at_its_field(
    model: type[Answers], data: dict[str, object], field: str
) -> None:
    """U16, U17. ASVS V2.2.1."""
    form = Form.read(model, data)

    assert list(form.errors) == [field]
    assert str(form.errors[field]).endswith((".", "?"))


@pytest.mark.parametrize("number", ["19850712-1234", "850712-1234", "198507121234", "850772-1234"])
def test_an_identity_number_is_never_taken_for_a_case_number(number: str) -> None:
    """S09."""
    with pytest.raises(ValidationError):
        NewCase(case_number=number)


def test_a_case_number_is_trimmed_and_otherwise_as_written() -> None:
    assert NewCase(case_number="  SN 2026/14 :b ").case_number == "SN 2026/14 :b"


def test_a_consent_lasts_ninety_days_unless_agreed_otherwise_and_never_more_than_a_hundred_and_eighty() -> None:
    """S10."""
    assert consent_to(COMPANY).last_day == date(2027, 2, 18)
    assert consent_to(COMPANY, ends_on=date(2027, 5, 19)).last_day == date(2027, 5, 19)
    for too_far in (date(2027, 5, 20), date(2026, 11, 19)):
        with pytest.raises(ValidationError):
            consent_to(COMPANY, ends_on=too_far)


def test_every_question_has_its_words_and_a_reason() -> None:
    """U21: only questions that speak for themselves stand without one."""
    unexplained = [
        name
        for model in (NewCase, Household, Stay, HomeNeeded, Safety, NewConsent)
        for name, field in model.model_fields.items()
        if not field.title or (not field.description and name not in {"given_on", "interpreter"})
    ]

    assert unexplained == []


def _household(**answers: str) -> Household:
    return Household.model_validate({"adults": "1", "ages_true_on": "2026-11-21"} | answers)
