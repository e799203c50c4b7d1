"""The preview: what is due and what is held, by case number, and the proposals that wait for a second person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Unit, User
from bostad.audit.service import record
from bostad.errors import NotAllowed
from bostad.keeping.review import is_preserved_board, profile_of
from bostad.keeping.rules import Finding, Kept, at_the_latest
from bostad.keeping.service import DECIDES
from bostad.keeping.tables import Deletion, RetentionLine
from bostad.needs.tables import Case
from bostad.records import Sessions

SHOWN = 500
"""Lines shown of a unit; the counts are of all."""


@dataclass(frozen=True, slots=True)
class DecisionPart:
    """What the board has decided."""

    reference: str
    valid_from: date
    years: int
    kept: Kept
    extract_first: bool


@dataclass(frozen=True, slots=True)
class LinePart:
    """One case, by its number: what the review found and why."""

    case_id: UUID
    case_number: str
    last_note_on: date
    due_on: date | None
    latest: date | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class ProposalPart:
    """A deletion under way: who proposed it, and whether it is this person's to decide on."""

    id: UUID
    proposed_by: str
    proposed_at: datetime
    cases: int
    cleared: int
    approved: bool
    is_mine_to_decide: bool


@dataclass(frozen=True, slots=True)
class UnitPart:
    """One unit's cases that have ended."""

    id: UUID
    name: str
    counts: tuple[tuple[Finding, int], ...]
    lines: tuple[LinePart, ...]
    proposal: ProposalPart | None
    cleared: int

    @property
    def due(self) -> int:
        """Count what may be proposed now."""
        return dict(self.counts).get(Finding.DUE, 0)


@dataclass(frozen=True, slots=True)
class KeepingPage:
    """The whole preview."""

    decision: DecisionPart | None
    preserved: bool
    units: tuple[UnitPart, ...]
    looked_at: datetime | None


def keeping_page(sessions: Sessions, *, by: Actor, at: datetime) -> KeepingPage:
    """Show the last review to the unit's manager, or all units' to the data-protection officer; the log says so."""
    if by.role not in DECIDES:
        raise NotAllowed("This page is for people with another role than yours.")
    with sessions.begin() as db:
        units = select(Unit).where(Unit.organisation_id == by.organisation_id).order_by(col(Unit.name))
        mine = [unit for unit in db.exec(units).all() if by.role is not Role.UNIT_MANAGER or unit.id == by.unit_id]
        lines = db.exec(select(RetentionLine).where(col(RetentionLine.unit_id).in_([unit.id for unit in mine]))).all()
        numbers = _numbers(db, lines)
        page = KeepingPage(
            decision=_decision(db, by, at.date()),
            preserved=is_preserved_board(db, by.organisation_id, at.date()),
            units=tuple(
                _unit(db, unit, [one for one in lines if one.unit_id == unit.id], numbers, by) for unit in mine
            ),
            looked_at=max((line.looked_at for line in lines), default=None),
        )
        record(db, "keeping.read", by=by, at=at, listed=sorted(numbers), cases=len(numbers))
        return page


def _decision(db: Session, by: Actor, on: date) -> DecisionPart | None:
    standing = profile_of(db, by.organisation_id, on)
    if standing is None:
        return None
    return DecisionPart(standing.reference, standing.valid_from, standing.years, standing.kept, standing.extract_first)


def _numbers(db: Session, lines: Sequence[RetentionLine]) -> dict[UUID, str]:
    there = [line.case_id for line in lines if line.cleared_at is None]
    return {case.id: case.case_number for case in db.exec(select(Case).where(col(Case.id).in_(there))).all()}


def _unit(db: Session, unit: Unit, lines: Sequence[RetentionLine], numbers: Mapping[UUID, str], by: Actor) -> UnitPart:
    standing = [line for line in lines if line.case_id in numbers]
    counted = Counter(line.finding for line in standing if line.deletion_id is None or line.finding is not Finding.DUE)
    shown = [
        LinePart(
            line.case_id,
            numbers[line.case_id],
            line.last_note_on,
            line.due_on,
            at_the_latest(line.due_on) if line.due_on else None,
            line.finding,
        )
        for line in standing
    ]
    shown.sort(key=lambda one: (one.finding is not Finding.DUE, one.due_on or date.max, one.case_number))
    return UnitPart(
        id=unit.id,
        name=unit.name,
        counts=tuple((finding, counted[finding]) for finding in Finding if counted[finding]),
        lines=tuple(shown[:SHOWN]),
        proposal=_proposal(db, unit, lines, by),
        cleared=sum(line.cleared_at is not None for line in lines),
    )


def _proposal(db: Session, unit: Unit, lines: Sequence[RetentionLine], by: Actor) -> ProposalPart | None:
    is_open = col(Deletion.done_at).is_(None) & col(Deletion.refused_by).is_(None)
    query = select(Deletion, User.name).join(User, col(User.id) == Deletion.proposed_by)
    found = db.exec(query.where(Deletion.unit_id == unit.id, is_open)).one_or_none()
    if found is None:
        return None
    deletion, name = found
    its = [line for line in lines if line.deletion_id == deletion.id]
    return ProposalPart(
        id=deletion.id,
        proposed_by=name,
        proposed_at=deletion.proposed_at,
        cases=len(its),
        cleared=sum(line.cleared_at is not None for line in its),
        approved=deletion.approved_by is not None,
        is_mine_to_decide=deletion.approved_by is None and deletion.proposed_by != by.id,
    )
