"""What a home must meet to count under a quota line, and in what words it is said when it does not."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bostad.agreements.deadlines import answer_by
from bostad.homes.features import Feature
from bostad.homes.states import FeatureState
from bostad.words import Sentence, say

__all__ = ["HomeFacts", "Shortfall", "Terms", "answer_by", "shortfalls", "terms_in_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one quota line; None means that the line does not ask."""

    required: Collection[str] = ()
    school_m_max: int | None = None
    districts_excluded: Collection[str] = ()
    rent_max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFacts:
    """What is known of a home; None means that nobody knows."""

    rent: int
    floor: int | None = None
    school_m: int | None = None
    district: str | None = None
    features: Mapping[Feature, FeatureState]

    def state(self, feature: Feature) -> FeatureState:
        """Give the state of a feature; whether it lies above the ground floor is read from the floor."""
        if feature is not Feature.ABOVE_GROUND_FLOOR:
            return self.features.get(feature, FeatureState.UNKNOWN)
        if self.floor is None:
            return FeatureState.UNKNOWN
        return FeatureState.MET if self.floor >= 1 else FeatureState.NOT_MET


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One term that a home does not meet: a code to keep, and a sentence for the landlord."""

    code: str
    sentence: Sentence


def shortfalls(terms: Terms, home: HomeFacts) -> tuple[Shortfall, ...]:
    """List the terms a home does not meet, in the order of the terms. What nobody has confirmed is not met."""
    return (
        *_missing_features(terms, home),
        *_far_from_school(terms, home),
        *_wrong_district(terms, home),
        *_too_dear(terms, home),
    )


def terms_in_words(terms: Terms) -> tuple[Sentence, ...]:
    """Say the terms as sentences, in the same order."""
    sentences = [Feature(code).label for code in _in_order(terms.required)]
    if terms.school_m_max is not None:
        sentences.append(say("At most %(most)s m to the nearest school, as the crow flies", most=terms.school_m_max))
    if terms.districts_excluded:
        sentences.append(say("Not in: %(districts)s", districts=", ".join(terms.districts_excluded)))
    if terms.rent_max is not None:
        sentences.append(say("Rent of at most %(most)s kr a month", most=terms.rent_max))
    return tuple(sentences)


def _in_order(codes: Collection[str]) -> list[Feature]:
    return [feature for feature in Feature if feature.value in codes]


def _missing_features(terms: Terms, home: HomeFacts) -> Iterator[Shortfall]:
    for feature in _in_order(terms.required):
        state = home.state(feature)
        if state is FeatureState.UNKNOWN:
            yield Shortfall(f"{feature.value}:unknown", say("%(feature)s: not known", feature=feature.label))
        if state is FeatureState.NOT_MET:
            yield Shortfall(f"{feature.value}:not_met", say("%(feature)s: no", feature=feature.label))


def _far_from_school(terms: Terms, home: HomeFacts) -> Iterator[Shortfall]:
    if terms.school_m_max is None:
        return
    if home.school_m is None:
        yield Shortfall("school:unknown", say("The distance to a school: not known (no coordinates)"))
    elif home.school_m > terms.school_m_max:
        sentence = say(
            "%(metres)s m to the nearest school as the crow flies; at most %(most)s m",
            metres=home.school_m,
            most=terms.school_m_max,
        )
        yield Shortfall("school:far", sentence)


def _wrong_district(terms: Terms, home: HomeFacts) -> Iterator[Shortfall]:
    if not terms.districts_excluded:
        return
    if home.district is None:
        yield Shortfall("district:unknown", say("The district: not known"))
    elif home.district.casefold() in {name.casefold() for name in terms.districts_excluded}:
        yield Shortfall("district:excluded", say("%(district)s is left out by the terms", district=home.district))


def _too_dear(terms: Terms, home: HomeFacts) -> Iterator[Shortfall]:
    if terms.rent_max is not None and home.rent > terms.rent_max:
        sentence = say("The rent is %(rent)s kr; at most %(most)s kr", rent=home.rent, most=terms.rent_max)
        yield Shortfall("rent:high", sentence)
