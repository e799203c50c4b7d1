"""Waits that have ended and waits that go on, apart."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bostad.monitoring.waiting import FEWEST, Band, ended, going_on, percentile, year_before

days = some.integers(min_value=0, max_value=2_000)


def test_ten_waits_have_a_mean_a_median_and_a_ninetieth_percentile() -> None:
    found = ended([10, 20, 30, 40, 50, 60, 70, 80, 90, 200])

    assert (found.mean, found.median, found.p90) == (65, 55, 90)
    assert not found.too_few


def test_nine_waits_are_too_few_for_a_median_and_read_one_by_one() -> None:
    found = ended([90, 10, 20, 30, 40, 50, 60, 70, 80])

    assert (found.mean, found.median, found.p90) == (50, None, None)
    assert found.too_few
    assert found.waits == (10, 20, 30, 40, 50, 60, 70, 80, 90)


def test_nobody_has_moved_in_yet() -> None:
    found = ended([])

    assert (found.waits, found.mean, found.median, found.p90) == ((), None, None, None)


def test_those_who_wait_are_counted_by_how_long_and_the_last_band_has_no_end() -> None:
    found = going_on([0, 29, 30, 59, 60, 89, 90, 179, 180, 400])

    assert [(band.first, band.last, band.count) for band in found.bands] == [
        (0, 29, 2),
        (30, 59, 2),
        (60, 89, 2),
        (90, 179, 2),
        (180, None, 2),
    ]
    assert (found.count, found.longest) == (10, 400)


def test_nobody_waits() -> None:
    found = going_on([])

    assert (found.count, found.longest) == (0, None)
    assert {band.count for band in found.bands} == {0}


def test_a_band_says_from_when_to_when() -> None:
    assert [str(band.words) for band in (Band(0, 29, 0), Band(180, None, 0))] == ["0–29 days", "180 days or more"]


@given(some.lists(days, min_size=1), some.integers(min_value=1, max_value=100))
def test_a_percentile_is_a_wait_somebody_had_and_no_smaller_one_would_do(waits: list[int], percent: int) -> None:
    found = percentile(waits, percent)

    def share_at_most(wait: int) -> int:
        return 100 * sum(one <= wait for one in waits)

    assert found in waits
    assert share_at_most(found) >= percent * len(waits)
    assert all(share_at_most(one) < percent * len(waits) for one in waits if one < found)


@pytest.mark.parametrize(("values", "percent"), [([], 90), ([1], 0), ([1], 101)])
def test_a_percentile_of_nothing_is_refused(values: list[int], percent: int) -> None:
    with pytest.raises(ValueError, match=str(percent)):
        percentile(values, percent)


@given(some.lists(days, max_size=60))
def test_everybody_who_waits_is_in_one_band_and_in_no_average(ages: list[int]) -> None:
    found = going_on(ages)

    assert sum(band.count for band in found.bands) == found.count == len(ages)


@given(some.lists(days, min_size=FEWEST, max_size=60))
def test_the_summary_lies_between_the_shortest_and_the_longest_wait(waits: list[int]) -> None:
    found = ended(waits)

    assert found.mean is not None
    assert found.median is not None
    assert found.p90 is not None
    assert min(waits) <= found.mean <= max(waits)
    assert min(waits) <= found.median <= found.p90 <= max(waits)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 21), date(2025, 11, 21)),
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2029, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_year_before_a_leap_day_is_the_last_of_february(day: date, before: date) -> None:
    assert year_before(day) == before
