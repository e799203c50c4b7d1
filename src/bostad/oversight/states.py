"""Closed lists of oversight: why a case is opened in an emergency, and what a look at it afterwards found."""

from bostad.words import Word, say


class Emergency(Word):
    """Why somebody opens a case that is not hers."""

    COLLEAGUE_ILL = "colleague_ill", say("The case's social worker is ill")
    COLLEAGUE_AWAY = "colleague_away", say("The case's social worker cannot be reached")
    ACUTE = "acute", say("Something acute has happened")
    ON_CALL = "on_call", say("I am on call outside office hours")


class ReviewOutcome(Word):
    """What was found when somebody looked at a reading afterwards."""

    FINE = "fine", say("In order")
    LOOK_INTO = "look_into", say("To be looked into")
    EXPLAINED = "explained", say("Looked into: explained")
    TALKED_TO = "talked_to", say("Looked into: talked to the person")
    REPORTED = "reported", say("Looked into: reported as an incident")


class Reason(Word):
    """What a list of readers is taken out for."""

    ASKED_FOR = "asked_for", say("The person the case is about has asked")
    SUSPICION = "suspicion", say("Suspected unauthorised reading")
    INCIDENT = "incident", say("A personal data breach")
    SUPERVISION = "supervision", say("An authority that supervises has asked")
    ROUTINE = "routine", say("The regular review of the log")


FIRST_LOOK = (ReviewOutcome.FINE, ReviewOutcome.LOOK_INTO)
LOOKED_INTO = (ReviewOutcome.EXPLAINED, ReviewOutcome.TALKED_TO, ReviewOutcome.REPORTED)


def outcomes_after(outcome: ReviewOutcome | None) -> tuple[ReviewOutcome, ...]:
    """Give what may be said next: first whether it is in order, then how what was looked into ended."""
    if outcome is None:
        return FIRST_LOOK
    return LOOKED_INTO if outcome is ReviewOutcome.LOOK_INTO else ()
