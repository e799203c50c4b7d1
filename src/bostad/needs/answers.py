"""The forms of a need: what is asked, why, and what an answer may be. The fields of a section are the need's own."""

import re
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bostad.agreements.states import TargetGroup
from bostad.answers import Answers, Day, Line, OneOrMore, WholeNumber, asked, unfit
from bostad.homes.features import Feature
from bostad.needs.household import ADULT_AGE, ContractForm, Risk
from bostad.needs.states import Section
from bostad.needs.stays import AvoidKind, PlaceKind

_BETWEEN = re.compile(r"[\s,;/|]+|\boch\b|\band\b")
MOST_CHILDREN = 15


def _ages(answer: object) -> object:
    """Read ages as people list them: `2, 4` or `2 och 4`."""
    if not isinstance(answer, str):
        return answer
    parts = [part for part in _BETWEEN.split(answer) if part]
    if len(parts) > MOST_CHILDREN or not all(re.fullmatch(r"\d{1,2}", part) for part in parts):
        raise unfit("Write each child's age in whole years with a comma between, like 2, 4, 11.")
    if any(int(part) >= ADULT_AGE for part in parts):
        raise unfit("Children are 0 to 17 years old. Count those who are 18 or older as adults.")
    return [int(part) for part in parts]


def _municipality(code: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", code):
        raise unfit("Choose one of the municipalities.")
    return code


Municipality = Annotated[str, AfterValidator(_municipality)]


class Household(Answers):
    """Who is to live in the home."""

    adults: WholeNumber = Field(
        ge=1, le=20, title=asked("Adults"), description=asked("Everyone who is 18 or older and moves in.")
    )
    couples: WholeNumber = Field(
        default=0,
        ge=0,
        le=10,
        title=asked("Couples among the adults"),
        description=asked("A couple shares a bedroom. Without a couple, leave it empty."),
    )
    child_ages: Annotated[list[int], BeforeValidator(_ages)] = Field(
        default_factory=list,
        title=asked("The children's ages"),
        description=asked(
            "With commas between, like 2, 4, 11. They decide how many rooms are needed. A company sees age groups."
        ),
    )
    ages_true_on: Day = Field(
        title=asked("The ages were right on"), description=asked("Ages are carried forward from this day.")
    )

    @model_validator(mode="after")
    def _couples_are_adults(self) -> Self:
        if 2 * self.couples > self.adults:
            raise unfit("There are more people in couples than there are adults.", field="couples")
        return self


class Stay(Answers):
    """Where the household lives while it waits."""

    kind: PlaceKind = Field(
        title=asked("Where do they live now?"), description=asked("Shows the unit which places can become free.")
    )
    place_id: UUID | None = Field(
        default=None,
        title=asked("Which place?"),
        description=asked("Leave it empty if the place is not one of the board's own."),
    )
    since: Day = Field(title=asked("Since when?"), description=asked("The stay is counted from this day."))
    ready_since: Day | None = Field(
        default=None,
        title=asked("Ready to move since"),
        description=asked("Leave it empty if they are not ready yet, or if you do not know."),
    )

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.kind is PlaceKind.ELSEWHERE and self.place_id:
            raise unfit("Choose a place only for a shelter or a support flat.", field="place_id")
        if self.ready_since and self.ready_since < self.since:
            raise unfit("They cannot have been ready before the stay began.", field="ready_since")
        return self


class HomeNeeded(Answers):
    """The home: size, cost, where and when."""

    municipalities: Annotated[list[Municipality], OneOrMore] = Field(
        min_length=1,
        title=asked("Municipalities they can live in"),
        description=asked("Only homes in these are proposed."),
    )
    rent_max: WholeNumber = Field(
        gt=0,
        le=100_000,
        title=asked("Highest rent a month, in kronor"),
        description=asked(
            "What the household can pay, with what it has been granted. Dearer homes are never proposed."
        ),
    )
    rooms_min: WholeNumber | None = Field(
        default=None,
        ge=1,
        le=10,
        title=asked("Fewest rooms, apart from the kitchen"),
        description=asked("Left empty, it follows from the household: nobody is to be crowded."),
    )
    contracts: Annotated[list[ContractForm], OneOrMore] = Field(
        default_factory=list,
        title=asked("Contract forms that will do"),
        description=asked("Choose none if any will do. A social contract also works with debts."),
    )
    move_in_from: Day | None = Field(
        default=None, title=asked("Earliest move-in"), description=asked("Left empty: as soon as possible.")
    )
    move_in_by: Day | None = Field(
        default=None,
        title=asked("Must have moved by"),
        description=asked("Leave it empty if there is no last day, or if you do not know."),
    )

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.move_in_from and self.move_in_by and self.move_in_from > self.move_in_by:
            raise unfit("The last day comes before the earliest one.", field="move_in_by")
        return self


class Safety(Answers):
    """What a home must have, and what would be good."""

    must: Annotated[list[Feature], OneOrMore] = Field(
        default_factory=list,
        title=asked("The home must have"),
        description=asked("A home where one of these is missing, or not known, is never proposed."),
    )
    wish: Annotated[list[Feature], OneOrMore] = Field(
        default_factory=list,
        title=asked("It would be good if the home had"),
        description=asked("Wishes decide between homes that are otherwise equal. They rule nothing out."),
    )
    school_m_max: WholeNumber | None = Field(
        default=None,
        ge=100,
        le=50_000,
        title=asked("Longest distance to a school, in metres"),
        description=asked("As the crow flies. Leave it empty if it does not matter, or if you do not know."),
    )

    @model_validator(mode="after")
    def _either_must_or_wish(self) -> Self:
        if set(self.must) & set(self.wish):
            raise unfit("What the home must have cannot also be a wish. Choose one of the two.", field="wish")
        return self


class Priority(Answers):
    """How soon it must happen, and for how long they have waited."""

    risk: Risk = Field(
        title=asked("Risk, by your own assessment"),
        description=asked("Decides who comes first. It is never shown outside social services."),
    )
    waiting_since: Day = Field(
        title=asked("Waiting for a home since"), description=asked("Among equals, the longest wait comes first.")
    )
    target_group: TargetGroup = Field(
        title=asked("Group in the agreements"),
        description=asked(
            "Decides which part of an agreement the home is taken from. The agreement says who belongs to which group."
        ),
    )


class NamedArea(Answers):
    """A district or a building to keep away from."""

    kind: AvoidKind = Field(title=asked("A district or a building?"))
    municipality: Municipality = Field(title=asked("Municipality"))
    name: Annotated[Line, Field(max_length=120)] = Field(
        title=asked("Its name"),
        description=asked("Choose a name from the list, or write it as the housing companies do."),
    )


class CircleArea(Answers):
    """A circle around a place: picked from a list, so that nobody types coordinates."""

    place_id: UUID = Field(title=asked("Place"), description=asked("No home near this place is proposed."))
    metres: WholeNumber = Field(
        ge=50, le=20_000, title=asked("How far away, in metres"), description=asked("As the crow flies.")
    )


class BlockedCompanies(Answers):
    """The companies that must not hear of the household."""

    blocked: Annotated[list[UUID], OneOrMore] = Field(
        default_factory=list,
        title=asked("Companies that must learn nothing of the household"),
        description=asked("Somebody there may know a person in the case. The company notices nothing."),
    )


FORMS: dict[Section, type[Household | HomeNeeded | Safety | Priority]] = {
    Section.HOUSEHOLD: Household,
    Section.HOME: HomeNeeded,
    Section.SAFETY: Safety,
    Section.PRIORITY: Priority,
}
"""The sections whose answers are the need's own columns; the stay and what to avoid are rows by themselves."""

SectionAnswers = Household | HomeNeeded | Safety | Priority
