"""Taking in a company's list of homes: a second upload of the same list changes nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.agreements.tables import QuotaLine
from bostad.audit.service import record
from bostad.errors import BostadError, Fault, Invalid
from bostad.homes.answers import HomeAnswers
from bostad.homes.checking import LIVE
from bostad.homes.loading import company_of, line_for_homes
from bostad.homes.service import Promised, ask_for_run, live_home, refuse_dates
from bostad.homes.tables import Home
from bostad.homes.writing import add_home, change_home
from bostad.records import Sessions
from bostad.words import Sentence, say


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
class Report:
    """What an import has done, or would do when `written` is false."""

    written: bool
    faults: tuple[Fault, ...]
    outcomes: Counter[Outcome] = field(default_factory=Counter)
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
) -> Report:
    """Publish and change homes as a list says, all of it in one transaction.

    `faults` are those already found while reading the file. With any fault nothing is written, unless the good rows
    are asked for. Every row is tried either way, so that the report is whole.
    """
    work = _Import(list(faults), promised, by, at)
    with sessions() as db, db.begin() as transaction:
        company_of(by)
        work.take_all(db, listed)
        written = keep_good or not work.faults
        if written:
            for action, home_id, facts in work.done:
                record(db, action, by=by, at=at, subject=home_id, **facts)
            counts = {outcome.value: number for outcome, number in work.outcomes.items()}
            record(db, "homes.imported", by=by, at=at, rows=counts, faults=len(work.faults))
        else:
            transaction.rollback()
    in_order = sorted(work.faults, key=lambda fault: fault.line)
    return Report(written, tuple(in_order), work.outcomes, work.fall_short)


@dataclass(slots=True)
class _Import:
    """One import under way."""

    faults: list[Fault]
    promised: Promised
    by: Actor
    at: datetime
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    fall_short: int = 0
    done: list[tuple[str, UUID, dict[str, Any]]] = field(default_factory=list)
    """What is to be written to the audit when every row has been tried."""

    def take_all(self, db: Session, listed: Sequence[ListedHome]) -> None:
        """Try every row; one that is refused leaves nothing behind."""
        self._lock(db, [row.answers.object_number for row in listed])
        first_lines: dict[str, int] = {}
        for row in listed:
            number = row.answers.object_number
            if number in first_lines:
                self.fault(
                    row, "object_number", say("The same flat is on line %(line)s too.", line=first_lines[number])
                )
                continue
            first_lines[number] = row.line
            try:
                with db.begin_nested():
                    self.outcomes[self.take(db, row.answers)] += 1
            except Invalid as refusal:
                for name, sentence in refusal.fields.items():
                    self.fault(row, name, sentence)
            except BostadError as refusal:
                self.fault(row, "object_number", refusal.sentence)

    def take(self, db: Session, answers: HomeAnswers) -> Outcome:
        """Publish one home, change it, or leave it as it is."""
        home = live_home(db, company_of(self.by), answers.object_number)
        if home is None and self._has_left(db, answers):
            return Outcome.GONE
        if home is None:
            line = line_for_homes(db, answers.line_id, answers.month, by=self.by, on=self.at.date())
            refuse_dates(answers, self.at.date())
            home = add_home(db, line, answers, company_id=company_of(self.by), at=self.at)
            self.done.append(("home.published", home.id, {"line": line.code, "shortfalls": home.shortfalls}))
            outcome = Outcome.PUBLISHED
        elif changed := self._change(db, home, answers):
            self.done.append(("home.changed", home.id, {"fields": changed, "shortfalls": home.shortfalls}))
            outcome = Outcome.CHANGED
        else:
            return Outcome.UNCHANGED
        self.fall_short += not home.approved
        ask_for_run(db, home, at=self.at)
        return outcome

    def fault(self, row: ListedHome, name: str, reason: Sentence) -> None:
        """Note a refusal at its row; the caller names the column as the file does."""
        self.faults.append(Fault(row.line, name, reason))

    def _lock(self, db: Session, numbers: Sequence[str]) -> None:
        """Lock the homes before any quota is: whoever answers for one of them takes locks in the same order."""
        mine = select(Home).where(col(Home.company_id) == self.by.organisation_id, col(Home.object_number).in_(numbers))
        db.exec(mine.where(col(Home.state).in_(LIVE)).order_by(col(Home.id)).with_for_update()).all()

    def _change(self, db: Session, home: Home, answers: HomeAnswers) -> list[str]:
        """Change what the row says otherwise; its line and month stay those it was published under."""
        stays = answers.model_copy(update={"line_id": home.line_id, "month": home.month})
        changed = change_home(db, home, db.get_one(QuotaLine, home.line_id), stays, at=self.at, partly=True)
        if changed and self.promised(db, home.id):
            raise Invalid({"object_number": say("This home is promised to a household and cannot be changed.")})
        return changed

    def _has_left(self, db: Session, answers: HomeAnswers) -> bool:
        """Tell whether this very flat, free from this very day, has been published before and is let or withdrawn."""
        query = select(Home.id).where(
            col(Home.company_id) == self.by.organisation_id,
            Home.object_number == answers.object_number,
            Home.available_from == answers.available_from,
        )
        return db.exec(query.limit(1)).first() is not None
