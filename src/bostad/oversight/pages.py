"""What a manager and a data-protection officer have to look at: openings, samples, unusual reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation, Unit, User
from bostad.audit.purposes import Purpose
from bostad.audit.tables import AuditRow
from bostad.audit.words import action_in_words
from bostad.errors import Missing
from bostad.needs.loading import led_by
from bostad.needs.tables import Case
from bostad.oversight.emergency import REVIEWED_WITHIN
from bostad.oversight.readers import who
from bostad.oversight.reviewing import managed_by
from bostad.oversight.states import LOOKED_INTO, Emergency, ReviewOutcome, outcomes_after
from bostad.oversight.tables import EmergencyOpening, ReviewRow, ReviewSample
from bostad.oversight.watching import ALARM
from bostad.records import Sessions
from bostad.words import Sentence

FINAL = (ReviewOutcome.FINE, *LOOKED_INTO)
ALARMS_SHOWN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """A case opened in an emergency that nobody has signed off."""

    id: UUID
    case_number: str
    who: str
    because: Emergency
    note: str
    may_change: bool
    opened_at: datetime
    until: datetime
    late: bool
    outcomes: tuple[ReviewOutcome, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """How long one's own opening of a case lasts, and what it allows."""

    until: datetime
    may_change: bool


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A month's sample, and how much of it is left."""

    id: UUID
    unit: str
    month: date
    due_on: date
    left: int
    late: bool


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """Somebody's unusual hour."""

    at: datetime
    who: str
    reads: int
    cases: int
    usual: int | None


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """What waits for one person's eyes."""

    openings: tuple[OpeningLine, ...]
    samples: tuple[SampleLine, ...]
    alarms: tuple[AlarmLine, ...]
    late_openings: int = 0
    """For the officer: openings that nobody has looked at in time. What they are about is the manager's to see."""

    @property
    def anything(self) -> bool:
        """Tell whether there is anything at all."""
        return bool(self.openings or self.samples or self.alarms or self.late_openings)


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
    due_on: date
    population: int
    seed_number: int
    rows: tuple[SampleRow, ...]

    @property
    def untouched(self) -> int:
        """Count the rows that nobody has said anything about."""
        return sum(row.outcome is None for row in self.rows)


def to_look_at(sessions: Sessions, *, by: Actor, at: datetime) -> ToLookAt:
    """Give what waits for a unit manager, or for a data-protection officer what others have left lying."""
    with sessions() as db:
        if by.role is Role.UNIT_MANAGER:
            of_unit = col(User.unit_id) == by.unit_id
            return ToLookAt(_openings(db, by, at), _samples(db, managed_by(by), at), _alarms(db, by, at, of_unit))
        if by.role is Role.DATA_PROTECTION_OFFICER:
            late = and_(col(ReviewSample.board_id) == by.organisation_id, col(ReviewSample.due_on) < at.date())
            return ToLookAt((), _samples(db, late, at), _alarms(db, by, at), _late_openings(db, by, at))
    return ToLookAt((), (), ())


def my_opening(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> Opening | None:
    """Give this person's own opening of a case while it lasts; the longest-lasting of several."""
    with sessions() as db:
        query = select(EmergencyOpening.until, EmergencyOpening.may_change).where(
            EmergencyOpening.case_id == case_id, EmergencyOpening.user_id == by.id, col(EmergencyOpening.until) > at
        )
        found = db.exec(query.order_by(col(EmergencyOpening.until).desc()).limit(1)).first()
    return Opening(*found) if found else None


def sample_page(sessions: Sessions, sample_id: UUID, *, by: Actor) -> SamplePage:
    """Show a sample to the manager whose it is to sign."""
    with sessions() as db:
        sample = db.exec(select(ReviewSample).where(ReviewSample.id == sample_id, managed_by(by))).one_or_none()
        if sample is None:
            raise Missing("There is nothing at this address, or it is not for you.")
        rows = _sample_rows(db, sample_id, by)
    return SamplePage(sample.id, sample.month, sample.due_on, sample.population, sample.seed_number, rows)


def _openings(db: Session, by: Actor, at: datetime) -> tuple[OpeningLine, ...]:
    query = (
        select(EmergencyOpening, Case, User.name)
        .join(Case, col(Case.id) == EmergencyOpening.case_id)
        .join(User, col(User.id) == EmergencyOpening.user_id)
        .where(led_by(by), _unfinished(col(EmergencyOpening.outcome)))
        .order_by(col(EmergencyOpening.opened_at))
    )
    return tuple(
        OpeningLine(
            id=one.id,
            case_number=case.case_number,
            who=name,
            because=one.because,
            note=one.note,
            may_change=one.may_change,
            opened_at=one.opened_at,
            until=one.until,
            late=one.opened_at < at - REVIEWED_WITHIN,
            outcomes=() if one.user_id == by.id else outcomes_after(one.outcome),
        )
        for one, case, name in db.exec(query).all()
    )


def _late_openings(db: Session, by: Actor, at: datetime) -> int:
    late = (
        select(func.count())
        .select_from(EmergencyOpening)
        .join(Case, col(Case.id) == EmergencyOpening.case_id)
        .where(Case.board_id == by.organisation_id, col(EmergencyOpening.outcome).is_(None))
        .where(col(EmergencyOpening.opened_at) < at - REVIEWED_WITHIN)
    )
    return db.exec(late).one()


def _samples(db: Session, which: ColumnElement[bool], at: datetime) -> tuple[SampleLine, ...]:
    """List the samples with anything left, the oldest first."""
    query = (
        select(ReviewSample, Unit.name, func.count())
        .join(Unit, col(Unit.id) == ReviewSample.unit_id)
        .join(ReviewRow, col(ReviewRow.sample_id) == ReviewSample.id)
        .where(which, _unfinished(col(ReviewRow.outcome)))
        .group_by(col(ReviewSample.id), col(Unit.name))
        .order_by(col(ReviewSample.month), col(Unit.name))
    )
    found: Sequence[tuple[ReviewSample, str, int]] = db.exec(query).all()
    return tuple(
        SampleLine(one.id, unit, one.month, one.due_on, left, late=one.due_on < at.date()) for one, unit, left in found
    )


def _alarms(db: Session, by: Actor, at: datetime, *which: ColumnElement[bool]) -> tuple[AlarmLine, ...]:
    query = (
        select(AuditRow, User)
        .join(User, col(User.id) == col(AuditRow.subject_id), isouter=True)
        .where(AuditRow.action == ALARM, AuditRow.organisation_id == by.organisation_id)
        .where(col(AuditRow.at) > at - ALARMS_SHOWN, *which)
        .order_by(col(AuditRow.number).desc())
    )
    return tuple(_alarm(row, user, by) for row, user in db.exec(query).all())


def _alarm(row: AuditRow, user: User | None, by: Actor) -> AlarmLine:
    """Name a person of one's own organisation alone; the incident extract names the others."""
    name = user.name if user and user.organisation_id == by.organisation_id else "–"
    return AlarmLine(row.at, name, row.facts["reads"], row.facts["cases"], row.facts["usual"])


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


def _unfinished(outcome: Mapped[ReviewOutcome | None]) -> ColumnElement[bool]:
    return or_(outcome.is_(None), outcome.not_in(FINAL))
