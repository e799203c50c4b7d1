"""Answer times in Swedish working days."""

from datetime import UTC, date, datetime, time, timedelta

import holidays

from bostad.here import HERE

END_OF_DAY = time(23, 59, 59)
SATURDAY = 5

# Midsummer Eve, Christmas Eve and New Year's Eve count as holidays where time is reckoned by statute (1930:173, 2 §).
_FREE = holidays.country_holidays("SE", categories=("public", "de_facto"))


def local_day(at: datetime) -> date:
    """Give the day it is in Sweden at a moment."""
    return at.astimezone(HERE).date()


def is_working_day(day: date) -> bool:
    """Tell whether offices answer on this day."""
    return day.weekday() < SATURDAY and day not in _FREE


def answer_by(at: datetime, working_days: int) -> datetime:
    """Give the end of the last of so many working days after the day of `at`, by Swedish time and in UTC."""
    day = local_day(at)
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return datetime.combine(day, END_OF_DAY, tzinfo=HERE).astimezone(UTC)
