"""The forms of oversight: opening a case in an emergency, looking at a reading afterwards, taking an extract out."""

from enum import IntEnum

from pydantic import Field

from bostad.answers import Answers, Line, Ticked, asked
from bostad.needs.case_answers import CaseNumber
from bostad.oversight.states import Emergency, Reason, ReviewOutcome


class Hours(IntEnum):
    """For how long a case stands open."""

    ONE = 1
    FOUR = 4
    TWELVE = 12


class EmergencyAnswers(Answers):
    """A case to open that is not one's own."""

    case_number: CaseNumber = Field(
        title=asked("Case number"), description=asked("The whole number, exactly as it was registered.")
    )
    because: Emergency = Field(
        title=asked("Why do you need to open it?"), description=asked("The unit manager sees this at once.")
    )
    note: Line = Field(
        min_length=10,
        max_length=200,
        title=asked("What has happened, in a few words"),
        description=asked("The unit manager reads it. Write no names and nothing about the household."),
    )
    hours: Hours = Field(
        title=asked("For how long?"), description=asked("No longer than you need. You can open it again.")
    )
    may_change: Ticked = Field(
        default=False,
        title=asked("I need to change something, not only read"),
        description=asked("You can then do what a deputy can."),
    )


class ReviewAnswer(Answers):
    """What a look at a reading found."""

    outcome: ReviewOutcome = Field(
        title=asked("What did you find?"), description=asked("It is kept with your name and today's date.")
    )


class ReadersOf(Answers):
    """A case whose readers somebody wants to see."""

    case_number: CaseNumber = Field(
        title=asked("Case number"), description=asked("The whole number. That you searched is written in the log.")
    )


class Extract(Answers):
    """Taking the list of readers out of the service."""

    reason: Reason = Field(
        title=asked("What is it for?"), description=asked("The reason stands on the extract and in the log.")
    )
