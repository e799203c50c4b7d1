"""The forms of an agreement and of its quota lines."""

import re
from typing import Annotated, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator

from bostad.agreements.states import CarryOver, TargetGroup
from bostad.answers import Answers, Day, Line, OneOrMore, WholeNumber, asked, unfit
from bostad.homes.features import Feature
from bostad.needs.household import ContractForm

_WORKING_DAYS = asked("In Swedish working days, to the end of the last day.")


def _names(answer: object) -> object:
    """Read names with commas or on lines of their own."""
    if not isinstance(answer, str):
        return answer
    return list(dict.fromkeys(name.strip() for name in re.split(r"[,;\n]", answer) if name.strip()))


class AgreementAnswers(Answers):
    """What two parties have agreed, apart from the homes themselves."""

    company_id: UUID = Field(title=asked("Housing company"))
    name: Annotated[Line, Field(max_length=120)] = Field(
        title=asked("Name"), description=asked("Both parties see it. Never write whom it is for.")
    )
    reference: Annotated[Line, Field(max_length=60)] = Field(
        title=asked("Reference number"), description=asked("The number that the signed agreement is registered under.")
    )
    signed_on: Day | None = Field(
        default=None, title=asked("Signed on"), description=asked("Needed before it can be put in force.")
    )
    valid_from: Day = Field(title=asked("Valid from"))
    valid_until: Day | None = Field(
        default=None, title=asked("Valid until"), description=asked("Leave it empty if no last day is agreed.")
    )
    municipality_days: WholeNumber = Field(
        default=3, ge=1, le=60, title=asked("Social services answer within"), description=_WORKING_DAYS
    )
    household_days: WholeNumber = Field(
        default=5, ge=1, le=60, title=asked("The household answers within"), description=_WORKING_DAYS
    )
    company_days: WholeNumber = Field(
        default=3, ge=1, le=60, title=asked("The company answers within"), description=_WORKING_DAYS
    )
    reservation_days: WholeNumber = Field(
        default=10, ge=1, le=90, title=asked("A home is reserved for"), description=_WORKING_DAYS
    )
    monthly_cap: WholeNumber | None = Field(
        default=None,
        ge=0,
        le=1_000,
        title=asked("Most homes a month over all its lines"),
        description=asked("Leave it empty if each line counts by itself."),
    )

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.valid_until and self.valid_until < self.valid_from:
            raise unfit("The last day comes before the first one.", field="valid_until")
        return self


class LineAnswers(Answers):
    """One quota line: how many, for whom, and what each home must meet."""

    code: Annotated[Line, Field(max_length=40, pattern=r"^[a-z0-9-]+$")] = Field(
        title=asked("Short code"),
        description=asked("Small letters, digits and hyphens. Companies write it in their lists of homes."),
    )
    name: Annotated[Line, Field(max_length=120)] = Field(
        title=asked("Name"), description=asked("Both parties see it. Never write whom it is for.")
    )
    groups: Annotated[list[TargetGroup], OneOrMore] = Field(min_length=1, title=asked("Groups it is for"))
    contracts: Annotated[list[ContractForm], OneOrMore] = Field(
        default_factory=list,
        title=asked("Contract forms that may be used"),
        description=asked("Choose none if any will do."),
    )
    per_month: WholeNumber = Field(ge=0, le=1_000, title=asked("Homes a month"))
    carry_over: CarryOver = Field(default=CarryOver.NONE, title=asked("Homes that were not used in a month"))
    carry_limit: WholeNumber | None = Field(
        default=None,
        ge=1,
        le=1_000,
        title=asked("At most this many are carried over"),
        description=asked("Only when there is a limit."),
    )
    required: Annotated[list[Feature], OneOrMore] = Field(
        default_factory=list,
        title=asked("Each home must have"),
        description=asked("A home where one of these is missing, or not known, does not count."),
    )
    school_m_max: WholeNumber | None = Field(
        default=None,
        ge=100,
        le=50_000,
        title=asked("Longest distance to a school, in metres"),
        description=asked("As the crow flies. Leave it empty if the agreement does not say."),
    )
    districts_excluded: Annotated[list[Line], BeforeValidator(_names)] = Field(
        default_factory=list,
        title=asked("Districts that do not count"),
        description=asked("With commas between. Leave it empty if every district counts."),
    )
    rent_max: WholeNumber | None = Field(
        default=None,
        gt=0,
        le=100_000,
        title=asked("Highest rent a month, in kronor"),
        description=asked("Leave it empty if the agreement does not say."),
    )
    building_cap: WholeNumber | None = Field(
        default=None,
        ge=1,
        le=1_000,
        title=asked("Most homes from here in one building"),
        description=asked(
            "Everybody who lives there by way of this service counts. Where several lines have a limit for the same "
            "building, the lowest holds. Leave it empty if the agreement does not say."
        ),
    )

    @model_validator(mode="after")
    def _limit_where_there_is_one(self) -> Self:
        if self.carry_over is CarryOver.LIMITED and self.carry_limit is None:
            raise unfit("Write how many are carried over at most.", field="carry_limit")
        if self.carry_over is not CarryOver.LIMITED and self.carry_limit is not None:
            raise unfit("Leave it empty, or choose to carry over up to a limit.", field="carry_limit")
        return self
