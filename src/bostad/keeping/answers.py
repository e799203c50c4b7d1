"""What the forms of keeping ask."""

from typing import Annotated

from pydantic import Field

from bostad.answers import Answers, Day, Line, Ticked, WholeNumber, asked
from bostad.keeping.rules import Kept
from bostad.words import Word, say


class YesOrNo(Word):
    """An answer that somebody has to give."""

    YES = "yes", say("Yes, it is kept")
    NO = "no", say("No, it may be deleted when its time has come")


class Decision(Answers):
    """What the board has decided about keeping."""

    valid_from: Day = Field(title=asked("Holds from"), description=asked("The day the decision begins to hold."))
    years: Annotated[WholeNumber, Field(ge=1, le=70)] = Field(
        title=asked("Years after the last note"), description=asked("Five, unless the board has decided otherwise.")
    )
    kept: Kept = Field(
        title=asked("What is kept for ever?"),
        description=asked("In some counties and in Göteborg the law keeps it all."),
    )
    reference: Annotated[Line, Field(max_length=80)] = Field(
        title=asked("The decision's number"), description=asked("As it stands in the board's minutes.")
    )
    extract_first: Ticked = Field(
        default=False,
        title=asked("An extract must be taken to the case file first"),
        description=asked("Only then is a case due."),
    )


class KeptAnswer(Answers):
    """Whether one case is kept."""

    kept: YesOrNo = Field(
        title=asked("Is this case kept from deletion?"),
        description=asked(
            "Say yes if somebody in it was born on the 5th, 15th or 25th, or if it is kept for another reason."
        ),
    )
