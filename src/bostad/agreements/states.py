"""The states of an agreement and the words of its terms."""

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
