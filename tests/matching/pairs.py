"""Random pairs of one need and one home that every rule may keep apart."""

from random import Random
from typing import Any

from bostad.matching.problem import CONTRACTS, FEATURES, Home, Line, Need, Place, Problem
from tests.matching.cases import LISTED, a_home, a_line, a_need, a_problem, day

CIRCLES = (Place(62.0, 18.5, 900), Place(62.01, 18.5, 1000))


def random_pair(number: int) -> Problem:
    """Return the random pair of that number, with every kind of fact known or unknown."""
    dice = Random(number)  # noqa: S311 - not for secrets
    declined = frozenset({("N1", "H1")}) if dice.random() < 0.1 else frozenset()
    return a_problem(needs=(_need(dice),), homes=(_home(dice),), lines=(_line(dice),), declined=declined)


def _some(dice: Random, *choices: Any) -> frozenset[Any]:
    return frozenset(dice.sample(choices, dice.choice([0, 0, 0, 1, min(2, len(choices))])))


def _need(dice: Random) -> Need:
    adults = dice.randint(1, 4)
    return a_need(
        adults=adults,
        couples=dice.randint(0, adults // 2),
        child_ages=tuple(dice.randint(0, 17) for _ in range(dice.choice([0, 1, 2]))),
        rooms_min=dice.choice([None, 1, 2]),
        rent_max=dice.choice([8000, 7999, 12000]),
        municipalities=frozenset({"9901"}) | _some(dice, "9902", "9903"),
        avoid_districts=_some(dice, "Åsen", "STRASSE"),
        avoid_buildings=_some(dice, "Kvarteret Älgen"),
        avoid_near=_some(dice, *CIRCLES),
        blocked_companies=_some(dice, "sagobo", "fabelhus"),
        must=_some(dice, "above_ground_floor", "lift", "door_code"),
        wish=_some(dice, *FEATURES),
        school_m_max=dice.choice([None, None, 500, 2000]),
        move_in_from=dice.choice([None, day(-5), day(12)]),
        move_in_by=dice.choice([None, None, day(-1), day(0), day(20)]),
        contracts=_some(dice, *CONTRACTS),
        consents=frozenset({("sagobo", day(dice.choice([-1, 0, 30, 30])))}) | _some(dice, ("fabelhus", day(9))),
    )


def _home(dice: Random) -> Home:
    known = dice.random() < 0.8
    return a_home(
        municipality=dice.choice(["9901", "9901", "9902"]),
        district=dice.choice([None, "Åsen", "åsen", "straße", "Vättemon"]),
        building=dice.choice([None, "kvarteret älgen", "Björken"]),
        lat=62.0 if known else None,
        lon=dice.choice([18.5, 18.52, 18.6]) if known else None,
        rooms=dice.randint(2, 6),
        rent=dice.choice([6500, 7999, 8000]),
        floor=dice.choice([None, -1, 0, 1]),
        max_people=dice.choice([None, None, 2, 4]),
        has=_some(dice, "lift", *LISTED) | frozenset({"door_code"}),
        school_m=dice.choice([None, 500, 501, 9000]),
        available_from=day(dice.choice([-9, 0, 1, 20, 21, 200])),
        offer_until=dice.choice([None, None, day(-1), day(0)]),
    )


def _line(dice: Random) -> Line:
    return a_line(
        contracts=_some(dice, *CONTRACTS),
        groups=frozenset(dice.choice([["violence"], ["violence", "social"], ["social"]])),
        valid_from=day(dice.choice([-9, -9, 0, 1])),
        valid_until=dice.choice([None, day(0), day(90), day(-1)]),
    )
