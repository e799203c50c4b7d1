"""Taking in the spreadsheet that a unit keeps today: a row becomes a draft; a second upload changes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.audit.service import record
from bostad.errors import BostadError, Fault, Invalid
from bostad.needs.answers import HomeNeeded, Household, Priority, Safety, SectionAnswers
from bostad.needs.avoiding import circle
from bostad.needs.changing import fill, mark_done
from bostad.needs.loading import companies, open_to, social_worker
from bostad.needs.service import add_case
from bostad.needs.states import Section
from bostad.needs.stays import AvoidKind
from bostad.needs.tables import AvoidArea, Case, Need, Place, with_number
from bostad.protection.tables import BlockedCompany
from bostad.records import Sessions
from bostad.words import say


class Outcome(StrEnum):
    """What became of a row."""

    REGISTERED = "registered"
    KNOWN = "known"
    """One's own case already: it stays as it is."""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A row that could be read: the answers of four sections, and names that the service must find."""

    line: int
    case_number: str
    household: Household
    home: HomeNeeded
    safety: Safety
    priority: Priority
    districts: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    circles: tuple[tuple[str, int], ...] = ()
    blocked: tuple[str, ...] = ()
    names_consent: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What an import has done, or would do when `written` is false."""

    written: bool
    faults: tuple[Fault, ...]
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    consents: int = 0
    """How many of the registered rows name a consent: what it covers and how it was given must be recorded by hand."""


def import_cases(
    sessions: Sessions,
    listed: Sequence[ListedCase],
    faults: Sequence[Fault] = (),
    *,
    keep_good: bool = False,
    by: Actor,
    at: datetime,
) -> Report:
    """Register the cases of a list as one's own drafts, in one transaction.

    `faults` are those already found while reading the file. With any fault nothing is written, unless the good rows
    are asked for. Every row is tried either way, so that the report is whole.
    """
    board_id, _ = social_worker(by)
    with sessions() as db, db.begin() as transaction:
        work = _Import(db, by, at, {one.name.casefold(): one.id for one in companies(db, board_id=board_id)})
        work.faults += faults
        for row in listed:
            work.try_row(row)
        written = keep_good or not work.faults
        if written:
            counts = {outcome.value: number for outcome, number in work.outcomes.items()}
            record(db, "cases.imported", by=by, at=at, rows=counts, faults=len(work.faults))
        else:
            transaction.rollback()
    in_order = sorted(work.faults, key=lambda fault: fault.line)
    return Report(written, tuple(in_order), work.outcomes, work.consents)


@dataclass(slots=True)
class _Import:
    """One import under way."""

    db: Session
    by: Actor
    at: datetime
    company_ids: Mapping[str, UUID]
    faults: list[Fault] = field(default_factory=list)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    consents: int = 0
    lines: dict[str, int] = field(default_factory=dict)

    def try_row(self, row: ListedCase) -> None:
        """Take one row in; one that is refused leaves nothing behind."""
        if row.case_number in self.lines:
            said = say("The same case is on line %(line)s too.", line=self.lines[row.case_number])
            self.faults.append(Fault(row.line, "case_number", said))
            return
        self.lines[row.case_number] = row.line
        before = len(self.faults)
        try:
            with self.db.begin_nested() as attempt:
                outcome = self._take(row)
                if len(self.faults) > before:
                    attempt.rollback()
                    return
        except Invalid as refusal:
            self.faults += [Fault(row.line, name, sentence) for name, sentence in refusal.fields.items()]
        except BostadError as refusal:
            self.faults.append(Fault(row.line, "case_number", refusal.sentence))
        else:
            self.outcomes[outcome] += 1
            self.consents += row.names_consent and outcome is Outcome.REGISTERED

    def _take(self, row: ListedCase) -> Outcome:
        exactly = with_number(self.db, self.by.organisation_id, row.case_number)
        own = select(Case.id).where(exactly, open_to(self.by, self.at.date()))
        if self.db.exec(own).first() is not None:
            return Outcome.KNOWN
        _, need = add_case(self.db, row.case_number, by=self.by, at=self.at)
        self.db.flush()
        sections: dict[Section, SectionAnswers] = {
            Section.HOUSEHOLD: row.household,
            Section.HOME: row.home,
            Section.SAFETY: row.safety,
            Section.PRIORITY: row.priority,
        }
        for section, answers in sections.items():
            fill(need, answers, on=self.at.date())
            mark_done(need, section)
        mark_done(need, Section.AVOID)
        self._avoid(row, need)
        self.db.flush()
        return Outcome.REGISTERED

    def _avoid(self, row: ListedCase, need: Need) -> None:
        """Add the areas in each of the household's municipalities: the sheet does not say in which they lie."""
        for kind, names in ((AvoidKind.DISTRICT, row.districts), (AvoidKind.BUILDING, row.buildings)):
            for name in names:
                for code in need.municipalities:
                    self.db.add(AvoidArea(need_id=need.id, kind=kind, municipality=code, name=name))
        for name, metres in row.circles:
            self._circle(row, need, name, metres)
        for name in row.blocked:
            company_id = self.company_ids.get(name.casefold())
            if company_id:
                self.db.add(BlockedCompany(need_id=need.id, company_id=company_id))
            else:
                self._unknown(row.line, "blocked", name, list(self.company_ids))

    def _circle(self, row: ListedCase, need: Need, name: str, metres: int) -> None:
        known = select(Place).where(col(Place.municipality).in_(need.municipalities)).order_by(col(Place.name))
        places = {place.name.casefold(): place for place in self.db.exec(known).all()}
        place = places.get(name.casefold())
        if place:
            self.db.add(circle(need.id, place, metres))
        else:
            self._unknown(row.line, "circle", name, [place.name for place in places.values()])

    def _unknown(self, line: int, column: str, name: str, known: list[str]) -> None:
        near = get_close_matches(name, known, n=1) or get_close_matches(name.casefold(), known, n=1)
        reason = say("“%(name)s” is not known here.", name=name)
        self.faults.append(Fault(line, column, reason, near[0] if near else ""))
