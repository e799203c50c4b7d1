"""The form of a home, for one flat on a page or for a row of a spreadsheet: what is asked, why, and what is read."""

import re
import unicodedata
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bostad.answers import Answers, Day, Line, Ticked, WholeNumber, asked, unfit
from bostad.homes.apartment_number import floor_of, is_apartment_number, probably_meant
from bostad.homes.features import STATED, Feature
from bostad.homes.states import FeatureSource, FeatureState, WithdrawnBecause

_STATES = {
    FeatureState.MET: {"met", "ja", "j", "yes", "y", "x", "1", "sant", "true", "finns"},
    FeatureState.NOT_MET: {"not_met", "nej", "n", "no", "0", "falskt", "false", "saknas"},
    FeatureState.UNKNOWN: {"unknown", "vet ej", "vet inte", "okänt", "?", "-"},
}
# A pair of numbers far outside Sweden is mistyped, or latitude and longitude have changed places.
_NORTH, _EAST = (54, 70), (10, 25)
_UNIT = re.compile(r"(?i)\s*(kr|kronor|sek|:-|m2|kvm)(/m[åa]n\w*)?\.?$")
_DECIMAL = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,10})?")


def _state(answer: object) -> object:
    """Read a feature's state as people write it in a list."""
    if not isinstance(answer, str) or isinstance(answer, FeatureState):
        return answer
    word = " ".join(answer.casefold().split())
    for state, words in _STATES.items():
        if word in words:
            return state
    raise unfit("Write yes, no or not known.", meant="ja | nej | vet ej")


def _number(answer: object) -> Decimal | None:
    """Read a number with a decimal comma or point, with or without spaces and a unit."""
    if not isinstance(answer, str):
        return Decimal(str(answer)) if isinstance(answer, int | float) else None
    bare = _UNIT.sub("", unicodedata.normalize("NFKC", answer).strip())
    bare = re.sub(r"[\s']", "", bare)
    return Decimal(bare.replace(",", ".")) if _DECIMAL.fullmatch(bare) else None


def _kronor(answer: object) -> object:
    """Read an amount in whole kronor; öre are rounded up, so that no rent seems lower than it is."""
    amount = _number(answer)
    if amount is None:
        raise unfit("Write the rent in digits, like 7 500 or 7500,00.")
    return int(amount.to_integral_value(ROUND_CEILING))


def _square_metres(answer: object) -> object:
    """Read an area in whole square metres, rounded down."""
    area = _number(answer)
    if area is None:
        raise unfit("Write the area in digits, like 62 or 62,5.")
    return int(area.to_integral_value(ROUND_FLOOR))


def _degrees(answer: object) -> object:
    """Read a coordinate in decimal degrees."""
    degrees = _number(answer)
    if degrees is None:
        raise unfit("Write decimal degrees (WGS 84), like 62,00126.")
    return float(degrees)


def _apartment_number(answer: object) -> object:
    if not isinstance(answer, str):
        return answer
    bare = re.sub(r"(?i)^(lgh|lägenhet)?\s*(nr)?\.?\s*", "", answer.strip())
    if not is_apartment_number(bare):
        raise unfit("Write four digits, like 1102: one floor up, second door.", meant=probably_meant(bare))
    return bare


