"""Consent, and the cards that are written under it. Nothing is shared without consent that holds at commit (I04)."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation
from bostad.audit.service import record
from bostad.errors import Invalid, Missing, OutOfStep
from bostad.needs.card import CODE_LENGTH, CODE_SIGNS, CardFacts, card_content
from bostad.needs.case_answers import ConsentTerms, NewConsent
from bostad.needs.changing import noticed
from bostad.needs.consent import Basis, FieldGroup, is_live
from bostad.needs.household import ages_on
from bostad.needs.loading import company, consent_for_change, need_for_change
from bostad.needs.tables import Card, Consent, Need
from bostad.protection.closed import is_closed
from bostad.protection.reservation import RESERVATION
from bostad.protection.tables import Acknowledgement
from bostad.records import Sessions
from bostad.words import say


def give_consent(sessions: Sessions, case_id: UUID, answers: NewConsent, *, by: Actor, at: datetime) -> UUID:
    """Record a consent to one company, and give its id. One that has ended makes room; one that holds does not."""
    with sessions.begin() as db:
        need = need_for_change(db, case_id, by=by, on=at.date())
        company(db, answers.company_id, board_id=need.board_id)
        if is_closed(db, need.id, answers.company_id):
            raise Invalid({"company_id": say("You have said that this company must not hear of the household.")})
        _make_room(db, need, answers.company_id, at=at)
        consent = _consent(need.id, answers.company_id, [str(one) for one in answers.field_groups], answers, by, at)
        db.add(consent)
        noticed(db, need, at=at)
        record(db, "consent.given", by=by, at=at, subject=consent.id, groups=consent.field_groups)
        return consent.id


def renew_consent(sessions: Sessions, consent_id: UUID, answers: ConsentTerms, *, by: Actor, at: datetime) -> UUID:
    """Record that the same consent was given anew, and give the new one's id. Cards stay as they are."""
    with sessions.begin() as db:
        need, old = consent_for_change(db, consent_id, by=by, on=at.date())
        if not is_live(old, at.date()) or old.basis is not Basis.CONSENT:
            raise OutOfStep("This consent no longer holds. Record a new one instead.")
        old.revoked_at = at
        db.flush()
        consent = _consent(need.id, old.company_id, list(old.field_groups), answers, by, at)
        db.add(consent)
        noticed(db, need, at=at)
        record(db, "consent.renewed", by=by, at=at, subject=consent.id, before=str(old.id))
        return consent.id


def revoke_consent(db: Session, consent: Consent, *, by: Actor, at: datetime) -> None:
    """Take a consent back at once: the company's next read finds nothing. A part of the caller's transaction.

    The caller has locked the need and the consent (`consent_for_change`) and stops what is going on with the company.
    Call it last: it writes the audit row.
    """
    if consent.revoked_at is not None:
        raise OutOfStep("This consent has been withdrawn already.")
    consent.revoked_at = at
    withdraw_cards(db, consent.need_id, consent.company_id, at)
    noticed(db, db.get_one(Need, consent.need_id), at=at)
    record(db, "consent.revoked", by=by, at=at, subject=consent.id)


def withdraw_cards(db: Session, need_id: UUID, company_id: UUID | None, at: datetime) -> int:
    """Take back every card that a company (None: any company) holds of a need, and count them. They stay on record."""
    held = select(Card).join(Consent, col(Consent.id) == Card.consent_id).where(Consent.need_id == need_id)
    if company_id is not None:
        held = held.where(Consent.company_id == company_id)
    cards = db.exec(held.where(col(Card.withdrawn_at).is_(None)).with_for_update(of=Card)).all()
    for card in cards:
        card.withdrawn_at = at
    return len(cards)


