"""Why homes stay empty, in numbers: read from what the last run counted, which holds no number too small to be told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from bostad.accounts.access import Actor, Role
from bostad.errors import NotAllowed
from bostad.homes.tables import Home
from bostad.placements.fitting import RULES
from bostad.placements.tables import EmptyHomeFigure, MatchingRun
from bostad.records import Sessions
from bostad.words import Sentence


@dataclass(frozen=True, slots=True)
class EmptyHome:
    """A home without a placement: how many needs it fits, and how many each rule keeps from it, as far as told."""

    id: UUID
    address: str
    object_number: str
    fits: int | None
    failing: tuple[tuple[Sentence, int], ...]


@dataclass(frozen=True, slots=True)
class EmptyHomes:
    """The whole page, as of the last run."""

    run_at: datetime | None
    homes: tuple[EmptyHome, ...]


def empty_homes_page(sessions: Sessions, *, by: Actor) -> EmptyHomes:
    """Give the page for a unit manager: numbers of her board's, in two queries."""
    if by.role is not Role.UNIT_MANAGER:
        raise NotAllowed("This page is for people with another role than yours.")
    figures = select(EmptyHomeFigure, Home).join(Home, col(Home.id) == EmptyHomeFigure.home_id)
    ended = select(MatchingRun.finished_at).where(MatchingRun.board_id == by.organisation_id)
    with sessions() as db:
        rows = db.exec(figures.where(EmptyHomeFigure.board_id == by.organisation_id)).all()
        whole = ended.where(col(MatchingRun.failed_because).is_(None), col(MatchingRun.finished_at).is_not(None))
        run_at = db.exec(whole.order_by(col(MatchingRun.finished_at).desc()).limit(1)).first()
    homes = [_home(figure, home) for figure, home in rows]
    return EmptyHomes(run_at, tuple(sorted(homes, key=lambda home: (home.address, home.object_number))))


def _home(figure: EmptyHomeFigure, home: Home) -> EmptyHome:
    """Name the rules that keep most needs away first; a number that may not be told is left out."""
    told = [(RULES[rule], count) for rule, count in figure.failing.items() if count is not None]
    most_first = sorted(told, key=lambda one: (-one[1], one[0].msgid))
    return EmptyHome(home.id, home.address, home.object_number, figure.fits, tuple(most_first))
