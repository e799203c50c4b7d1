"""What a manager and a data-protection officer have to look at: openings, samples, unusual reading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Unit, User
from bostad.audit.reveals import LIFTED, LIFTED_FOR, REACHED
from bostad.audit.tables import AuditRow
from bostad.needs.loading import led_by
from bostad.needs.tables import Case
from bostad.oversight.emergency import REVIEWED_WITHIN
from bostad.oversight.lifting import NOBODYS, may_be_lifted
from bostad.oversight.reviewing import signed_by
from bostad.oversight.states import LOOKED_INTO, Emergency, ReviewOutcome, outcomes_after
from bostad.oversight.tables import EmergencyOpening, ReviewRow, ReviewSample
from bostad.oversight.watching import ALARM
from bostad.records import Sessions

FINAL = (ReviewOutcome.FINE, *LOOKED_INTO)
ALARMS_SHOWN = timedelta(days=14)
Lifter = aliased(User)


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
    """A month's sample, whether it is one's own to sign, and how much of it is left; without a unit the managers'."""

    id: UUID
    unit: str | None
    is_mine: bool
    month: date
    due_on: date
    left: int
    late: bool


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """Somebody's unusual hour."""

    at: datetime
    who: str
    reads: int | None
    """None where she was stopped at the limit of households."""
    cases: int
    usual: int | None
    may_lift: UUID | None = None
    """Whom this manager may let go on past the limit."""
    lifted_by: str | None = None
    """Who let her go on."""


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


def to_look_at(sessions: Sessions, *, by: Actor, at: datetime) -> ToLookAt:
    """Give what waits for a unit manager, or for a data-protection officer what others have left lying."""
    with sessions() as db:
        if by.role is Role.UNIT_MANAGER:
            mine = or_(col(User.unit_id) == by.unit_id, _stopped_without_manager())
            return ToLookAt(_openings(db, by, at), _samples(db, by, signed_by(by), at), _alarms(db, by, at, mine))
        if by.role is Role.DATA_PROTECTION_OFFICER:
            late = and_(col(ReviewSample.board_id) == by.organisation_id, col(ReviewSample.due_on) < at.date())
            samples = _samples(db, by, or_(late, signed_by(by)), at)
            return ToLookAt((), samples, _alarms(db, by, at), _late_openings(db, by, at))
    return ToLookAt((), (), ())


def my_opening(db: Session, case_id: UUID, *, by: Actor, at: datetime) -> Opening | None:
    """Give this person's own opening of a case while it lasts; the longest-lasting of several."""
    query = select(EmergencyOpening.until, EmergencyOpening.may_change).where(
        EmergencyOpening.case_id == case_id, EmergencyOpening.user_id == by.id, col(EmergencyOpening.until) > at
    )
    found = db.exec(query.order_by(col(EmergencyOpening.until).desc()).limit(1)).first()
    return Opening(*found) if found else None


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


def _samples(db: Session, by: Actor, which: ColumnElement[bool], at: datetime) -> tuple[SampleLine, ...]:
    """List the samples with anything left, the oldest first."""
    query = (
        select(ReviewSample, Unit.name, signed_by(by), func.count())
        .join(Unit, col(Unit.id) == col(ReviewSample.unit_id), isouter=True)
        .join(ReviewRow, col(ReviewRow.sample_id) == ReviewSample.id)
        .where(which, _unfinished(col(ReviewRow.outcome)))
        .group_by(col(ReviewSample.id), col(Unit.name))
        .order_by(col(ReviewSample.month), col(Unit.name))
    )
    found: Sequence[tuple[ReviewSample, str | None, bool, int]] = db.exec(query).all()
    return tuple(
        SampleLine(one.id, unit, is_mine, one.month, one.due_on, left, late=one.due_on < at.date())
        for one, unit, is_mine, left in found
    )


def _stopped_without_manager() -> ColumnElement[bool]:
    return and_(col(AuditRow.action).in_((REACHED, LIFTED)), col(User.role).in_(NOBODYS))


def _alarms(db: Session, by: Actor, at: datetime, *which: ColumnElement[bool]) -> tuple[AlarmLine, ...]:
    query = (
        select(AuditRow, User, Lifter.name)
        .join(User, col(User.id) == col(AuditRow.subject_id), isouter=True)
        .join(Lifter, and_(col(Lifter.id) == col(AuditRow.actor_id), col(AuditRow.action) == LIFTED), isouter=True)
        .where(col(AuditRow.action).in_((ALARM, REACHED, LIFTED)), AuditRow.organisation_id == by.organisation_id)
        .where(col(AuditRow.at) > at - ALARMS_SHOWN, *which)
        .order_by(col(AuditRow.number).desc())
    )
    found = db.exec(query).all()
    lifted = [(row, name) for row, _, name in found if row.action == LIFTED]
    return tuple(_alarm(row, user, by, at, lifted) for row, user in _said_once([one[:2] for one in found]))


def _said_once(found: Sequence[tuple[AuditRow, User | None]]) -> Iterator[tuple[AuditRow, User | None]]:
    """Leave out the tries of somebody who was stopped again within the hour: the newest says it."""
    newest: dict[UUID | None, datetime] = {}
    for row, user in found:
        again = row.action == REACHED and newest.get(row.subject_id, row.at + LIFTED_FOR) < row.at + LIFTED_FOR
        if row.action == REACHED and not again:
            newest[row.subject_id] = row.at
        if row.action != LIFTED and not again:
            yield row, user


def _alarm(
    row: AuditRow, user: User | None, by: Actor, at: datetime, lifted: Sequence[tuple[AuditRow, str | None]]
) -> AlarmLine:
    """Name a person of one's own organisation alone; the incident extract names the others."""
    name = user.name if user and user.organisation_id == by.organisation_id else "–"
    facts = row.facts
    lifted_by = next((who for one, who in lifted if _lifts(one, row)), None)
    waits = row.action == REACHED and lifted_by is None
    may_lift = row.subject_id if waits and may_be_lifted(row.at, user, by, at) else None
    return AlarmLine(row.at, name, facts.get("reads"), facts["cases"], facts.get("usual"), may_lift, lifted_by)


def _lifts(lifted: AuditRow, reached: AuditRow) -> bool:
    """Tell whether one row of the log let somebody go on whom another says was stopped."""
    soon = timedelta() <= lifted.at - reached.at < LIFTED_FOR
    return reached.action == REACHED and lifted.subject_id == reached.subject_id and soon


def _unfinished(outcome: Mapped[ReviewOutcome | None]) -> ColumnElement[bool]:
    return or_(outcome.is_(None), outcome.not_in(FINAL))
