"""What people answer about a placement."""

import re
from contextlib import suppress
from datetime import datetime, time
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from bostad.answers import Answers, Day, Line, asked, unfit
from bostad.here import HERE
from bostad.needs.household import ContractForm
from bostad.placements.reasons import Closed


def _time(answer: object) -> object:
    """Read a time as people write it: 14:30, 14.30, kl. 9 (U19)."""
    if not isinstance(answer, str):
        return answer
    read = re.fullmatch(r"(?i)(?:kl\.?|klockan)?\s*(\d{1,2})(?:\s*[.:]\s*(\d{2}))?", answer.strip())
    with suppress(ValueError):
        if read:
            return time(int(read[1]), int(read[2] or 0))
    raise unfit("Write a time of day, like 14:30.")


TimeOfDay = Annotated[time, BeforeValidator(_time)]


class Because(Answers):
    """Why it is declined: one of the list."""

    because: Closed = Field(
        title=asked("Why?"),
        description=asked(
            "The reason decides what happens next, and shows where homes are lost. It is never held against anybody."
        ),
    )


class Contract(Answers):
    """The contract as it was signed."""

    contract: ContractForm = Field(
        title=asked("Kind of contract"), description=asked("It decides which dates are watched afterwards.")
    )
    contract_from: Day = Field(
        title=asked("The contract begins"), description=asked("The day the household may move in.")
    )
    takeover_on: Day | None = Field(
        default=None,
        title=asked("The household may take over the contract"),
        description=asked("For a social contract: the day agreed for trying a take-over, usually after a year."),
    )

    @model_validator(mode="after")
    def _social_has_takeover(self) -> "Contract":
        """See that a social contract says when it can become the household's own."""
        if self.contract is ContractForm.SOCIAL and self.takeover_on is None:
            raise unfit("A social contract needs the day when a take-over is tried.", field="takeover_on")
        if self.takeover_on and self.takeover_on <= self.contract_from:
            raise unfit("The take-over comes after the contract begins.", field="takeover_on")
        return self


class MovedIn(Answers):
    """The day of the keys."""

    moved_in_on: Day = Field(
        title=asked("The household got the keys"), description=asked("Waiting times are counted to this day.")
    )


class Viewing(Answers):
    """When the home can be seen."""

    viewing_on: Day = Field(
        title=asked("Day of the viewing"), description=asked("Shown here only; nothing is sent to anybody.")
    )
    viewing_time: TimeOfDay = Field(title=asked("Time"), description=asked("For example 14:30."))

    def moment(self) -> datetime:
        """Give the moment in Swedish time."""
        return datetime.combine(self.viewing_on, self.viewing_time, tzinfo=HERE)


class ByHand(Answers):
    """Why a worker places by hand."""

    because: Annotated[Line, Field(max_length=200)] = Field(
        title=asked("Why this home, and not the proposed plan?"),
        description=asked("Your manager reads it. Write nothing that tells who the household is."),
    )
