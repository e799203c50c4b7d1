"""The forms of a county run: the agreement between boards, and one board's decision to take part."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from bostad.answers import Answers, Day, Line, OneOrMore, asked, unfit


class Decision(Answers):
    """The board's own decision."""

    reference: Annotated[Line, Field(min_length=2, max_length=80)] = Field(
        title=asked("The decision's reference"), description=asked("As it stands in the board's register.")
    )
    decided_on: Day = Field(title=asked("Decided on"))


class _Agreement(Answers):
    """An agreement to be matched together."""

    name: Annotated[Line, Field(min_length=2, max_length=120)] = Field(title=asked("Name of the agreement"))
    boards: Annotated[list[UUID], OneOrMore] = Field(
        min_length=1,
        title=asked("The other boards"),
        description=asked(
            "Each takes its own decision. Until then nothing of its cases or homes is in a run with yours."
        ),
    )
    valid_from: Day = Field(title=asked("Valid from"))
    valid_until: Day | None = Field(
        default=None, title=asked("Valid until"), description=asked("Leave it empty if there is no last day.")
    )

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_until and self.valid_until < self.valid_from:
            raise unfit("The last day comes before the first one.", field="valid_until")
        return self


class NewCountyRun(Decision, _Agreement):
    """An agreement, with one's own board's decision: asked, and refused, in this order, the last base first."""
