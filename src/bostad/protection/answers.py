"""The forms of what protects a household: named people to exclude, and disclosure without consent."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from bostad.answers import Answers, Day, Line, OneOrMore, asked
from bostad.needs.consent import FieldGroup, default_end


class NamedPerson(Answers):
    """A person at a company who must not hear of the household."""

    company_id: UUID = Field(title=asked("Where does the person work?"))
    person: Annotated[Line, Field(min_length=2, max_length=120)] = Field(
        title=asked("Who is it?"),
        description=asked(
            "First name and surname, or the user name if you know it. You are not told whether the person works with"
            " this service. If you are not sure of the name, exclude the whole company instead."
        ),
    )


class Necessity(Answers):
    """Why something must be disclosed although nobody has consented, to whom, what, and until when."""

    company_id: UUID = Field(title=asked("Housing company"), description=asked("One company; no other sees anything."))
    field_groups: Annotated[list[FieldGroup], OneOrMore] = Field(
        min_length=1,
        title=asked("What must be shown"),
        description=asked("As little as the board's own task needs, and nothing else."),
    )
    because: Annotated[Line, Field(min_length=20, max_length=500)] = Field(
        title=asked("Why is it necessary for the board's own task?"),
        description=asked(
            "Say why consent cannot be had and what the board cannot do otherwise. Your unit manager reads it."
        ),
    )
    ends_on: Day | None = Field(
        default=None, title=asked("Last day"), description=asked("Left empty: 90 days. Never more than 180.")
    )

    def last_day(self, on: date) -> date:
        """Give the day it ends: the one written, else the default."""
        return self.ends_on or default_end(on)
