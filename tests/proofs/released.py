"""The part of a world that one company has been told of. Two worlds of a pair are given the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation, Unit, User
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.homes.features import STATED
from bostad.homes.states import FeatureSource, FeatureState, HomeState, WithdrawnBecause
from bostad.homes.tables import Home, HomeFeature
from bostad.needs.consent import FieldGroup
from bostad.needs.household import ContractForm
from bostad.placements.lifecycle import Move, Stage
from tests import factories
from tests.proofs.draw import Draw

KINDS = ("placement", "home", "case", "consent", "agreement", "line", "user", "area")
STEPS = (
    (Stage.RELEASED, Move.RELEASE),
    (Stage.RESERVED, Move.RESERVE),
    (Stage.SIGNED, Move.SIGN),
    (Stage.MOVED_IN, Move.HAND_OVER),
)
OUTCOMES = ("released", "reserved", "signed", "moved_in", "refused", "revoked", "ended")
"""How far each story has come: the last three were told once and are told no more."""


@dataclass(frozen=True, slots=True)
class OnCard:
    """What a card says of a household."""

    adults: int
    bands: tuple[tuple[int, int], ...]
    rooms: int
    rent_max: int
    contracts: tuple[str, ...]
    move_in_from: date | None
    must: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One placement as the company knows it, or knew it."""

    outcome: str
    placement_id: UUID
    card_id: UUID
    code: str
    contact: str
    groups: tuple[str, ...]
    says: OnCard
    home: Home
    agreement: Agreement
    moves: tuple[tuple[UUID, Move, Stage, datetime], ...]
    shared: dict[str, Any]


@dataclass
class Released:
    """One company's own: its people, agreements, homes, ledgers, and what it has been told of households."""

    at: datetime
    company: Organisation
    boards: list[Organisation]
    staff: User
    admin: User
    rows: list[Any] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    lines: list[QuotaLine] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    pool: dict[str, list[UUID]] = field(default_factory=dict)
    session_ids: tuple[UUID, ...] = ()

    def ids(self, draw: Draw) -> dict[str, list[UUID]]:
        """Give, by kind, what stands in addresses: what the company knows, what may be there or not, what is not."""
        known = {
            "placement": [story.placement_id for story in self.stories],
            "home": [home.id for home in self.homes],
            "agreement": [agreement.id for agreement in self.agreements],
            "line": [line.id for line in self.lines],
            "user": [self.staff.id],
        }
        absent = UUID(int=0xABCDEF, version=4)
        named = {kind: [*known.get(kind, []), draw.choice([*self.pool[kind], absent])] for kind in KINDS}
        return named | {"absent": [absent]}


def released(seed: int, at: datetime) -> Released:
    """Draw what a company knows."""
    draw = Draw(f"released {seed}")
    company = factories.CompanyFactory.build(id=draw.id(), code="the-company", name="Provbostäder Ett")
    staff = _user(draw, company, Role.HOUSING_STAFF, "staff")
    admin = _user(draw, company, Role.ADMINISTRATOR, "admin")
    world = Released(at, company, [], staff, admin)
    world.rows += [company, staff, admin, Unit(id=draw.id(), organisation_id=company.id, name="Uthyrning")]
    for number in range(draw.randint(1, 2)):
        _board(draw, world, number)
    for number in range(draw.randint(1, 2)):
        _home_with_story(draw, world, number)
    for number in range(draw.randint(1, 2)):
        world.homes.append(_home(draw, world, f"fri-{number}", draw.choice(["published", "published", "paused"])))
    world.rows += world.homes
    world.session_ids = (draw.id(), draw.id())
    world.pool = {kind: [draw.id() for _ in range(2)] for kind in KINDS}
    return world


def _user(draw: Draw, organisation: Organisation, role: Role, name: str) -> User:
    user: User = factories.UserFactory.build(
        id=draw.id(), organisation=None, organisation_id=organisation.id, role=role, username=name, name=f"Prov {name}"
    )
    return user


