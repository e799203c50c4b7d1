"""The states of an agreement and the words of its terms."""

from collections.abc import Mapping

from bostad.errors import OutOfStep
from bostad.words import Word, say


class AgreementState(Word):
    """Only an agreement in force lets homes be published and promised."""

    DRAFT = "draft", say("Draft")
    IN_FORCE = "in_force", say("In force")
    PAUSED = "paused", say("Paused")
    ENDED = "ended", say("Ended")


class CarryOver(Word):
    """What becomes of flats that were agreed but not used in a month."""

    NONE = "none", say("Nothing is carried over")
    WITHIN_YEAR = "within_year", say("Carried over within the calendar year")
    LIMITED = "limited", say("Carried over up to a limit")


class TargetGroup(Word):
    """Whom a quota line is for; neutral codes, since the company reads them."""

    VIOLENCE = "violence", say("Group A (outside the ordinary quota)")
    SOCIAL = "social", say("Group B (the ordinary quota)")


class Counter(Word):
    """The ledger's counters, each a step where an agreed flat can be lost."""

    DELIVERED = "delivered", say("Published by the company")
    APPROVED = "approved", say("Meets the terms")
    RELEASED = "released", say("Accepted by the household")
    SIGNED = "signed", say("Contract signed")


class AgreementMove(Word):
    """What a unit manager can do with an agreement."""

    PUT_IN_FORCE = "put_in_force", say("Put in force")
    PAUSE = "pause", say("Pause")
    RESUME = "resume", say("Resume")
    END = "end", say("End")


MOVES: Mapping[tuple[AgreementState, AgreementMove], AgreementState] = {
    (AgreementState.DRAFT, AgreementMove.PUT_IN_FORCE): AgreementState.IN_FORCE,
    (AgreementState.IN_FORCE, AgreementMove.PAUSE): AgreementState.PAUSED,
    (AgreementState.PAUSED, AgreementMove.RESUME): AgreementState.IN_FORCE,
    (AgreementState.IN_FORCE, AgreementMove.END): AgreementState.ENDED,
    (AgreementState.PAUSED, AgreementMove.END): AgreementState.ENDED,
}
# Terms and lines change only while nothing is promised under them.
EDITABLE = frozenset({AgreementState.DRAFT, AgreementState.PAUSED})


def next_state(state: AgreementState, move: AgreementMove) -> AgreementState:
    """Give the state a move leads to; anything else is out of step."""
    if (state, move) not in MOVES:
        raise OutOfStep("The agreement has changed meanwhile. Here is how it stands now.")
    return MOVES[state, move]


def moves_from(state: AgreementState) -> tuple[AgreementMove, ...]:
    """List what can be done with an agreement now, in the order of the table."""
    return tuple(move for at, move in MOVES if at is state)
