"""A proposal's reasons and a run's refusals in the words that the form asked with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bostad.homes.features import SAFETY, Feature
from bostad.matching.crowding import rooms_for
from bostad.matching.problem import Home, Need, met_features
from bostad.placements.fitting import RULES
from bostad.words import Sentence, Word, say


class Kind(Word):
    """What sort of reason it is: what must hold looks different from what would be nice (U33)."""

    MUST = "must", say("Must")
    WISH = "wish", say("Wish")


@dataclass(frozen=True, slots=True)
class Why:
    """One thing the home was measured by, and whether it is met."""

    kind: Kind
    sentence: Sentence
    met: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a run had no home for a need: a sentence, and what single rules stood in the way."""

    sentence: Sentence
    details: tuple[Sentence, ...]


# Counted for the social worker of the case, but never put as something to give up.
SAFETY_RULES = frozenset({"district", "building", "near", "company", *(f"must:{feature}" for feature in SAFETY)})

_REASONS: Mapping[str, Sentence] = {
    "no_consent": say("There is no consent to any company that has a home now."),
    "no_home_fits": say("No home that is free now meets everything the household needs."),
    "kept_apart": say("A home would fit, but a rule about who lives near whom stands in the way."),
    "outranked": say(
        "Homes would fit, but others who come before in the order need them, or the month's quota is used."
    ),
    "together": say(
        "Homes would fit, but others who come before in the order have what could be had, or a quota or a limit is in"
        " the way."
    ),
}


def why_this_home(need: Need, home: Home) -> tuple[Why, ...]:
    """Say what the home was measured by, musts first, in the order of the form."""
    return (*_musts(need, home), *_wishes(need, home))


def why_no_home(reason: str, detail: Mapping[str, Any]) -> Refusal:
    """Say why the last run had no home; `detail` is as matching.md has it."""
    return Refusal(_REASONS[reason], tuple(_details(reason, detail)))


def rule_in_words(rule: str) -> Sentence:
    """Say one rule's refusal; `must:door_code` names its feature."""
    if rule.startswith("must:"):
        return say("“%(feature)s” is missing or not known", feature=Feature(rule.removeprefix("must:")).label)
    return RULES[rule]


def _musts(need: Need, home: Home) -> Iterator[Why]:
    yield Why(
        Kind.MUST,
        say("%(rooms)s rooms; they need at least %(needed)s.", rooms=home.rooms, needed=rooms_for(need)),
        home.rooms >= rooms_for(need),
    )
    yield Why(
        Kind.MUST,
        say("The rent is %(rent)s kr a month; their ceiling is %(ceiling)s kr.", rent=home.rent, ceiling=need.rent_max),
        home.rent <= need.rent_max,
    )
    if need.school_m_max is not None:
        far = say(
            "%(metres)s m to the nearest school as the crow flies; at most %(most)s m.",
            metres=_known(home.school_m),
            most=need.school_m_max,
        )
        yield Why(Kind.MUST, far, home.school_m is not None and home.school_m <= need.school_m_max)
    if need.avoid_districts or need.avoid_buildings or need.avoid_near:
        yield Why(Kind.MUST, say("It keeps clear of everything that is to be avoided."), met=True)
    for feature in _in_order(need.must):
        yield Why(Kind.MUST, feature.label, feature in met_features(home))
    if need.move_in_by is not None:
        yield Why(
            Kind.MUST,
            say("Free from %(free)s; they must move by %(by)s.", free=home.available_from, by=need.move_in_by),
            home.available_from <= need.move_in_by,
        )


def _wishes(need: Need, home: Home) -> Iterator[Why]:
    for feature in _in_order(need.wish):
        yield Why(Kind.WISH, feature.label, feature in met_features(home))
    if need.child_ages and need.school_m_max is None and home.school_m is not None:
        near = say("%(metres)s m to the nearest school as the crow flies.", metres=home.school_m)
        yield Why(Kind.WISH, near, met=True)


def _details(reason: str, detail: Mapping[str, Any]) -> Iterator[Sentence]:
    if reason == "outranked":
        yield say(
            "Homes that fit: %(homes)s. Needs before this one that hold what could be had,"
            " directly or through exchanges: %(held)s.",
            homes=detail["homes_fit"],
            held=detail["held_by"],
        )
        if detail.get("full_quotas") or detail.get("full_caps"):
            yield say("The month's quota is used up.")
    if reason == "together":
        yield say("Homes that fit: %(homes)s.", homes=detail["homes_fit"])
        yield say("Several boards are matched together here, so no more is said than that.")
    if reason == "no_home_fits":
        waived = detail["if_waived"].items()
        for rule, counts in sorted(waived, key=lambda item: (item[0] in SAFETY_RULES, -item[1]["homes"], item[0])):
            if counts["homes"]:
                yield say(
                    "%(homes)s homes fit in all but this: %(rule)s.", homes=counts["homes"], rule=rule_in_words(rule)
                )


def _in_order(codes: frozenset[str]) -> list[Feature]:
    return [feature for feature in Feature if feature in codes]


def _known(metres: int | None) -> object:
    return say("unknown number of") if metres is None else metres
