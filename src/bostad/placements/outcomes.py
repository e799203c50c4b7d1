"""What the last run made of one case, reached from the case alone; and how far a run that goes on has come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.agreements.joint import is_joint
from bostad.homes.tables import Home
from bostad.needs.loading import case_for
from bostad.needs.states import NeedState
from bostad.needs.tables import Need
from bostad.outbox import service as outbox
from bostad.placements.in_words import SAFETY_RULES, Refusal, rule_in_words, why_no_home
from bostad.placements.run_states import RunStage
from bostad.placements.tables import MatchingRun, WhyNot
from bostad.records import Sessions
from bostad.words import Sentence, say

OBSTACLES: Mapping[str, Sentence] = {
    "held": say(
        "It fits. In the plan another household has it, and it could not be freed without passing over somebody who"
        " comes before."
    ),
    "quota": say("It fits, but the month's quota for this kind of home is used up."),
    "cap": say("It fits, but the agreement allows no more homes this month."),
    "together": say("It fits, but others who come before have it, or what the agreement allows is used up."),
    "side_rule": say("It fits, but a limit for the building or a rule about who lives near whom stands in the way."),
}
BUSY = "Busy"
"""Why a run gave way to one on newer facts: nothing that anybody must hear of."""


@dataclass(frozen=True, slots=True)
class HomeSaid:
    """A home that could have housed them, and what stood between."""

    id: UUID
    address: str
    object_number: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class News:
    """Whether a run is on its way or going on, and what it does at the moment."""

    coming: bool
    stage: RunStage | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the last run said about one need; `joint` is whether the board matches jointly at all."""

    refusal: Refusal | None
    homes: tuple[HomeSaid, ...]
    run_at: datetime | None
    broke_off: bool
    joint: bool
    news: News


def news_of(sessions: Sessions, case_id: UUID, *, by: Actor, at: datetime) -> News:
    """Say whether a run is on its way for one case's board, and how far it has come."""
    with sessions() as db:
        return _news(db, case_for(db, case_id, by=by, on=at.date()).board_id)


def outcome_for(db: Session, need: Need) -> Outcome:
    """Say what the last run made of a case's need."""
    found = db.exec(select(WhyNot).where(WhyNot.need_id == need.id)).one_or_none()
    why = found if need.state is NeedState.OPEN else None
    finished, failed_because = _last(db, need.board_id)
    whole, _ = _last(db, need.board_id, col(MatchingRun.failed_because).is_(None))
    return Outcome(
        refusal=why_no_home(why.reason, why.detail) if why else None,
        homes=tuple(_homes(db, why.homes)) if why else (),
        run_at=whole,
        broke_off=finished is not None and failed_because not in {None, BUSY},
        joint=is_joint(db, need.board_id),
        news=_news(db, need.board_id),
    )


def _news(db: Session, board_id: UUID) -> News:
    going = select(MatchingRun.id, col(MatchingRun.stage)).where(MatchingRun.board_id == board_id)
    going = going.where(col(MatchingRun.finished_at).is_(None)).order_by(col(MatchingRun.started_at).desc())
    run = db.exec(going.limit(1)).first()
    waits = outbox.waits(db, "matching.run", str(board_id))
    return News(waits or run is not None, run[1] if run else None)


def _last(
    db: Session, board_id: UUID, *conditions: ColumnElement[bool]
) -> tuple[datetime, str | None] | tuple[None, None]:
    """Give when a board's last run ended, and what broke it off: of a run a board may read such columns alone."""
    ended = select(col(MatchingRun.finished_at), col(MatchingRun.failed_because)).where(
        MatchingRun.board_id == board_id, col(MatchingRun.finished_at).is_not(None), *conditions
    )
    newest = ended.order_by(col(MatchingRun.finished_at).desc(), col(MatchingRun.started_at).desc())
    found = db.exec(newest.limit(1)).first()
    return (found[0], found[1]) if found and found[0] else (None, None)


def _homes(db: Session, said: list[dict[str, Any]]) -> Iterator[HomeSaid]:
    """Say of each home that is still there what stood between; what keeps somebody safe comes last."""
    ids = [UUID(one["home"]) for one in said]
    homes = {home.id: home for home in db.exec(select(Home).where(col(Home.id).in_(ids))).all()}
    for one in sorted(said, key=lambda one: one["because"] in SAFETY_RULES):
        home = homes.get(UUID(one["home"]))
        if home:
            yield HomeSaid(home.id, home.address, home.object_number, tuple(_between(one)))


def _between(one: Mapping[str, Any]) -> Iterator[Sentence]:
    """Say what stood between. What keeps somebody safe is told of, and never as something that could be given up."""
    because = one["because"]
    if because in OBSTACLES:
        yield OBSTACLES[because]
        return
    yield say("One thing stands in the way: %(rule)s.", rule=rule_in_words(because))
    if because not in SAFETY_RULES and one["hers"] is not None:
        yield say("Without it the home would be theirs.") if one["hers"] else say("Even so, others come before.")
