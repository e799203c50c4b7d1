"""The arithmetic of months: what a month may use, what the months before leave to it, and twelve months in a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bostad.agreements.states import CarryOver

JANUARY = 1
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """A quota line's rule for what was agreed but not used."""

    carry_over: CarryOver = CarryOver.NONE
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """One month of one line, or the sum of several: what each step of the way has come to."""

    agreed: int = 0
    carried: int = 0
    delivered: int = 0
    approved: int = 0
    released: int = 0
    signed: int = 0

    @property
    def left(self) -> int:
        """Give how many homes may still be promised."""
        return self.agreed + self.carried - self.released


def month_of(day: date) -> date:
    """Give the first day of a day's month, which is how a month is written everywhere."""
    return day.replace(day=1)


def months_on(month: date, count: int) -> date:
    """Go some months forward, or back."""
    years, index = divmod(month.year * MONTHS + month.month - 1 + count, MONTHS)
    return date(years, index + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """List the months from the first to the last, both included."""
    count = (last.year - first.year) * MONTHS + last.month - first.month + 1
    return [months_on(first, step) for step in range(count)]


def twelve_months(last: date) -> list[date]:
    """List the twelve months that end with this one."""
    return months_between(months_on(last, 1 - MONTHS), last)


def agreed_in(month: date, per_month: int, valid_from: date, valid_until: date | None) -> int:
    """Give what is agreed for a month: nothing outside the agreement's time."""
    ended = valid_until is not None and valid_until < month
    return 0 if ended or months_on(month, 1) <= valid_from else per_month


def carried_into(month: date, before: Tally | None, rule: Rule) -> int:
    """Give what a month has from the month before it; nothing is known of the time before the first month kept."""
    if before is None or rule.carry_over is CarryOver.NONE:
        return 0
    if rule.carry_over is CarryOver.WITHIN_YEAR and month.month == JANUARY:
        return 0
    left = max(before.left, 0)
    return left if rule.limit is None else min(left, rule.limit)


def total(months: Iterable[Tally]) -> Tally:
    """Sum several months. What was carried is inside what was agreed, so it is not summed."""
    tallies = list(months)
    return Tally(
        agreed=sum(month.agreed for month in tallies),
        delivered=sum(month.delivered for month in tallies),
        approved=sum(month.approved for month in tallies),
        released=sum(month.released for month in tallies),
        signed=sum(month.signed for month in tallies),
    )