def share(db: Session, need: Need, company_id: UUID, *, by: Actor, at: datetime) -> Card:
    """Write the card that one company may see, under a consent that is locked until this transaction commits (I04).

    A card of an earlier time is withdrawn first and the code is new, so that nothing ties the two together.
    """
    held = select(Consent).where(
        Consent.need_id == need.id, Consent.company_id == company_id, col(Consent.revoked_at).is_(None)
    )
    consent = db.exec(held.with_for_update()).one_or_none()
    if consent is None or not is_live(consent, at.date()) or is_closed(db, need.id, company_id):
        raise OutOfStep("There is no consent to share anything with this company. Nothing has been shared.")
    withdraw_cards(db, need.id, company_id, at)
    groups = frozenset(FieldGroup(group) for group in consent.field_groups)
    content = card_content(card_facts(need, at.date()), groups, contact=contact_of(db, need.board_id))
    card = Card(code=_new_code(), company_id=company_id, consent_id=consent.id, content=content, written_at=at)
    card.reservation = RESERVATION if db.get_one(Organisation, company_id).private_landlord else None
    db.add(card)
    record(db, "card.written", by=by, at=at, subject=card.id, consent=str(consent.id), groups=sorted(groups))
    return card


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card as one of its company's people reads it. `unread`: the reservation she must confirm to see more."""

    code: str
    content: dict[str, Any]
    unread: str | None = None


def card_for(db: Session, card_id: UUID, *, by: Actor, on: date) -> CardShown:
    """Give a card to the company it was written for, while consent holds; every other case looks alike (S06, S11).

    Only the columns that the company's role is granted are asked for.
    """
    open_now = func.card_is_open(col(Card.id), by.id, on)
    hers = (col(Acknowledgement.card_id) == Card.id) & (col(Acknowledgement.user_id) == by.id)
    query = select(Card.code, Card.content, Card.reservation, col(Acknowledgement.id).is_(None))
    query = query.join(Acknowledgement, hers, isouter=True)
    found = db.exec(query.where(Card.id == card_id, Card.company_id == by.organisation_id, open_now)).one_or_none()
    if found is None or by.role is not Role.HOUSING_STAFF:
        raise Missing("There is nothing at this address, or it is not for you.")
    code, content, reservation, unconfirmed = found
    if reservation and unconfirmed:
        return CardShown(code, {}, reservation)
    return CardShown(code, dict(content))


def contact_of(db: Session, board_id: UUID) -> str:
    """Say whom a company asks at social services: the board's one contact, the same for every case.

    A social worker's name, or a unit's own number, would tell somebody at the company whose case this is (S04).
    """
    board = db.get_one(Organisation, board_id)
    return f"{board.contact}, {board.name}" if board.contact else board.name


def card_facts(need: Need, on: date) -> CardFacts:
    """Take from a complete need what a card is written from, with the children's ages carried forward to a day."""
    if need.adults is None or need.rent_max is None or need.ages_true_on is None:
        raise OutOfStep("Fill in the household and the home they need first.")
    return CardFacts(
        adults=need.adults,
        couples=need.couples,
        child_ages=tuple(ages_on(on, need.child_ages, need.ages_true_on)),
        rooms_min=need.rooms_min,
        rent_max=need.rent_max,
        contracts=tuple(need.contracts),
        move_in_from=need.move_in_from,
        must=frozenset(need.must),
    )


def _make_room(db: Session, need: Need, company_id: UUID, *, at: datetime) -> None:
    """End a consent whose last day has passed, cards and all; refuse beside one that holds."""
    held = select(Consent).where(
        Consent.need_id == need.id, Consent.company_id == company_id, col(Consent.revoked_at).is_(None)
    )
    old = db.exec(held.with_for_update()).one_or_none()
    if old is None:
        return
    if is_live(old, at.date()):
        raise Invalid({"company_id": say("There is a consent to this company already. Renew or withdraw that one.")})
    old.revoked_at = at
    withdraw_cards(db, need.id, company_id, at)
    db.flush()


def _consent(
    need_id: UUID, company_id: UUID, groups: list[str], terms: ConsentTerms, by: Actor, at: datetime
) -> Consent:
    if terms.given_on > at.date():
        raise Invalid({"given_on": say("Choose today or an earlier day.")})
    if terms.last_day < at.date():
        raise Invalid({"ends_on": say("This day has passed already. Choose a later one.")})
    return Consent(
        need_id=need_id,
        company_id=company_id,
        field_groups=groups,
        given_on=terms.given_on,
        given_how=terms.given_how,
        language=str(terms.language),
        interpreter=terms.interpreter,
        ends_on=terms.last_day,
        recorded_by=by.id,
        recorded_at=at,
    )


def _new_code() -> str:
    """Draw a card's code: random, so that it says nothing and nobody guesses another."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
