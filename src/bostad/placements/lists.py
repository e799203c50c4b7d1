"""Lists of placements: what waits for the company's answer, what goes on in one's own cases, which homes are free."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.agreements.joint import is_joint
from bostad.agreements.loading import agreement_for
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.homes.states import HomeState
from bostad.homes.tables import Home
from bostad.matching.misfit import parts
from bostad.needs.loading import case_for, is_open_to_change, latest_need, open_to
from bostad.needs.states import NeedState
from bostad.needs.tables import Card, Case, Need
from bostad.placements.fitting import beside
from bostad.placements.in_words import rule_in_words
from bostad.placements.lifecycle import Stage
from bostad.placements.loading import visible_to
from bostad.placements.pages import HomeLines, home_lines
from bostad.placements.reasons import Closed
from bostad.placements.shared import AnyPlacement, SharedPlacement
from bostad.placements.side_by_side import going_on_under, promised_homes
from bostad.placements.tables import Placement
from bostad.records import Sessions
from bostad.words import Sentence, say

OPEN_STAGES = (Stage.RELEASED, Stage.RESERVED, Stage.SIGNED)


@dataclass(frozen=True, slots=True)
class Line:
    """One placement in a list."""

    id: UUID
    stage: Stage
    deadline: datetime | None
    late: bool
    home: HomeLines
    code: str | None = None
    put_at: datetime | None = None
    closed_because: Closed | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """The company's first page: what waits for it, and homes it must say something about."""

    lines: tuple[Line, ...]
    paused: tuple[HomeLines, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A free home beside one need: does it fit, and what keeps it away."""

    home: HomeLines
    misfit: int | None
    obstacles: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class FreeHomes:
    """The free homes for one case, whether this person may place one by hand, and whether the board matches jointly."""

    homes: tuple[Candidate, ...]
    may_place: bool
    joint: bool


def to_answer(sessions: Sessions, *, by: Actor, at: datetime) -> ToAnswer:
    """List what waits for the company's answer, nearest deadline first."""
    with sessions() as db:
        query = (
            select(SharedPlacement, Home, Card.code)
            .join(Home, col(Home.id) == SharedPlacement.home_id)
            .join(Card, col(Card.id) == SharedPlacement.card_id)
            .where(visible_to(by, at.date()), col(SharedPlacement.stage).in_(OPEN_STAGES))
        )
        rows = db.exec(query).all()
        paused = select(Home).where(Home.company_id == by.organisation_id, Home.state == HomeState.PAUSED)
        homes = db.exec(paused.order_by(col(Home.object_number))).all()
    lines = [line_of(placement, home, at, code) for placement, home, code in rows]
    lines.sort(key=lambda line: (OPEN_STAGES.index(line.stage), line.deadline or at, line.home.object_number))
    return ToAnswer(tuple(lines), tuple(home_lines(home) for home in homes))


def going_on(sessions: Sessions, *, by: Actor, at: datetime) -> dict[UUID, Line]:
    """Give, by case, what goes on in the cases that this person works with."""
    with sessions() as db:
        query = (
            select(Case.id, Placement, Home)
            .join(Need, col(Need.case_id) == Case.id)
            .join(Placement, col(Placement.need_id) == Need.id)
            .join(Home, col(Home.id) == Placement.home_id)
            .where(open_to(by, at.date()), col(Placement.stage) != Stage.CLOSED)
        )
        return {case_id: line_of(placement, home, at) for case_id, placement, home in db.exec(query).all()}


def free_homes(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> FreeHomes:
    """Rank the free homes for one case: those that fit first, least misfit first. Homes are searched, never people."""
    with sessions() as db:
        need = latest_need(db, case_for(db, case_id, by=by, on=at.date()))
        may_place = is_open_to_change(db, case_id, by=by, on=at.date())
        found = list(_candidates(db, need, at.date())) if need.state is NeedState.OPEN else []
        found.sort(key=lambda one: (len(one.obstacles), one.misfit or 0, one.home.object_number))
        return FreeHomes(tuple(found), may_place=may_place, joint=is_joint(db, need.board_id))


def open_under(sessions: Sessions, agreement_id: UUID, *, by: Actor) -> tuple[Sentence, ...]:
    """Say what goes on under an agreement of one's own board: object number and stage, never whose."""
    with sessions() as db:
        agreement_for(db, agreement_id, by=by)
        stages = going_on_under(db, agreement_id)
        query = select(Home.object_number, Home.id).where(col(Home.id).in_(stages))
        homes = db.exec(query.order_by(col(Home.object_number))).all()
    return tuple(say("%(number)s: %(stage)s", number=number, stage=_stage(stages[home])) for number, home in homes)


def _stage(stage: str | None) -> Sentence:
    return Stage(stage).label if stage else say("in use in the county run, by another board")


def _candidates(db: Session, need: Need, on: date) -> Iterator[Candidate]:
    free = (
        select(Home)
        .join(QuotaLine, col(QuotaLine.id) == Home.line_id)
        .join(Agreement, col(Agreement.id) == QuotaLine.agreement_id)
        .where(Agreement.board_id == need.board_id, Agreement.state == AgreementState.IN_FORCE)
        .where(
            Home.state == HomeState.PUBLISHED,
            col(Home.approved),
            col(Home.id).not_in(promised_homes(db, need.board_id)),
        )
    )
    homes = db.exec(free).all()
    for home, pair in zip(homes, beside(db, need, homes, on=on), strict=True):
        total = None if pair.failing else parts(pair.need, pair.home, on).total
        yield Candidate(home_lines(home), total, tuple(rule_in_words(rule) for rule in pair.failing))


def line_of(placement: AnyPlacement, home: Home, at: datetime, code: str | None = None) -> Line:
    """Give one placement as lists show it."""
    late = placement.deadline is not None and placement.deadline < at
    return Line(
        placement.id,
        placement.stage,
        placement.deadline,
        late,
        home_lines(home),
        code,
        placement.put_at if isinstance(placement, Placement) else None,
        placement.closed_because,
        placement.stage_since,
    )
