"""The files of the example from Sundsvall, read for a day of one's choice: every date is moved by as many days."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from bostad.adapters.match_folder import read_folder
from bostad.agreements.quota import month_of
from bostad.here import HERE
from bostad.matching.problem import Line, Problem
from bostad.resources import resource

WRITTEN_FOR = date(2026, 11, 21)
"""The day that the files tell of."""

Row = dict[str, str]


@dataclass(frozen=True)
class Example:
    """The example as of a day: the month that homes are agreed for is always the month of that day."""

    today: date

    @property
    def moved_by(self) -> timedelta:
        """Give how far the files' dates are moved."""
        return self.today - WRITTEN_FOR

    @cached_property
    def problem(self) -> Problem:
        """Give what `bostad match` reads of it, with the files' own dates."""
        return read_folder(_folder(), WRITTEN_FOR).problem

    def line(self, code: str) -> Line:
        """Give a quota line."""
        return next(line for line in self.problem.lines if line.line == code)

    @staticmethod
    def table(name: str) -> list[Row]:
        """Read one of the files that only the service needs."""
        with (_folder() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def day(self, written: date | str) -> date:
        """Move a day of the files."""
        return (date.fromisoformat(written) if isinstance(written, str) else written) + self.moved_by

    def day_or_none(self, written: date | str | None) -> date | None:
        """Move a day, where there is one."""
        return self.day(written) if written else None

    def first_of_month(self, written: date) -> date:
        """Move the first day of a month to the first day of a month, so that agreements run for whole months."""
        return month_of(self.day(written))

    def last_of_month(self, written: date | None) -> date | None:
        """Move the last day of a month likewise."""
        return self.first_of_month(written + timedelta(days=1)) - timedelta(days=1) if written else None

    def days_ago(self, days: int) -> date:
        """Give a day before today."""
        return self.today - timedelta(days=days)


def morning(day: date, minute: int = 0) -> datetime:
    """Give a moment of a day's working hours, by Swedish time."""
    return datetime.combine(day, time(8), tzinfo=HERE) + timedelta(minutes=minute)


def listed(cell: str) -> list[str]:
    """Read a cell with several entries."""
    return [part for part in cell.split("|") if part]


def _folder() -> Path:
    return resource("examples") / "sundsvall"
