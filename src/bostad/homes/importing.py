"""Taking in a company's list of homes: a second upload of the same list changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.agreements.tables import QuotaLine
from bostad.answers import asked
from bostad.audit.service import record
from bostad.errors import Fault, Invalid
from bostad.homes.answers import HomeAnswers
from bostad.homes.checking import LIVE
from bostad.homes.loading import company_of, line_for_homes
from bostad.homes.service import Promised, ask_for_run, live_home, refuse_dates
from bostad.homes.tables import Home
from bostad.homes.writing import add_home, change_home
from bostad.records import Sessions
from bostad.taking_in import Report, Taking
from bostad.words import say

TWICE = asked("The same flat is on line %(line)s too.")


class Outcome(StrEnum):
    """What became of a row."""

    PUBLISHED = "published"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    """It was let or withdrawn after an earlier upload and stays so."""


@dataclass(frozen=True, slots=True)
class ListedHome:
    """A row of a list that could be read: its line in the file, and its answers."""

    line: int
    answers: HomeAnswers


@dataclass(frozen=True, slots=True)
class HomesReport(Report):
    """What came of a list of homes."""

    fall_short: int = 0
    """Of those published or changed, how many do not count under their line yet."""


def import_homes(
    sessions: Sessions,
    listed: Sequence[ListedHome],
    faults: Sequence[Fault] = (),
    *,
    keep_good: bool = False,
    promised: Promised,
    by: Actor,
    at: datetime,
) -> HomesReport:
    """Publish and change homes as a list says, all of it in one transaction.

    `faults` are those already found while reading the file. With any fault nothing is written, unless the good rows
    are asked for.
    """
    with sessions() as db, db.begin() as transaction:
        company_of(by)
        taking, work = Taking(db, "object_number", TWICE, list(faults)), _Import(db, promised, by, at)
        work.lock([row.answers.object_number for row in listed])
        for row in listed:
            taking.row(row.line, row.answers.object_number, partial(work.take, row.answers))
        written = keep_good or not taking.faults
        if written:
            for action, home_id, facts in work.done:
                record(db, action, by=by, at=at, subject=home_id, **facts)
            record(db, "homes.imported", by=by, at=at, rows=dict(taking.outcomes), faults=len(taking.faults))
        else:
            transaction.rollback()
    return HomesReport(written, taking.in_order(), taking.outcomes, work.fall_short)


@dataclass(slots=True)
class _Import:
    """What an import does with one home."""

    db: Session
    promised: Promised
    by: Actor
    at: datetime
    fall_short: int = 0
    done: list[tuple[str, UUID, dict[str, Any]]] = field(default_factory=list)
    """What is to be written to the audit when every row has been tried."""

    def lock(self, numbers: Sequence[str]) -> None:
        """Lock the homes before any quota is: whoever answers for one of them takes locks in the same order."""
        mine = select(Home).where(col(Home.company_id) == self.by.organisation_id, col(Home.object_number).in_(numbers))
        self.db.exec(mine.where(col(Home.state).in_(LIVE)).order_by(col(Home.id)).with_for_update()).all()

    def take(self, answers: HomeAnswers) -> Outcome:
        """Publish one home, change it, or leave it as it is."""
        db = self.db
        home = live_home(db, company_of(self.by), answers.object_number)
        if home is None and self._has_left(answers):
            return Outcome.GONE
        if home is None:
            line = line_for_homes(db, answers.line_id, answers.month, by=self.by, on=self.at.date())
            refuse_dates(answers, self.at.date())
            home = add_home(db, line, answers, company_id=company_of(self.by), at=self.at)
            self.done.append(("home.published", home.id, {"line": line.code, "shortfalls": home.shortfalls}))
            outcome = Outcome.PUBLISHED
        elif changed := self._change(home, answers):
            self.done.append(("home.changed", home.id, {"fields": changed, "shortfalls": home.shortfalls}))
            outcome = Outcome.CHANGED
        else:
            return Outcome.UNCHANGED
        self.fall_short += not home.approved
        ask_for_run(db, home, at=self.at)
        return outcome

    def _change(self, home: Home, answers: HomeAnswers) -> list[str]:
        """Change what the row says otherwise; its line and month stay those it was published under."""
        db = self.db
        stays = answers.model_copy(update={"line_id": home.line_id, "month": home.month})
        changed = change_home(db, home, db.get_one(QuotaLine, home.line_id), stays, at=self.at, partly=True)
        if changed and self.promised(db, home.id):
            raise Invalid({"object_number": say("This home is promised to a household and cannot be changed.")})
        return changed

    def _has_left(self, answers: HomeAnswers) -> bool:
        """Tell whether this very flat, free from this very day, has been published before and is let or withdrawn."""
        query = select(Home.id).where(
            col(Home.company_id) == self.by.organisation_id,
            Home.object_number == answers.object_number,
            Home.available_from == answers.available_from,
        )
        return self.db.exec(query.limit(1)).first() is not None
