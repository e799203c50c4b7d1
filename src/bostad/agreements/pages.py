"""What the agreement screens show: the parties, the terms in words, and the ledger month by month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, OrganisationKind, Role
from bostad.accounts.tables import Organisation
from bostad.agreements.answers import AgreementAnswers, LineAnswers
from bostad.agreements.loading import agreement_for, months_kept, visible_to
from bostad.agreements.quota import (
    Rule,
    Tally,
    agreed_in,
    carried_into,
    month_of,
    months_between,
    total,
    twelve_months,
)
from bostad.agreements.states import EDITABLE, AgreementMove, AgreementState, CarryOver, TargetGroup, moves_from
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.agreements.terms import terms_in_words
from bostad.homes.checking import terms_of
from bostad.needs.household import ContractForm
from bostad.records import Sessions
from bostad.words import Sentence, Word


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement in a list."""

    id: UUID
    name: str
    reference: str
    board: str
    company: str
    state: AgreementState
    valid_from: date
    valid_until: date | None
    lines: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of a line's ledger."""

    month: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class LinePart:
    """A quota line: what it says, its terms in words, and its ledger."""

    id: UUID
    agreement: str
    code: str
    name: str
    groups: tuple[Word, ...]
    contracts: tuple[Word, ...]
    per_month: int
    carry_over: CarryOver
    carry_limit: int | None
    building_cap: int | None
    terms: tuple[Sentence, ...]
    months: tuple[MonthRow, ...]
    now: Tally
    twelve: Tally


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """An agreement as a whole. `moves` and `editable` are for the one who may."""

    id: UUID
    name: str
    reference: str
    board: str
    company: str
    state: AgreementState
    signed_on: date | None
    valid_from: date
    valid_until: date | None
    municipality_days: int
    household_days: int
    company_days: int
    reservation_days: int
    monthly_cap: int | None
    lines: tuple[LinePart, ...]
    moves: tuple[AgreementMove, ...]
    editable: bool


def agreements_of(sessions: Sessions, *, by: Actor) -> tuple[AgreementRow, ...]:
    """List the agreements this person may read, those in force first."""
    board, company = aliased(Organisation), aliased(Organisation)
    lines = select(func.count()).where(QuotaLine.agreement_id == Agreement.id).scalar_subquery()
    query = (
        select(Agreement, board.name, company.name, lines)
        .join(board, col(Agreement.board_id) == col(board.id))
        .join(company, col(Agreement.company_id) == col(company.id))
        .where(visible_to(by))
    )
    with sessions() as db:
        found = db.exec(query).all()
    order = (AgreementState.IN_FORCE, AgreementState.PAUSED, AgreementState.DRAFT, AgreementState.ENDED)
    rows = [
        AgreementRow(
            id=one.id,
            name=one.name,
            reference=one.reference,
            board=board_name,
            company=company_name,
            state=one.state,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            lines=count,
        )
        for one, board_name, company_name, count in found
    ]
    return tuple(sorted(rows, key=lambda row: (order.index(row.state), row.name, row.reference)))


def agreement_page(sessions: Sessions, agreement_id: UUID, *, by: Actor, on: date) -> AgreementPage:
    """Show one agreement with its lines and their ledgers."""
    with sessions() as db:
        one = agreement_for(db, agreement_id, by=by)
        names = _names(db, [one.board_id, one.company_id])
        lines = _line_parts(db, {one.id: one}, on, by)
    manages = by.role is Role.UNIT_MANAGER
    return AgreementPage(
        id=one.id,
        name=one.name,
        reference=one.reference,
        board=names[one.board_id],
        company=names[one.company_id],
        state=one.state,
        signed_on=one.signed_on,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        municipality_days=one.municipality_days,
        household_days=one.household_days,
        company_days=one.company_days,
        reservation_days=one.reservation_days,
        monthly_cap=one.monthly_cap,
        lines=lines,
        moves=moves_from(one.state) if manages else (),
        editable=manages and one.state in EDITABLE,
    )


def ledger(sessions: Sessions, *, by: Actor, on: date) -> tuple[LinePart, ...]:
    """Give every line of the agreements in force that this person may read, with this month's tally."""
    query = select(Agreement).where(visible_to(by), Agreement.state == AgreementState.IN_FORCE)
    with sessions() as db:
        return _line_parts(db, {one.id: one for one in db.exec(query)}, on, by)


def agreement_answers(sessions: Sessions, agreement_id: UUID, *, by: Actor) -> AgreementAnswers:
    """Give an agreement as the answers of its form."""
    with sessions() as db:
        return AgreementAnswers.model_validate(agreement_for(db, agreement_id, by=by).model_dump())


def line_answers(sessions: Sessions, line_id: UUID, *, by: Actor) -> tuple[UUID, LineAnswers]:
    """Give a line as the answers of its form, and the agreement it belongs to."""
    with sessions() as db:
        line = db.get(QuotaLine, line_id)
        agreement = agreement_for(db, line.agreement_id if line else line_id, by=by)
        return agreement.id, LineAnswers.model_validate(line.model_dump() if line else {})


def companies(sessions: Sessions) -> tuple[tuple[str, str], ...]:
    """List the housing companies to make an agreement with, as (id, name)."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.HOUSING_COMPANY)
    with sessions() as db:
        found = db.exec(query).all()
    return tuple(sorted(((str(one.id), one.name) for one in found), key=lambda pair: pair[1]))


def months_of(agreement: Agreement, line: QuotaLine, kept: Mapping[date, Tally], now: date) -> dict[date, Tally]:
    """Give every month from the first kept to this one or the last kept; those that nobody touched are reckoned."""
    months: dict[date, Tally] = {}
    before: Tally | None = None
    for month in months_between(min([now, *kept]), max([now, *kept])):
        agreed = agreed_in(month, line.per_month, agreement.valid_from, agreement.valid_until)
        carried = carried_into(month, before, Rule(line.carry_over, line.carry_limit))
        before = months[month] = kept.get(month, Tally(agreed=agreed, carried=carried))
    return months


def _line_parts(db: Session, agreements: Mapping[UUID, Agreement], on: date, by: Actor) -> tuple[LinePart, ...]:
    lines = db.exec(select(QuotaLine).where(col(QuotaLine.agreement_id).in_(agreements))).all()
    kept = months_kept(db, [line.id for line in lines], by=by)
    parts = [_line_part(agreements[line.agreement_id], line, kept[line.id], month_of(on)) for line in lines]
    return tuple(sorted(parts, key=lambda part: (part.agreement, part.name, part.code)))


def _line_part(agreement: Agreement, line: QuotaLine, kept: Mapping[date, Tally], now: date) -> LinePart:
    months = months_of(agreement, line, kept, now)
    last_twelve = [months[month] for month in twelve_months(now) if month in months]
    shown = [MonthRow(month, one) for month, one in months.items() if month >= twelve_months(now)[0]]
    return LinePart(
        id=line.id,
        agreement=agreement.name,
        code=line.code,
        name=line.name,
        groups=_words(TargetGroup, line.groups),
        contracts=_words(ContractForm, line.contracts),
        per_month=line.per_month,
        carry_over=line.carry_over,
        carry_limit=line.carry_limit,
        building_cap=line.building_cap,
        terms=terms_in_words(terms_of(line)),
        months=tuple(reversed(shown)),
        now=months[now],
        twelve=total(last_twelve),
    )


def _words(kind: type[Word], codes: Iterable[str]) -> tuple[Word, ...]:
    return tuple(kind(code) for code in codes)


def _names(db: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = db.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(list(ids))))
    return dict(rows.all())
