"""What the screens show of placements: frozen, in a fixed number of queries, each side its own facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import Organisation, User
from bostad.errors import Missing
from bostad.homes.tables import Home
from bostad.needs.household import ContractForm
from bostad.needs.lines import Line, card_lines
from bostad.needs.sharing import card_for
from bostad.needs.tables import Case, Need
from bostad.placements.facts import changes, facts_of
from bostad.placements.fitting import pair_of
from bostad.placements.in_words import Why, why_this_home
from bostad.placements.lifecycle import Move, Stage, moves_open_to
from bostad.placements.loading import NOT_HERE, visible_to
from bostad.placements.reasons import REASONS, Closed, Consequence
from bostad.placements.shared import AnyPlacement, SharedPlacement
from bostad.placements.tables import Placement, PlacementEvent
from bostad.protection.reservation import reservation_of
from bostad.records import Sessions
from bostad.sealing.columns import keyring_of
from bostad.words import Sentence


@dataclass(frozen=True, slots=True)
class HomeLines:
    """A home as both sides may see it."""

    id: UUID
    address: str
    apartment_number: str | None
    object_number: str
    municipality: str
    district: str | None
    building: str | None
    rooms: int
    area_m2: int | None
    rent: int
    floor: int | None
    available_from: date
    offer_until: date | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a placement's history; who is said to her own side only."""

    at: datetime
    move: Move
    who: str | None
    because: Closed | None


@dataclass(frozen=True, slots=True)
class OwnSide:
    """What only the social side sees: the case, the reasons, and what has changed since."""

    case_id: UUID
    case_number: str
    why: tuple[Why, ...]
    changed: tuple[Sentence, ...]
    by_hand_because: str | None
    put_at: datetime | None
    host: str | None
    """The board whose agreement the home is under, where that is another one."""


@dataclass(frozen=True, slots=True)
class CardLines:
    """The need card as the company sees it."""

    code: str
    lines: tuple[Line, ...]
    reservation: tuple[Sentence, ...] = ()
    """What must be confirmed first; until then the card has no lines."""


@dataclass(frozen=True, slots=True)
class PlacementPage:
    """One placement as the person whose turn it is, or was, sees it."""

    id: UUID
    stage: Stage
    stage_since: datetime
    deadline: datetime | None
    late: bool
    may_change: bool
    """False for who may read it and no more: a case opened in an emergency only to read."""
    moves: tuple[Move, ...]
    home: HomeLines
    viewing_at: datetime | None
    contract: ContractForm | None
    contract_from: date | None
    takeover_on: date | None
    moved_in_on: date | None
    closed_because: Closed | None
    consequence: Consequence | None
    history: tuple[Happened, ...]
    social: OwnSide | None = None
    card: CardLines | None = None


def placement_page(sessions: Sessions, placement_id: UUID, *, by: Actor, at: datetime) -> PlacementPage:
    """Show one placement to whoever may know of it; anybody else finds nothing (S06)."""
    with sessions() as db:
        placement, may_change = _seen(db, placement_id, by=by, on=at.date())
        return page_of(db, placement, db.get_one(Home, placement.home_id), may_change=may_change, by=by, at=at)


def page_of(
    db: Session, placement: AnyPlacement, home: Home, *, may_change: bool, by: Actor, at: datetime
) -> PlacementPage:
    """Give the same of a placement that is loaded already, with its home."""
    social = _own_side(db, placement, home, on=at.date()) if isinstance(placement, Placement) else None
    card = _card(db, placement, by=by, on=at.date()) if by.role is Role.HOUSING_STAFF else None
    locked = not may_change or (card is not None and bool(card.reservation))
    return PlacementPage(
        id=placement.id,
        stage=placement.stage,
        stage_since=placement.stage_since,
        deadline=placement.deadline,
        late=placement.deadline is not None and placement.deadline < at,
        may_change=may_change,
        moves=() if locked else _moves(placement, by),
        home=home_lines(home),
        viewing_at=placement.viewing_at,
        contract=placement.contract,
        contract_from=placement.contract_from,
        takeover_on=placement.takeover_on,
        moved_in_on=placement.moved_in_on,
        closed_because=placement.closed_because,
        consequence=REASONS[placement.closed_because].consequence if placement.closed_because else None,
        history=_history(db, placement, by=by),
        social=social,
        card=card,
    )


def _seen(db: Session, placement_id: UUID, *, by: Actor, on: date) -> tuple[AnyPlacement, bool]:
    """Load a placement as its reader's side knows it, and whether she may change it."""
    kind: type[Any] = SharedPlacement if by.role is Role.HOUSING_STAFF else Placement
    query = select(kind, visible_to(by, on, to_change=True)).where(kind.id == placement_id, visible_to(by, on))
    found: tuple[AnyPlacement, bool] | None = db.exec(query).one_or_none()
    if found is None:
        raise Missing(NOT_HERE)
    return found


def home_lines(home: Home) -> HomeLines:
    """Give what both sides may see of a home."""
    return HomeLines(**{name: getattr(home, name) for name in HomeLines.__dataclass_fields__})


def _moves(placement: AnyPlacement, by: Actor) -> tuple[Move, ...]:
    """List what this person may do now; what was put to the household is put once."""
    was_put = isinstance(placement, Placement) and placement.put_at is not None
    return tuple(move for move in moves_open_to(placement.stage, by.role) if not (move is Move.PUT and was_put))


def _own_side(db: Session, placement: Placement, home: Home, *, on: date) -> OwnSide:
    need = db.get_one(Need, placement.need_id)
    case = db.get_one(Case, need.case_id)
    need_seen, home_seen = pair_of(db, need, home, on=on)
    still_to_come = placement.stage in {Stage.PROPOSED, Stage.RELEASED, Stage.RESERVED}
    return OwnSide(
        case_id=case.id,
        case_number=case.case_number,
        why=why_this_home(need_seen, home_seen),
        changed=changes(placement.facts, facts_of(need_seen, home_seen, keyring_of(db))) if still_to_come else (),
        by_hand_because=placement.by_hand_because,
        put_at=placement.put_at,
        host=db.get_one(Organisation, placement.host_id).name if placement.host_id else None,
    )


def _card(db: Session, placement: AnyPlacement, *, by: Actor, on: date) -> CardLines | None:
    """Give the card while it may be read; after the contract a card may be gone though the placement is not."""
    if placement.card_id is None:
        return None
    try:
        card = card_for(db, placement.card_id, by=by, on=on)
    except Missing:
        return None
    return CardLines(card.code, card_lines(card.content), reservation_of(card.unread) if card.unread else ())


def _history(db: Session, placement: AnyPlacement, *, by: Actor) -> tuple[Happened, ...]:
    """Give what has happened; the company's begins when the card was shared with it."""
    query = (
        select(PlacementEvent, User)
        .join(User, col(User.id) == PlacementEvent.by_id, isouter=True)
        .where(PlacementEvent.placement_id == placement.id)
        .order_by(col(PlacementEvent.at), col(PlacementEvent.id))
    )
    rows: Sequence[tuple[PlacementEvent, User | None]] = db.exec(query).all()
    mine = [(event, user) for event, user in rows if by.on_social_side or event.move is not Move.PUT]
    return tuple(
        Happened(
            event.at,
            event.move,
            user.name if user and user.organisation_id == by.organisation_id else None,
            event.because,
        )
        for event, user in mine
    )