def _municipality(code: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", code):
        raise unfit("Write the municipality's code, four digits.")
    return code


def _name(answer: str) -> str:
    return " ".join(answer.split())


State = Annotated[FeatureState, BeforeValidator(_state)]
ShortName = Annotated[Line, Field(max_length=120), AfterValidator(_name)]


def _stated(feature: Feature) -> Any:
    return Field(default=FeatureState.UNKNOWN, title=feature.label.msgid)


class StatedFeatures(Answers):
    """What is known of each feature; what nobody answers is not known."""

    not_reachable_from_ground: State = _stated(Feature.NOT_REACHABLE)
    door_code: State = _stated(Feature.DOOR_CODE)
    intercom: State = _stated(Feature.INTERCOM)
    security_door: State = _stated(Feature.SECURITY_DOOR)
    peephole: State = _stated(Feature.PEEPHOLE)
    lift: State = _stated(Feature.LIFT)
    step_free: State = _stated(Feature.STEP_FREE)
    second_way_out: State = _stated(Feature.SECOND_WAY_OUT)
    lockable_room: State = _stated(Feature.LOCKABLE_ROOM)
    pets: State = _stated(Feature.PETS)
    balcony: State = _stated(Feature.BALCONY)
    parking: State = _stated(Feature.PARKING)
    bathtub: State = _stated(Feature.BATHTUB)
    laundry_in_home: State = _stated(Feature.LAUNDRY_IN_HOME)

    @property
    def states(self) -> dict[Feature, FeatureState]:
        """Give the features that were answered; a row that says nothing of one changes nothing about it."""
        return {feature: getattr(self, feature.value) for feature in STATED if feature.value in self.model_fields_set}


class HomeAnswers(StatedFeatures):
    """A flat as its company describes it."""

    line_id: UUID = Field(title=asked("Line of the agreement"), description=asked("Which agreed homes this is one of."))
    month: Day = Field(title=asked("Month"), description=asked("The month whose agreed homes this is one of."))
    object_number: Annotated[Line, Field(max_length=40)] = Field(
        title=asked("Object number"), description=asked("Your own number for the flat.")
    )
    address: ShortName = Field(
        title=asked("Street address"), description=asked("Shown to social services when the home is proposed.")
    )
    apartment_number: Annotated[str, BeforeValidator(_apartment_number)] | None = Field(
        default=None,
        title=asked("Apartment number"),
        description=asked("Four digits. The floor is read from it. Leave it empty if the house has none."),
    )
    floor: WholeNumber | None = Field(
        default=None,
        ge=-5,
        le=60,
        title=asked("Floor"),
        description=asked("0 is the entrance floor. Leave it empty if you gave the apartment number."),
    )
    rooms: WholeNumber = Field(ge=1, le=20, title=asked("Rooms, apart from the kitchen"))
    area_m2: Annotated[int, BeforeValidator(_square_metres)] | None = Field(
        default=None, ge=1, le=1_000, title=asked("Area, in square metres")
    )
    rent: Annotated[int, BeforeValidator(_kronor)] = Field(ge=1, le=100_000, title=asked("Rent a month, in kronor"))
    max_people: WholeNumber | None = Field(
        default=None,
        ge=1,
        le=30,
        title=asked("Most people"),
        description=asked("Leave it empty if you have no limit."),
    )
    available_from: Day = Field(title=asked("Free from"))
    offer_until: Day | None = Field(
        default=None,
        title=asked("Last day to accept"),
        description=asked("After this day the home leaves by itself. Leave it empty if there is no last day."),
    )
    municipality: Annotated[Line, AfterValidator(_municipality)] = Field(title=asked("Municipality code"))
    district: ShortName | None = Field(
        default=None,
        title=asked("District"),
        description=asked("Needed for the matching: write it the same way for every home there."),
    )
    building: ShortName | None = Field(default=None, title=asked("Building or block"))
    lat: Annotated[float, BeforeValidator(_degrees)] | None = Field(
        default=None,
        title=asked("Latitude"),
        description=asked("In decimal degrees. The distance to a school is measured from here."),
    )
    lon: Annotated[float, BeforeValidator(_degrees)] | None = Field(default=None, title=asked("Longitude"))
    source: FeatureSource = Field(default=FeatureSource.STAFF, title=asked("How do you know about the features?"))

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.month.day != 1:
            raise unfit("Choose one of the months.", field="month")
        if (self.lat is None) != (self.lon is None):
            raise unfit("Write both latitude and longitude, or neither.", field="lon" if self.lon is None else "lat")
        if self.lat is not None and self.lon is not None and not _in_sweden(self.lat, self.lon):
            raise unfit("This place is not in Sweden: latitude is 55 to 69, longitude 11 to 24.", field="lat")
        self._floors_agree()
        return self

    def _floors_agree(self) -> None:
        if self.floor is None or self.apartment_number is None:
            return
        read = floor_of(self.apartment_number)
        if read != self.floor:
            raise unfit(
                "Apartment number %(number)s is on floor %(read)s, but the floor is given as %(stated)s. Correct one.",
                field="floor",
                number=self.apartment_number,
                read=read,
                stated=self.floor,
            )

    @property
    def floor_known(self) -> int | None:
        """Give the floor: as stated, else as the apartment number tells."""
        if self.floor is None and self.apartment_number is not None:
            return floor_of(self.apartment_number)
        return self.floor

    def columns(self) -> dict[str, Any]:
        """Give the home's own columns."""
        features = set(StatedFeatures.model_fields)
        values = {name: value for name, value in self.model_dump().items() if name not in features}
        del values["source"]
        return values | {"floor": self.floor_known}


class ListChoices(Answers):
    """What is chosen for a whole list of homes."""

    month: Day = Field(title=asked("Month"), description=asked("The month whose agreed homes these are."))
    line_id: UUID | None = Field(
        default=None,
        title=asked("Line of the agreement"),
        description=asked("For rows that name none themselves."),
    )
    keep_good: Ticked = Field(
        default=False,
        title=asked("Publish the rows that are right even if others are wrong"),
        description=asked("Otherwise nothing is written until every row is right."),
    )


class Withdrawal(Answers):
    """Why a home is taken back."""

    because: WithdrawnBecause = Field(title=asked("Why is it withdrawn?"))


def _in_sweden(lat: float, lon: float) -> bool:
    return _NORTH[0] <= lat <= _NORTH[1] and _EAST[0] <= lon <= _EAST[1]
