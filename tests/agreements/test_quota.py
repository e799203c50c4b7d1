"""Months, what is carried over, and twelve of them in a row."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bostad.agreements.quota import (
    Rule,
    Tally,
    agreed_in,
    carried_into,
    month_of,
    months_between,
    months_on,
    total,
    twelve_months,
)
from bostad.agreements.states import CarryOver

JAN, FEB, NOV, DEC = date(2027, 1, 1), date(2027, 2, 1), date(2026, 11, 1), date(2026, 12, 1)
THREE_LEFT = Tally(agreed=4, carried=1, released=2)


@pytest.mark.parametrize(
    ("rule", "month", "carried"),
    [
        (Rule(CarryOver.NONE), DEC, 0),
        (Rule(CarryOver.WITHIN_YEAR), DEC, 3),
        (Rule(CarryOver.WITHIN_YEAR), JAN, 0),
        (Rule(CarryOver.LIMITED, 2), DEC, 2),
        (Rule(CarryOver.LIMITED, 2), JAN, 2),
        (Rule(CarryOver.LIMITED, 9), JAN, 3),
    ],
)
def test_what_is_left_is_carried_by_the_rule(rule: Rule, month: date, carried: int) -> None:
    assert carried_into(month, THREE_LEFT, rule) == carried


@pytest.mark.parametrize("rule", [Rule(CarryOver.WITHIN_YEAR), Rule(CarryOver.LIMITED, 5)])
def test_nothing_is_carried_from_the_time_before_the_first_month_kept(rule: Rule) -> None:
    assert carried_into(DEC, None, rule) == 0


def test_twelve_months_end_with_the_one_asked_for() -> None:
    months = twelve_months(FEB)
    assert (months[0], months[-1], len(months)) == (date(2026, 3, 1), FEB, 12)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-200, 200))
def test_going_on_and_back_again_is_the_same_month(day: date, count: int) -> None:
    month = month_of(day)
    assert months_on(months_on(month, count), -count) == month
    assert len(months_between(month, months_on(month, abs(count)))) == abs(count) + 1


@pytest.mark.parametrize(
    ("month", "until", "agreed"), [(NOV, None, 0), (DEC, None, 8), (JAN, date(2027, 1, 15), 8), (FEB, JAN, 0)]
)
def test_nothing_is_agreed_outside_the_agreement_s_time(month: date, until: date | None, agreed: int) -> None:
    assert agreed_in(month, 8, date(2026, 12, 10), until) == agreed


def test_twelve_months_are_summed_without_counting_what_is_carried_twice() -> None:
    months = [Tally(agreed=1, delivered=1), Tally(agreed=1, carried=1, delivered=2, approved=1, released=2, signed=1)]
    assert total(months) == Tally(agreed=2, delivered=3, approved=1, released=2, signed=1)
