"""What the forms of keeping ask."""

from typing import Annotated

from pydantic import Field

from bostad.answers import Answers, Day, Line, asked
from bostad.keeping.rules import Kept


class Decision(Answers):
    """What the board has decided about keeping."""

    valid_from: Day = Field(
        title=asked("Holds from"), description=asked("The day the board's decision begins to hold.")
    )
    years: Annotated[int, Field(ge=1, le=70)] = Field(
        title=asked("Years after the last note"), description=asked("Five, unless the board has decided otherwise.")
    )
    kept: Kept = Field(
        title=asked("What is kept for ever?"), description=asked("The law says where everything is kept.")
    )
    extract_first: bool = Field(
        default=True,
        title=asked("An extract must be taken to the case file first"),
        description=asked("Only then is a case due."),
    )
    reference: Annotated[Line, Field(min_length=1, max_length=80)] = Field(
        title=asked("The decision's number"), description=asked("As it stands in the board's minutes.")
    )


class KeptAnswer(Answers):
    """Whether one case is kept."""

    kept: bool = Field(
        title=asked("Is this case kept from deletion?"),
        description=asked(
            "For research where somebody in it was born on the 5th, 15th or 25th, or for another reason."
        ),
    )
