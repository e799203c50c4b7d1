"""What each move asks, says and does: one row a move, beside the table of steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bostad.accounts.access import Actor
from bostad.answers import Answers
from bostad.placements import service
from bostad.placements.answers import Because, Contract, MovedIn
from bostad.placements.lifecycle import Move
from bostad.records import Sessions
from bostad.words import Sentence, say


class Nothing(Answers):
    """A move that asks nothing."""


@dataclass(frozen=True, slots=True)
class Act:
    """One move on the screen. With a title it has a page of its own to ask and warn; without, the button does it."""

    label: Sentence
    make: Callable[[Sessions, UUID, Any, Actor, datetime], None]
    kind: str = "secondary"
    form: type[Answers] = Nothing
    title: Sentence | None = None
    consequences: tuple[Sentence, ...] = ()


def _put(sessions: Sessions, placement_id: UUID, _: Nothing, by: Actor, at: datetime) -> None:
    service.put_to_household(sessions, placement_id, by=by, at=at)


def _release(sessions: Sessions, placement_id: UUID, _: Nothing, by: Actor, at: datetime) -> None:
    service.release(sessions, placement_id, by=by, at=at)


def _decline(sessions: Sessions, placement_id: UUID, given: Because, by: Actor, at: datetime) -> None:
    service.decline(sessions, placement_id, given.because, by=by, at=at)


def _reserve(sessions: Sessions, placement_id: UUID, _: Nothing, by: Actor, at: datetime) -> None:
    service.reserve(sessions, placement_id, by=by, at=at)


def _refuse(sessions: Sessions, placement_id: UUID, given: Because, by: Actor, at: datetime) -> None:
    service.refuse(sessions, placement_id, given.because, by=by, at=at)


def _call_off(sessions: Sessions, placement_id: UUID, given: Because, by: Actor, at: datetime) -> None:
    service.call_off(sessions, placement_id, given.because, by=by, at=at)


def _sign(sessions: Sessions, placement_id: UUID, given: Contract, by: Actor, at: datetime) -> None:
    service.sign(sessions, placement_id, given, by=by, at=at)


def _hand_over(sessions: Sessions, placement_id: UUID, given: MovedIn, by: Actor, at: datetime) -> None:
    service.hand_over(sessions, placement_id, given.moved_in_on, by=by, at=at)


ACTS: Mapping[Move, Act] = {
    Move.RELEASE: Act(
        say("The household accepts"),
        _release,
        kind="primary",
        title=say("The household accepts the home"),
        consequences=(
            say("The company is told that there is a household for the home, and sees the card below."),
            say("It sees no name, no case number and nothing about why the household moves."),
        ),
    ),
    Move.PUT: Act(say("I have put it to the household"), _put),
    Move.RESERVE: Act(say("Accept and reserve"), _reserve, kind="primary"),
    Move.SIGN: Act(
        say("Record the contract"),
        _sign,
        kind="primary",
        form=Contract,
        title=say("Record the contract"),
        consequences=(
            say("From now on the contract binds both sides. Only social services can call the placement off here."),
        ),
    ),
    Move.HAND_OVER: Act(
        say("Record the move-in"),
        _hand_over,
        kind="primary",
        form=MovedIn,
        title=say("Record the move-in"),
        consequences=(say("The home counts as let and the need as met."),),
    ),
    Move.DECLINE: Act(
        say("The household declines"),
        _decline,
        form=Because,
        title=say("The household declines the home"),
        consequences=(say("The home goes to somebody else at once. The household keeps its place in the order."),),
    ),
    Move.REFUSE: Act(
        say("Decline"),
        _refuse,
        kind="tertiary",
        form=Because,
        title=say("Decline this household"),
        consequences=(
            say("Social services are told the reason from the list, and the household gets another turn at once."),
        ),
    ),
    Move.CALL_OFF: Act(
        say("Call off the placement"),
        _call_off,
        kind="tertiary",
        form=Because,
        title=say("Call off the placement"),
        consequences=(say("The company is told that the home is free again. The card is withdrawn."),),
    ),
}