def _board(draw: Draw, world: Released, number: int) -> None:
    board = factories.BoardFactory.build(id=draw.id(), code=f"the-board-{number}", name=f"Socialnämnd {number}")
    world.boards.append(board)
    agreement = Agreement(
        id=draw.id(),
        board_id=board.id,
        company_id=world.company.id,
        reference=f"SN {number}",
        name=f"Avtal {number}",
        state=draw.choice([AgreementState.IN_FORCE] * 3 + [AgreementState.PAUSED, AgreementState.ENDED]),
        valid_from=world.at.date().replace(month=1, day=1),
        company_days=draw.randint(1, 5),
    )
    world.agreements.append(agreement)
    world.rows += [board, agreement]
    for code in range(draw.randint(1, 2)):
        line = factories.LineFactory.build(
            id=draw.id(),
            agreement=None,
            agreement_id=agreement.id,
            code=f"rad-{code}",
            name=f"Rad {number}{code}",
            per_month=5,
            required=[one.value for one in draw.some(STATED, 2)],
        )
        world.lines.append(line)
        month = LineMonth(id=draw.id(), line_id=line.id, month=_month(world.at), agreed=5)
        month.delivered, month.approved, month.released = 5, 4, 3
        month.signed = draw.randint(0, 2)  # one of them is not signed yet, and may be refused
        world.rows += [line, month]


def _month(at: datetime) -> date:
    return at.date().replace(day=1)


def _home(draw: Draw, world: Released, number: str, state: str) -> Home:
    home: Home = factories.HomeFactory.build(
        id=draw.id(),
        line=None,
        company=None,
        company_id=world.company.id,
        line_id=draw.choice(world.lines).id,
        month=_month(world.at),
        published_at=draw.moment(world.at, 400),
        object_number=number,
        address=f"Provgatan {number}",
        state=HomeState(state),
        withdrawn_because=WithdrawnBecause.MISTAKE if state == "withdrawn" else None,
        available_from=draw.day(world.at.date(), 0, 20),
        approved=draw.maybe(0.8),
    )
    for feature in draw.some(STATED, 3):
        stated = FeatureState.MET if draw.maybe(0.7) else FeatureState.NOT_MET
        world.rows.append(
            HomeFeature(
                id=draw.id(),
                home_id=home.id,
                feature=feature,
                state=stated,
                source=FeatureSource.STAFF,
                on=draw.day(world.at.date(), 30),
            )
        )
    return home


_HOME_AFTER = {"moved_in": ("let",), "refused": ("published", "paused", "withdrawn")}


def _home_with_story(draw: Draw, world: Released, number: int) -> None:
    outcome = draw.choice(OUTCOMES)
    home = _home(draw, world, f"50-{number}", draw.choice(_HOME_AFTER.get(outcome, ("published",))))
    world.homes.append(home)
    line = next(line for line in world.lines if line.id == home.line_id)
    agreement = next(one for one in world.agreements if one.id == line.agreement_id)
    board = next(board for board in world.boards if board.id == agreement.board_id)
    reached = OUTCOMES.index(outcome) if outcome in OUTCOMES[:4] else 0
    told = world.at - timedelta(hours=60)
    moves = tuple(
        (draw.id(), move, stage, told + timedelta(hours=10 * step, minutes=draw.randint(0, 500)))
        for step, (stage, move) in enumerate(STEPS[: reached + 1])
    )
    story = Story(
        outcome=outcome,
        placement_id=draw.id(),
        card_id=draw.id(),
        code="".join(draw.choices("23456789BCDFGH", k=8)),
        contact=f"Handläggaren, {board.name}",
        groups=tuple(group.value for group in FieldGroup if draw.maybe(0.7)) or (FieldGroup.SIZE.value,),
        says=_on_card(draw, world.at),
        home=home,
        agreement=agreement,
        moves=moves,
        shared=dict(_shared(draw, world.at, outcome, moves[-1][3])),
    )
    world.stories.append(story)


def _on_card(draw: Draw, at: datetime) -> OnCard:
    return OnCard(
        adults=draw.randint(1, 2),
        bands=tuple(draw.choice([(0, 5), (6, 12), (13, 17)]) for _ in range(draw.randint(0, 3))),
        rooms=draw.randint(1, 4),
        rent_max=draw.randrange(7_000, 12_000, 500),
        contracts=tuple(draw.some([form.value for form in ContractForm])),
        move_in_from=draw.day(at.date(), 0, 30) if draw.maybe() else None,
        must=tuple(draw.some([feature.value for feature in STATED], 4)),
    )


def _shared(draw: Draw, at: datetime, outcome: str, since: datetime) -> Iterator[tuple[str, Any]]:
    """Draw the columns of a placement that both sides see."""
    yield "stage_since", since
    if outcome in {"released", "reserved", "ended"}:
        yield "deadline", at + timedelta(hours=draw.randint(-30, 90))
    if outcome != "refused" and draw.maybe():
        yield "viewing_at", at + timedelta(hours=draw.randint(1, 90))
    if outcome in {"signed", "moved_in"}:
        yield "contract", ContractForm.FIRST_HAND
        yield "contract_from", at.date()
    if outcome == "moved_in":
        yield "moved_in_on", at.date()
