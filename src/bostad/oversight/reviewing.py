"""The monthly review of the log: the worker draws the samples, and who answers for the readers signs them (S68).

A unit's is its manager's to sign. What the managers did themselves is one sample for the board, and the data-protection
officer's: a colleague who is a manager too would be signed off by those whom she signs off.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, literal
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, OrganisationKind, Role
from bostad.accounts.tables import Organisation, Unit, User
from bostad.audit.service import record
from bostad.audit.tables import AuditRow
from bostad.audit.verifying import head_of
from bostad.errors import Missing, NotAllowed, OutOfStep
from bostad.here import HERE
from bostad.needs.tables import Case
from bostad.oversight.sampling import drawn
from bostad.oversight.states import ReviewOutcome, outcomes_after
from bostad.oversight.tables import ReviewRow, ReviewSample
from bostad.records import Sessions

SIGNED_WITHIN = timedelta(days=14)


def draw_samples(sessions: Sessions, *, at: datetime) -> int:
    """Draw last month's samples, where there are none yet, each in its own transaction; count them."""
    month = (at.astimezone(HERE).date().replace(day=1) - timedelta(days=1)).replace(day=1)
    with sessions() as db:
        drawn_already = select(ReviewSample.board_id, ReviewSample.unit_id).where(ReviewSample.month == month)
        have = set(db.exec(drawn_already).all())
        boards = select(Organisation.id).where(Organisation.kind == OrganisationKind.SOCIAL_BOARD)
        whose: list[tuple[UUID, UUID | None]] = [(board, None) for board in db.exec(boards).all()]
        whose += db.exec(select(Unit.organisation_id, Unit.id).where(col(Unit.organisation_id).in_(boards))).all()
    missing = [one for one in whose if one not in have]
    for board_id, unit_id in missing:
        with sessions.begin() as db:
            _draw(db, board_id, unit_id, month, at)
    return len(missing)


def sign_row(sessions: Sessions, row_id: UUID, outcome: ReviewOutcome, *, by: Actor, at: datetime) -> UUID:
    """Sign one row of a sample that is one's own to sign, and give the sample's id."""
    with sessions.begin() as db:
        row, sample = _row_for_change(db, row_id, by)
        _refuse_own(db, row.number, by)
        if outcome not in outcomes_after(row.outcome):
            raise OutOfStep("This has been decided already.")
        row.outcome, row.signed_by, row.signed_at = outcome, by.id, at
        record(db, "review.signed", by=by, at=at, subject=sample.id, row=row.number, outcome=outcome)
        return sample.id


def sign_rest(sessions: Sessions, sample_id: UUID, *, by: Actor, at: datetime) -> None:
    """Sign every row of a sample that nobody has said anything about as being in order."""
    with sessions.begin() as db:
        sample = db.exec(select(ReviewSample).where(ReviewSample.id == sample_id, signed_by(by))).one_or_none()
        if sample is None:
            raise Missing("There is nothing at this address, or it is not for you.")
        left = select(ReviewRow).where(ReviewRow.sample_id == sample_id, col(ReviewRow.outcome).is_(None))
        rows = db.exec(left.order_by(col(ReviewRow.number)).with_for_update()).all()
        for row in rows:
            _refuse_own(db, row.number, by)
            row.outcome, row.signed_by, row.signed_at = ReviewOutcome.FINE, by.id, at
        record(db, "review.signed_rest", by=by, at=at, subject=sample_id, rows=[row.number for row in rows])


def _draw(db: Session, board_id: UUID, unit_id: UUID | None, month: date, at: datetime) -> None:
    """Write a sample. The seed is the head of the chain as it is drawn, which the row of the log keeps."""
    numbers = _population(db, board_id, unit_id, month)
    seed_number, seed = head_of(db)
    sample: dict[str, Any] = {
        "id": uuid4(),
        "board_id": board_id,
        "unit_id": unit_id,
        "month": month,
        "drawn_at": at,
        "due_on": (at + SIGNED_WITHIN).astimezone(HERE).date(),
        "seed_number": seed_number,
        "seed": seed,
        "population": len(numbers),
    }
    made = insert(ReviewSample).values(sample).on_conflict_do_nothing().returning(col(ReviewSample.id))
    sample_id = db.execute(made).scalar_one_or_none()
    if sample_id is None:  # another worker was faster
        return
    chosen = drawn(numbers, seed=seed, whose=unit_id or board_id)
    db.add_all(ReviewRow(sample_id=sample_id, number=number) for number in chosen)
    facts: dict[str, Any] = {
        "month": month.isoformat(),
        "seed_row": seed_number,
        "rows": len(chosen),
        "of": len(numbers),
    }
    record(db, "review.drawn", by=None, at=at, subject=sample_id, organisation=board_id, **facts)


def _population(db: Session, board_id: UUID, unit_id: UUID | None, month: date) -> list[int]:
    """Give the numbers of the month's rows about cases: a unit's but its managers' own, or a board's managers' own."""
    begins = datetime(month.year, month.month, 1, tzinfo=HERE)
    ends = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=HERE)
    managers = select(User.id).where(User.organisation_id == board_id, User.role == Role.UNIT_MANAGER)
    if unit_id is None:
        which = (col(Case.board_id) == board_id, col(AuditRow.actor_id).in_(managers))
    else:
        which = (col(Case.unit_id) == unit_id, col(AuditRow.actor_id).not_in(managers.where(User.unit_id == unit_id)))
    query = (
        select(AuditRow.number)
        .join(Case, col(Case.id) == col(AuditRow.case_id))
        .where(*which, col(Case.heightened).is_(False), col(AuditRow.actor_id).is_not(None))
        .where(col(AuditRow.at) >= begins, col(AuditRow.at) < ends)
    )
    return list(db.exec(query).all())


def _row_for_change(db: Session, row_id: UUID, by: Actor) -> tuple[ReviewRow, ReviewSample]:
    query = select(ReviewRow, ReviewSample).join(ReviewSample, col(ReviewSample.id) == ReviewRow.sample_id)
    found = db.exec(query.where(ReviewRow.id == row_id, signed_by(by)).with_for_update(of=ReviewRow)).one_or_none()
    if found is None:
        raise Missing("There is nothing at this address, or it is not for you.")
    return found


def signed_by(by: Actor) -> ColumnElement[bool]:
    """Give the condition on ReviewSample that this person signs it: of her unit, or as officer the managers' own."""
    of_board = col(ReviewSample.board_id) == by.organisation_id
    if by.role is Role.UNIT_MANAGER:
        return and_(of_board, col(ReviewSample.unit_id) == by.unit_id)
    if by.role is Role.DATA_PROTECTION_OFFICER:
        return and_(of_board, col(ReviewSample.unit_id).is_(None))
    return literal(False)


def _refuse_own(db: Session, number: int, by: Actor) -> None:
    if db.get_one(AuditRow, number).actor_id == by.id:
        raise NotAllowed("You did this yourself. Somebody else must look at it.")
