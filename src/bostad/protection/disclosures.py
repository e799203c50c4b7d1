"""The ledger of disclosures: what was shown, to whom, when, on what ground, and when it was taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, text
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation
from bostad.errors import NotAllowed
from bostad.needs.consent import Basis
from bostad.needs.lines import Line, card_lines
from bostad.needs.loading import case_for
from bostad.needs.tables import Card, Case, Consent, Need
from bostad.protection.tables import Acknowledgement
from bostad.records import Sessions

PAGE = 50


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One card that was written for one company."""

    at: datetime
    code: str
    company: str
    basis: Basis
    given_on: date
    ends_on: date
    withdrawn_at: datetime | None
    reserved: bool
    acknowledged_at: datetime | None
    lines: tuple[Line, ...]
    """What stood on it; for the case's own people alone."""


@dataclass(frozen=True, slots=True)
class CaseDisclosures:
    """Everything that was disclosed of one case, newest first."""

    case_number: str
    disclosures: tuple[Disclosure, ...]


@dataclass(frozen=True, slots=True)
class BoardDisclosures:
    """A page of what a board has disclosed, newest first; `older` is how many to pass over for the next page."""

    disclosures: tuple[Disclosure, ...]
    older: int | None


def disclosures_of_case(sessions: Sessions, case_id: UUID, *, by: Actor, on: date) -> CaseDisclosures:
    """List what was disclosed of a case, to those who work with it."""
    with sessions() as db:
        case = case_for(db, case_id, by=by, on=on)
        found = _disclosures(db, col(Need.case_id) == case.id)
        return CaseDisclosures(case.case_number, tuple(_shown(*one) for one in found))


def disclosures_of_board(sessions: Sessions, *, skip: int, by: Actor) -> BoardDisclosures:
    """List what a board has disclosed, to its data-protection officer: no case, and nothing of what stood on a card.

    Cases with heightened protection are in no list but their own people's.
    """
    if by.role is not Role.DATA_PROTECTION_OFFICER:
        raise NotAllowed("This page is for people with another role than yours.")
    query = text("select * from board_disclosures(:board, :skip, :most)")
    with sessions() as db:
        asked = {"board": by.organisation_id, "skip": skip, "most": PAGE + 1}
        found = db.connection().execute(query, asked).mappings().all()
    shown = tuple(_of_the_ledger(one) for one in found[:PAGE])
    return BoardDisclosures(shown, skip + PAGE if len(found) > PAGE else None)


def _disclosures(db: Session, which: ColumnElement[bool]) -> Sequence[tuple[Card, Consent, str, datetime | None]]:
    first_read = (
        select(func.min(col(Acknowledgement.at)))
        .where(col(Acknowledgement.card_id) == col(Card.id))
        .correlate(Card)
        .scalar_subquery()
    )
    query: Any = (
        select(Card, Consent, Organisation.name, first_read)
        .join(Consent, col(Consent.id) == Card.consent_id)
        .join(Organisation, col(Organisation.id) == Card.company_id)
        .join(Need, col(Need.id) == Consent.need_id)
        .join(Case, col(Case.id) == Need.case_id)
        .where(which)
        .order_by(col(Card.written_at).desc(), col(Card.id))
    )
    found: Sequence[tuple[Card, Consent, str, datetime | None]] = db.exec(query).all()
    return found


def _of_the_ledger(row: RowMapping) -> Disclosure:
    """Show what the officer's function tells: of the case and of what stood on the card it tells nothing."""
    return Disclosure(
        at=row["written_at"],
        code=row["code"],
        company=row["company"],
        basis=Basis(row["basis"]),
        given_on=row["given_on"],
        ends_on=row["ends_on"],
        withdrawn_at=row["withdrawn_at"],
        reserved=row["reserved"],
        acknowledged_at=row["acknowledged_at"],
        lines=(),
    )


def _shown(card: Card, consent: Consent, company: str, acknowledged_at: datetime | None) -> Disclosure:
    return Disclosure(
        at=card.written_at,
        code=card.code,
        company=company,
        basis=consent.basis,
        given_on=consent.given_on,
        ends_on=consent.ends_on,
        withdrawn_at=card.withdrawn_at,
        reserved=card.reservation is not None,
        acknowledged_at=acknowledged_at,
        lines=card_lines(card.content),
    )
