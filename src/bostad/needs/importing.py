"""Taking in the spreadsheet that a unit keeps today: a row becomes a draft; a second upload changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.answers import asked
from bostad.audit.service import record
from bostad.errors import Fault
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
from bostad.taking_in import Report, Taking
from bostad.words import Sentence, say

TWICE = asked("The same case is on line %(line)s too.")


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
class CasesReport(Report):
    """What came of a list of cases."""

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
) -> CasesReport:
    """Register the cases of a list as one's own drafts, in one transaction.

    `faults` are those already found while reading the file. With any fault nothing is written, unless the good rows
    are asked for.
    """
    board_id, _ = social_worker(by)
    consents = 0
    with sessions() as db, db.begin() as transaction:
        taking = Taking(db, "case_number", TWICE, list(faults))
        known = {one.name.casefold(): one.id for one in companies(db, board_id=board_id)}
        work = _Import(db, by, at, known, taking.fault)
        for row in listed:
            outcome = taking.row(row.line, row.case_number, partial(work.take, row))
            consents += row.names_consent and outcome is Outcome.REGISTERED
        written = keep_good or not taking.faults
        if written:
            record(db, "cases.imported", by=by, at=at, rows=dict(taking.outcomes), faults=len(taking.faults))
        else:
            transaction.rollback()
    return CasesReport(written, taking.in_order(), taking.outcomes, consents)


@dataclass(frozen=True, slots=True)
class _Import:
    """What an import does with one case."""

    db: Session
    by: Actor
    at: datetime
    company_ids: Mapping[str, UUID]
    fault: Callable[[int, str, Sentence, str], None]

    def take(self, row: ListedCase) -> Outcome:
        """Register a case and fill in what the row says, unless it is one's own already."""
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
        self.fault(line, column, say("“%(name)s” is not known here.", name=name), near[0] if near else "")
