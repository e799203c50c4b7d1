"""What whoever signs it sees of a month's sample: how it was drawn, and each row with what may be said of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.accounts.tables import Organisation, User
from bostad.audit.purposes import Purpose
from bostad.audit.tables import AuditRow
from bostad.audit.words import action_in_words
from bostad.errors import Missing
from bostad.needs.tables import Case
from bostad.oversight.readers import who
from bostad.oversight.reviewing import signed_by
from bostad.oversight.states import ReviewOutcome, outcomes_after
from bostad.oversight.tables import ReviewRow, ReviewSample
from bostad.records import Sessions
from bostad.words import Sentence


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One row of the log to be looked at."""

    id: UUID
    number: int
    at: datetime
    who: str
    is_own: bool
    action: Sentence
    purpose: Purpose | None
    case_number: str | None
    outcome: ReviewOutcome | None
    outcomes: tuple[ReviewOutcome, ...]


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A sample: how it was drawn, and its rows."""

    id: UUID
    month: date
    is_of_managers: bool
    due_on: date
    population: int
    seed_number: int
    rows: tuple[SampleRow, ...]

    @property
    def untouched(self) -> int:
        """Count the rows that nobody has said anything about."""
        return sum(row.outcome is None for row in self.rows)


def sample_page(sessions: Sessions, sample_id: UUID, *, by: Actor) -> SamplePage:
    """Show a sample to whoever's it is to sign."""
    with sessions() as db:
        sample = db.exec(select(ReviewSample).where(ReviewSample.id == sample_id, signed_by(by))).one_or_none()
        if sample is None:
            raise Missing("There is nothing at this address, or it is not for you.")
        rows = _sample_rows(db, sample_id, by)
    of_managers = sample.unit_id is None
    return SamplePage(sample.id, sample.month, of_managers, sample.due_on, sample.population, sample.seed_number, rows)


def _sample_rows(db: Session, sample_id: UUID, by: Actor) -> tuple[SampleRow, ...]:
    query = (
        select(ReviewRow, AuditRow, Case, User)
        .join(AuditRow, col(AuditRow.number) == ReviewRow.number)
        .join(Case, col(Case.id) == col(AuditRow.case_id), isouter=True)
        .join(User, col(User.id) == col(AuditRow.actor_id), isouter=True)
        .where(ReviewRow.sample_id == sample_id)
        .order_by(col(ReviewRow.number))
    )
    found = db.exec(query).all()
    names = {one.id: one.name for one in db.exec(select(Organisation)).all()}
    return tuple(_sample_row(row, of_log, case, user, names, by) for row, of_log, case, user in found)


def _sample_row(
    row: ReviewRow, of_log: AuditRow, case: Case | None, user: User | None, names: dict[UUID, str], by: Actor
) -> SampleRow:
    is_own = of_log.actor_id == by.id
    return SampleRow(
        id=row.id,
        number=row.number,
        at=of_log.at,
        who=who(of_log, user.name if user else None, names.get(of_log.organisation_id or by.id), by),
        is_own=is_own,
        action=action_in_words(of_log.action),
        purpose=Purpose(of_log.purpose) if of_log.purpose in set(Purpose) else None,
        case_number=case.case_number if case else None,
        outcome=row.outcome,
        outcomes=() if is_own else outcomes_after(row.outcome),
    )
