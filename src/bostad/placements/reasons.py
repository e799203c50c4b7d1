"""Why a placement closes: a closed list, each reason with its side and its consequence."""

from collections.abc import Mapping
from dataclasses import dataclass

from bostad.placements.lifecycle import Move
from bostad.words import Word, say


class Side(Word):
    """Whose reason it is; a statistic of losses is worth nothing without it."""

    HOUSEHOLD = "household", say("The household")
    COMPANY = "company", say("The company")
    NEITHER = "neither", say("Neither side")


class Consequence(Word):
    """What follows from a reason, in the same transaction."""

    FREE = "free", say("The home and the household are both free again; the pair may be proposed again.")
    NEVER_AGAIN = "never_again", say("This home is not proposed to this household again.")
    REVIEW_NEED = (
        "review_need",
        say("The need is paused until you have looked it over; this home is not proposed again."),
    )
    HOME_LEAVES = "home_leaves", say("The home is withdrawn.")
    PAUSE_NEED = "pause_need", say("The need is paused until somebody opens it again.")
    PAUSE_HOME = "pause_home", say("The home is paused until the company says that it is still free.")


class Closed(Word):
    """The reasons. A household that declines loses nothing by it."""

    UNSAFE = "unsafe", say("Not safe for this household")
    TOO_FAR = "too_far", say("Too far from school, work or support")
    TOO_SMALL = "too_small", say("Too small or unsuitable layout")
    TOO_DEAR = "too_dear", say("The rent is too high")
    NOT_NOW = "not_now", say("Cannot move at this time")
    OTHER_HOME = "other_home", say("Wants to wait for another home")
    HOUSEHOLD_WITHDREW = "household_withdrew", say("The household no longer wants the home")
    LET_ELSEWHERE = "let_elsewhere", say("The home is already let")
    NEEDS_REPAIR = "needs_repair", say("The home needs repair first")
    TOO_MANY_PEOPLE = "too_many_people", say("More people than the home is let to")
    TERMS = "terms", say("The home is not covered by the agreement's terms")
    NO_CONTRACT = "no_contract", say("No contract could be reached")
    NO_ANSWER_SOCIAL = "no_answer_social", say("No answer from social services in time")
    NO_ANSWER_COMPANY = "no_answer_company", say("No answer from the company in time")
    BETTER_PLAN = "better_plan", say("A newer proposal took its place")
    JOINT_OFF = "joint_off", say("Joint matching was switched off")
    CONSENT_ENDED = "consent_ended", say("It cannot go on; the sharing of details has ended")
    NEED_CHANGED = "need_changed", say("The need was closed or paused")
    HOME_GONE = "home_gone", say("The company withdrew the home")


@dataclass(frozen=True, slots=True)
class Reason:
    """Where a reason may be given, whose it is and what follows."""

    moves: frozenset[Move]
    side: Side
    consequence: Consequence


_NO = frozenset({Move.DECLINE, Move.CALL_OFF})
_REFUSE = frozenset({Move.REFUSE})

REASONS: Mapping[Closed, Reason] = {
    Closed.UNSAFE: Reason(_NO, Side.HOUSEHOLD, Consequence.REVIEW_NEED),
    Closed.TOO_FAR: Reason(_NO, Side.HOUSEHOLD, Consequence.REVIEW_NEED),
    Closed.TOO_SMALL: Reason(_NO, Side.HOUSEHOLD, Consequence.REVIEW_NEED),
    Closed.TOO_DEAR: Reason(_NO, Side.HOUSEHOLD, Consequence.REVIEW_NEED),
    Closed.NOT_NOW: Reason(_NO, Side.HOUSEHOLD, Consequence.PAUSE_NEED),
    Closed.OTHER_HOME: Reason(_NO, Side.HOUSEHOLD, Consequence.NEVER_AGAIN),
    Closed.HOUSEHOLD_WITHDREW: Reason(frozenset({Move.CALL_OFF}), Side.HOUSEHOLD, Consequence.PAUSE_NEED),
    Closed.LET_ELSEWHERE: Reason(_REFUSE, Side.COMPANY, Consequence.HOME_LEAVES),
    Closed.NEEDS_REPAIR: Reason(_REFUSE, Side.COMPANY, Consequence.HOME_LEAVES),
    Closed.TOO_MANY_PEOPLE: Reason(_REFUSE, Side.COMPANY, Consequence.NEVER_AGAIN),
    Closed.TERMS: Reason(_REFUSE, Side.COMPANY, Consequence.HOME_LEAVES),
    Closed.NO_CONTRACT: Reason(_REFUSE, Side.COMPANY, Consequence.NEVER_AGAIN),
    Closed.NO_ANSWER_SOCIAL: Reason(frozenset({Move.LAPSE}), Side.HOUSEHOLD, Consequence.PAUSE_NEED),
    Closed.NO_ANSWER_COMPANY: Reason(frozenset({Move.LAPSE}), Side.COMPANY, Consequence.PAUSE_HOME),
    Closed.BETTER_PLAN: Reason(frozenset({Move.PREEMPT}), Side.NEITHER, Consequence.FREE),
    Closed.JOINT_OFF: Reason(frozenset({Move.PREEMPT}), Side.NEITHER, Consequence.FREE),
    Closed.CONSENT_ENDED: Reason(frozenset({Move.STOP}), Side.NEITHER, Consequence.FREE),
    Closed.NEED_CHANGED: Reason(frozenset({Move.STOP}), Side.NEITHER, Consequence.FREE),
    Closed.HOME_GONE: Reason(frozenset({Move.STOP}), Side.COMPANY, Consequence.FREE),
}
NOT_LOST = frozenset({Closed.BETTER_PLAN, Closed.JOINT_OFF})
"""Nobody lost a home by these: the plan was another, or there was none."""
NEVER_AGAIN = frozenset({Consequence.NEVER_AGAIN, Consequence.REVIEW_NEED})


def reasons_for(move: Move) -> tuple[Closed, ...]:
    """List the reasons that may be given with a move, in the order of the table."""
    return tuple(reason for reason, entry in REASONS.items() if move in entry.moves)
