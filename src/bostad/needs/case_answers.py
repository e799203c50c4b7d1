"""The forms around a need: the case itself, consent, and the people who work with it."""

import re
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from bostad.answers import Answers, Day, Line, OneOrMore, Ticked, asked, unfit
from bostad.needs.consent import LONGEST_DAYS, FieldGroup, GivenHow, Language, default_end, latest_end
from bostad.needs.states import ClosedBecause

_IDENTITY_NUMBER = re.compile(r"(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])[-+ ]?\d{4}")


def _case_number(number: str) -> str:
    """Keep identity numbers out: a case is known by its case number and nothing else (S09)."""
    number = " ".join(number.split())
    if _IDENTITY_NUMBER.fullmatch(number):
        raise unfit("This looks like a personal identity number. Write the case number instead.")
    if not any(map(str.isdigit, number)):
        raise unfit("This looks like a name. Write the case number, with its digits.")
    return number


CaseNumber = Annotated[Line, Field(max_length=40), AfterValidator(_case_number)]


class NewCase(Answers):
    """A case to register."""

    case_number: CaseNumber = Field(
        title=asked("Case number"),
        description=asked("It is how you find the case here. Never write a name or an identity number."),
    )


class FindCase(Answers):
    """A case to look up."""

    case_number: CaseNumber = Field(
        title=asked("Find a case by its number"), description=asked("The whole number, exactly as it was registered.")
    )


class ConsentTerms(Answers):
    """How consent was given, and until when it holds."""

    given_on: Day = Field(title=asked("Given on"))
    given_how: GivenHow = Field(
        title=asked("How was it given?"), description=asked("Oral consent holds too, when it is noted in the file.")
    )
    language: Language = Field(
        default=Language.SWEDISH,
        title=asked("Language of the conversation"),
        description=asked("The household must have understood what it agreed to."),
    )
    interpreter: Ticked = Field(default=False, title=asked("An interpreter took part"))
    ends_on: Day | None = Field(
        default=None,
        title=asked("Last day"),
        description=asked("Left empty: 90 days. Never more than 180. It can be withdrawn at any time."),
    )

    @property
    def last_day(self) -> date:
        """Give the day it ends: the one agreed on, else the default."""
        return self.ends_on or default_end(self.given_on)

    @model_validator(mode="after")
    def _ends_in_time(self) -> Self:
        if not self.given_on <= self.last_day <= latest_end(self.given_on):
            raise unfit(
                "Choose a last day within %(count)s days from the day it was given.",
                field="ends_on",
                count=LONGEST_DAYS,
            )
        return self


class _Recipient(Answers):
    """Who may see what."""

    company_id: UUID = Field(
        title=asked("Housing company"), description=asked("A consent is for one company. Ask again for another.")
    )
    field_groups: Annotated[list[FieldGroup], OneOrMore] = Field(
        min_length=1,
        title=asked("What may be shown"),
        description=asked("The company sees what is ticked here and nothing else."),
    )


class NewConsent(ConsentTerms, _Recipient):
    """A consent to one company: asked, and refused, in this order, the last base first."""


class Colleague(Answers):
    """A colleague who takes a case over."""

    colleague_id: UUID = Field(
        title=asked("New social worker"), description=asked("Only a social worker of the board can take over.")
    )


class NewDeputy(Answers):
    """A colleague who stands in."""

    colleague_id: UUID = Field(title=asked("Deputy"), description=asked("Can do everything that you can in this case."))
    until: Day = Field(title=asked("Last day"), description=asked("After this day the deputy no longer sees the case."))


class Closing(Answers):
    """Why a case ends here without a home from here."""

    because: ClosedBecause = Field(
        title=asked("Why is the case closed?"), description=asked("The board follows up how its cases end.")
    )


class Upload(Answers):
    """A file to take in; its bytes are read by the page."""

    file: bytes = Field(title=asked("File"), description=asked("CSV, or Excel saved as .xlsx. At most 5 MB."))
    keep_good: Ticked = Field(
        default=False,
        title=asked("Keep the good rows even if some cannot be read"),
        description=asked("Otherwise nothing is saved until every row is right."),
    )
