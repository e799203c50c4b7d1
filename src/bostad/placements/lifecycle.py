"""The life of a placement as one table; rules, buttons and refusals all read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bostad.accounts.access import Role
from bostad.errors import NotAllowed, OutOfStep
from bostad.words import Word, say


class Stage(Word):
    """Where a placement stands. There are no other stages and no other names for them."""

    PROPOSED = "proposed", say("Proposed")
    RELEASED = "released", say("Accepted by the household")
    RESERVED = "reserved", say("Reserved")
    SIGNED = "signed", say("Contract signed")
    MOVED_IN = "moved_in", say("Moved in")
    CLOSED = "closed", say("Closed")


class Move(Word):
    """What can be done with a placement."""

    PUT = "put", say("Put to the household")
    RELEASE = "release", say("The household accepts")
    DECLINE = "decline", say("The household declines")
    RESERVE = "reserve", say("Accept and reserve")
    REFUSE = "refuse", say("Decline")
    SIGN = "sign", say("Record the contract")
    HAND_OVER = "hand_over", say("Record the move-in")
    CALL_OFF = "call_off", say("Call off")
    PREEMPT = "preempt", say("Replaced by a newer proposal")
    LAPSE = "lapse", say("No answer in time")
    STOP = "stop", say("Stopped")


class Service(Word):
    """The service itself, where no person makes the move."""

    SERVICE = "service", say("The service")


By = Role | Service


@dataclass(frozen=True, slots=True)
class Step:
    """Where a move leads, and whose it is."""

    to: Stage
    by: frozenset[By]


_SOCIAL: frozenset[By] = frozenset({Role.SOCIAL_WORKER})
_HOUSING: frozenset[By] = frozenset({Role.HOUSING_STAFF})
_SERVICE: frozenset[By] = frozenset({Service.SERVICE})

STEPS: Mapping[tuple[Stage, Move], Step] = {
    (Stage.PROPOSED, Move.PUT): Step(Stage.PROPOSED, _SOCIAL),
    (Stage.PROPOSED, Move.RELEASE): Step(Stage.RELEASED, _SOCIAL),
    (Stage.PROPOSED, Move.DECLINE): Step(Stage.CLOSED, _SOCIAL),
    (Stage.PROPOSED, Move.PREEMPT): Step(Stage.CLOSED, _SERVICE),
    (Stage.PROPOSED, Move.LAPSE): Step(Stage.CLOSED, _SERVICE),
    (Stage.RELEASED, Move.RESERVE): Step(Stage.RESERVED, _HOUSING),
    (Stage.RELEASED, Move.REFUSE): Step(Stage.CLOSED, _HOUSING),
    (Stage.RELEASED, Move.CALL_OFF): Step(Stage.CLOSED, _SOCIAL),
    (Stage.RELEASED, Move.LAPSE): Step(Stage.CLOSED, _SERVICE),
    (Stage.RESERVED, Move.SIGN): Step(Stage.SIGNED, _HOUSING),
    (Stage.RESERVED, Move.REFUSE): Step(Stage.CLOSED, _HOUSING),
    (Stage.RESERVED, Move.CALL_OFF): Step(Stage.CLOSED, _SOCIAL),
    (Stage.RESERVED, Move.LAPSE): Step(Stage.CLOSED, _SERVICE),
    (Stage.SIGNED, Move.HAND_OVER): Step(Stage.MOVED_IN, _HOUSING | _SOCIAL),
    (Stage.SIGNED, Move.CALL_OFF): Step(Stage.CLOSED, _SOCIAL),
    # What the ground is taken away from: consent withdrawn, the home or the need gone.
    (Stage.PROPOSED, Move.STOP): Step(Stage.CLOSED, _SERVICE),
    (Stage.RELEASED, Move.STOP): Step(Stage.CLOSED, _SERVICE),
    (Stage.RESERVED, Move.STOP): Step(Stage.CLOSED, _SERVICE),
}

# Before the contract; from there on the two parties are bound outside the service.
STOPPABLE = frozenset(stage for stage, move in STEPS if move is Move.STOP)


def next_stage(stage: Stage, move: Move, by: By) -> Stage:
    """Give the stage a move leads to, or refuse: out of step for everybody, or not this person's to make."""
    step = STEPS.get((stage, move))
    if step is None:
        raise OutOfStep("This has already been answered. Here is how it stands now.")
    if by not in step.by:
        raise NotAllowed("That is for the other side to do.")
    return step.to


def is_for(move: Move, by: By) -> bool:
    """Tell whether a move is this role's to make at any stage: what it asks and shows is for nobody else."""
    return any(by in step.by for (_, one), step in STEPS.items() if one is move)


def moves_open_to(stage: Stage, by: By) -> tuple[Move, ...]:
    """List the moves a role may make now, in the order of the table."""
    return tuple(move for (at, move), step in STEPS.items() if at is stage and by in step.by)
