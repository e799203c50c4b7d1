"""An extract of a case for its case file, before it goes: all that stands here, in words, and who was told what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation, Unit, User
from bostad.audit.service import record
from bostad.homes.tables import Home
from bostad.keeping.service import case_to_extract
from bostad.needs.check_pages import CheckPart, answers_of
from bostad.needs.tables import Card, Case, Consent, Need, ShelterStay
from bostad.placements.tables import Placement, PlacementEvent
from bostad.records import Sessions
from bostad.words import Sentence, Word


@dataclass(frozen=True, slots=True)
class ConsentPart:
    """One consent, or a disclosure by necessity, and what was shown under it."""

    company: str
    given_on: date
    given_how: Word | None
    ends_on: date
    revoked_at: datetime | None
    shown: tuple[tuple[datetime, Mapping[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class PlacementPart:
    """One placement and its history."""

    company: str
    home: str
    stage: Word
    by_hand_because: str | None
    contract: Word | None
    moved_in_on: date | None
    closed_because: Word | None
    history: tuple[tuple[datetime, Word], ...]


@dataclass(frozen=True, slots=True)
class NeedPart:
    """One need with its answers."""

    state: Word
    started_at: datetime
    answers: tuple[CheckPart, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """Everything that stands in a case."""

    case_number: str
    board: str
    unit: str
    worker: str
    opened_at: datetime
    closed_at: datetime | None
    closed_because: Word | None
    taken_at: datetime
    stays: tuple[tuple[Word, date, date | None], ...]
    needs: tuple[NeedPart, ...]
    consents: tuple[ConsentPart, ...]
    placements: tuple[PlacementPart, ...]


@dataclass(frozen=True, slots=True)
class CaseKeeping:
    """What has been said about keeping one case."""

    case_id: UUID
    case_number: str
    is_own: bool
    kept: bool | None
    extracted_at: datetime | None


def keeping_of(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> CaseKeeping:
    """Say whether a case is kept and when an extract of it was taken."""
    with sessions() as db:
        case = case_to_extract(db, case_id, by=by, at=at)
        is_own = by.role is Role.SOCIAL_WORKER
        return CaseKeeping(case.id, case.case_number, is_own, case.kept_from_deletion, case.extracted_at)


def take_extract(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> Extract:
    """Give the whole of a case to be put in its case file, and note that it was taken and by whom."""
    with sessions.begin() as db:
        case = case_to_extract(db, case_id, by=by, at=at)
        needs = db.exec(select(Need).where(Need.case_id == case.id).order_by(col(Need.started_at))).all()
        found = _extract(db, case, needs, at)
        case.extracted_at = at
        record(db, "case.extracted", by=by, at=at, subject=case.id, needs=len(needs), placements=len(found.placements))
        return found


def as_data(extract: Extract) -> Any:
    """Give an extract as JSON holds it: words by their English, days and moments as ISO 8601."""
    return _plain(extract)


def _extract(db: Session, case: Case, needs: Sequence[Need], at: datetime) -> Extract:
    ids = [need.id for need in needs]
    stays = db.exec(select(ShelterStay).where(ShelterStay.case_id == case.id).order_by(col(ShelterStay.since))).all()
    return Extract(
        case_number=case.case_number,
        board=db.get_one(Organisation, case.board_id).name,
        unit=db.get_one(Unit, case.unit_id).name,
        worker=db.get_one(User, case.worker_id).name,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        closed_because=case.closed_because,
        taken_at=at,
        stays=tuple((stay.kind, stay.since, stay.until) for stay in stays),
        needs=tuple(NeedPart(need.state, need.started_at, answers_of(db, need, at.date())) for need in needs),
        consents=tuple(_consents(db, ids)),
        placements=tuple(_placements(db, ids)),
    )


def _consents(db: Session, need_ids: Sequence[UUID]) -> Sequence[ConsentPart]:
    query = select(Consent, Organisation.name).join(Organisation, col(Organisation.id) == Consent.company_id)
    rows = db.exec(query.where(col(Consent.need_id).in_(need_ids)).order_by(col(Consent.recorded_at))).all()
    cards = select(Card).where(col(Card.consent_id).in_([consent.id for consent, _ in rows]))
    shown = db.exec(cards.order_by(col(Card.written_at))).all()
    return [
        ConsentPart(
            company=company,
            given_on=one.given_on,
            given_how=one.given_how,
            ends_on=one.ends_on,
            revoked_at=one.revoked_at,
            shown=tuple((card.written_at, card.content) for card in shown if card.consent_id == one.id),
        )
        for one, company in rows
    ]


def _placements(db: Session, need_ids: Sequence[UUID]) -> Sequence[PlacementPart]:
    query = (
        select(Placement, Home, Organisation.name)
        .join(Home, col(Home.id) == Placement.home_id)
        .join(Organisation, col(Organisation.id) == Placement.company_id)
        .where(col(Placement.need_id).in_(need_ids))
    )
    return [
        PlacementPart(
            company=company,
            home=f"{home.address} {home.apartment_number or ''}".strip(),
            stage=one.stage,
            by_hand_because=one.by_hand_because,
            contract=one.contract,
            moved_in_on=one.moved_in_on,
            closed_because=one.closed_because,
            history=tuple(_history(db, one.id)),
        )
        for one, home, company in db.exec(query.order_by(col(Placement.proposed_at))).all()
    ]


def _history(db: Session, placement_id: UUID) -> Sequence[tuple[datetime, Word]]:
    query = select(PlacementEvent).where(PlacementEvent.placement_id == placement_id)
    return [(event.at, event.move) for event in db.exec(query.order_by(col(PlacementEvent.at))).all()]


def _plain(value: Any) -> Any:
    if isinstance(value, Sentence):
        return value.msgid % {name: _plain(fact) for name, fact in value.facts.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Word):
        return str(value.label)
    return value.isoformat() if isinstance(value, date) else value
