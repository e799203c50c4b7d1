"""Counting in the ledger: under one lock, and never past what was agreed (I03)."""

from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bostad.agreements.quota import Rule, Tally, agreed_in, carried_into, months_between
from bostad.agreements.states import Counter
from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.answers import asked
from bostad.errors import OutOfStep

QUOTA_KEPT = "ck_line_month_quota_kept"
USED_UP = asked("The month's quota is used up.")


def ensure_month(db: Session, line_id: UUID, month: date) -> LineMonth:
    """Lock the quota and give a month's row, made if need be with every month between it and those that are kept."""
    agreement, line = _locked(db, line_id)
    return _kept_to(db, agreement, line, month)[month]


def count(db: Session, line_id: UUID, month: date, counter: Counter, change: int) -> None:
    """Add to one of a month's counters. OutOfStep when the line's quota, or the agreement's over its lines, is used up.

    A promise in one month takes from what the months after it have been given, and those are kept too.
    """
    agreement, line = _locked(db, line_id)
    months = _kept_to(db, agreement, line, month)
    setattr(months[month], counter.value, getattr(months[month], counter.value) + change)
    if counter is Counter.RELEASED:
        _carry_on(line, months)
    _flush(db)
    if counter is Counter.RELEASED and change > 0:
        _keep_the_cap(db, agreement, month)


def recount(db: Session, line_id: UUID, month: date) -> None:
    """Give a line's months from this one on what the line now says, and carry over anew."""
    agreement, line = _locked(db, line_id)
    months = _kept(db, line)
    for kept in months.values():
        if kept.month >= month:
            kept.agreed = agreed_in(kept.month, line.per_month, agreement.valid_from, agreement.valid_until)
    _carry_on(line, months)
    _flush(db)


def tally(row: LineMonth) -> Tally:
    """Give a row's numbers to reckon with."""
    return Tally(row.agreed, row.carried, row.delivered, row.approved, row.released, row.signed)


def _locked(db: Session, line_id: UUID) -> tuple[Agreement, QuotaLine]:
    """Lock every line of the agreement, in one order: its cap is over all of them."""
    agreement = db.exec(select(Agreement).join(QuotaLine).where(QuotaLine.id == line_id)).one()
    lines = select(QuotaLine).where(QuotaLine.agreement_id == agreement.id).order_by(col(QuotaLine.id))
    locked = db.exec(lines.with_for_update(key_share=True)).all()
    return agreement, next(line for line in locked if line.id == line_id)


def _kept(db: Session, line: QuotaLine) -> dict[date, LineMonth]:
    """Read the months of a line, as they stand now that its lock is held."""
    query = select(LineMonth).where(LineMonth.line_id == line.id).order_by(col(LineMonth.month))
    return {row.month: row for row in db.exec(query.execution_options(populate_existing=True))}


def _kept_to(db: Session, agreement: Agreement, line: QuotaLine, month: date) -> dict[date, LineMonth]:
    db.flush()
    kept = _kept(db, line)
    if month in kept:
        return kept
    first, last = min([month, *kept]), max([month, *kept])
    for missing in months_between(first, last):
        if missing not in kept:
            agreed = agreed_in(missing, line.per_month, agreement.valid_from, agreement.valid_until)
            kept[missing] = LineMonth(line_id=line.id, month=missing, agreed=agreed)
            db.add(kept[missing])
    in_order = dict(sorted(kept.items()))
    _carry_on(line, in_order)
    _flush(db)
    return in_order


def _carry_on(line: QuotaLine, months: dict[date, LineMonth]) -> None:
    before: Tally | None = None
    for row in months.values():
        row.carried = carried_into(row.month, before, Rule(line.carry_over, line.carry_limit))
        before = tally(row)


def _flush(db: Session) -> None:
    try:
        db.flush()
    except IntegrityError as broken:
        if getattr(getattr(broken.orig, "diag", None), "constraint_name", None) == QUOTA_KEPT:
            raise OutOfStep(USED_UP) from None
        raise


def _keep_the_cap(db: Session, agreement: Agreement, month: date) -> None:
    if agreement.monthly_cap is None:
        return
    query = select(LineMonth.released).join(QuotaLine).where(QuotaLine.agreement_id == agreement.id)
    if sum(db.exec(query.where(LineMonth.month == month))) > agreement.monthly_cap:
        raise OutOfStep(USED_UP)
