"""Seeded instances with the shape of a country: 290 municipalities in 21 counties of unequal size, all invented."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bostad.matching.problem import FEATURES, RISKS, Apart, Home, Line, Need, Place, Problem

Ints = NDArray[np.int64]

RUN_DATE = date(2026, 11, 21)
SIZES = {
    "S": (50, 12),
    "M": (1_000, 300),
    "L": (20_000, 3_000),
    "XL": (100_000, 20_000),
    "XXL": (300_000, 60_000),
}
"""Needs and homes."""
COUNTIES, MUNICIPALITIES, NATIONAL_COMPANIES = 21, 290, 4
_LISTED = FEATURES[1:]
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Country:
    """Which municipalities there are, how large a share each has, its county and its companies."""

    codes: list[str]
    share: NDArray[np.float64]
    county: Ints
    companies: list[list[str]]


def instance(size: str, seed: int = 1, *, side_rules: bool = False) -> Problem:
    """Return the instance of that size and seed; with side rules also building caps, and 1 % of needs kept apart."""
    needs, homes = SIZES[size]
    dice = np.random.default_rng([seed, needs])
    country = _country(dice, min(MUNICIPALITIES, max(3, homes // 4)))
    lines = _lines(country, dice, homes)
    found = _homes(country, lines, dice, homes)
    problem = Problem(needs=_needs(country, dice, needs), homes=found, lines=lines, run_date=RUN_DATE)
    return _with_side_rules(problem, dice) if side_rules else problem


def _country(dice: np.random.Generator, municipalities: int) -> _Country:
    size = (1 + np.arange(municipalities)) ** -0.7 * dice.uniform(0.7, 1.3, municipalities)
    county = np.sort(dice.integers(0, COUNTIES, municipalities))
    dice.shuffle(county)
    national = [f"national-{number}" for number in range(NATIONAL_COMPANIES)]
    own = [
        [f"company-{row:03}", *dice.choice(national, dice.integers(0, 3), replace=False).tolist()]
        for row in range(municipalities)
    ]
    return _Country([f"{1000 + row}" for row in range(municipalities)], size / size.sum(), county, own)


def _lines(country: _Country, dice: np.random.Generator, homes: int) -> tuple[Line, ...]:
    """Give each municipality an agreement with two lines, one for violence alone, that hold most of its homes."""
    lines = []
    for row, code in enumerate(country.codes):
        expected = max(1, round(homes * float(country.share[row])))
        cap = max(1, round(expected * dice.uniform(0.7, 1.1)))
        for name, groups, share in (("v", ["violence"], 0.5), ("a", ["violence", "social", "arrivals"], 0.7)):
            lines.append(
                Line(
                    line=f"{code}-{name}",
                    agreement=f"A{code}",
                    groups=frozenset(groups),
                    quota=max(1, round(expected * share * dice.uniform(0.6, 1.2))),
                    agreement_cap=cap if dice.random() < 0.5 else None,
                    valid_from=RUN_DATE - timedelta(days=300),
                )
            )
    caps = {line.agreement: line.agreement_cap for line in lines}
    return tuple(replace(line, agreement_cap=caps[line.agreement]) for line in lines)


def _homes(country: _Country, lines: tuple[Line, ...], dice: np.random.Generator, count: int) -> tuple[Home, ...]:
    where = dice.choice(len(country.codes), count, p=country.share)
    rooms = dice.choice([1, 2, 3, 4, 5], count, p=[0.15, 0.35, 0.3, 0.15, 0.05])
    rent = 3000 + 1700 * rooms + dice.integers(-800, 2500, count)
    floor, free, school = dice.integers(0, 7, count), dice.integers(-20, 90, count), dice.integers(50, 6000, count)
    under, owner, house, known = (dice.random(count) for _ in range(4))
    lat, lon = dice.uniform(-0.05, 0.05, (2, count))
    features = dice.random((count, len(_LISTED))) < 0.45
    homes = []
    for row in range(count):
        place = int(where[row])
        building = int(house[row] * max(2, count * country.share[place] / 6))
        companies = country.companies[place]
        homes.append(
            Home(
                home=f"H{row:06}",
                line=lines[2 * place + int(under[row] < 0.55)].line,
                company=companies[int(owner[row] ** 1.5 * len(companies))],
                municipality=country.codes[place],
                district=f"district {building % 12}",
                building=f"house {building}" if known[row] < 0.95 else None,
                lat=round(56 + place * 0.03 + float(lat[row]), 6),
                lon=round(14 + float(lon[row]), 6),
                rooms=int(rooms[row]),
                rent=int(rent[row]),
                floor=int(floor[row]),
                has=frozenset(feature for feature, has in zip(_LISTED, features[row], strict=True) if has),
                school_m=int(school[row]),
                available_from=RUN_DATE + timedelta(days=int(free[row])),
            )
        )
    return tuple(homes)


def _needs(country: _Country, dice: np.random.Generator, count: int) -> tuple[Need, ...]:
    home_town = dice.choice(len(country.codes), count, p=country.share)
    reach, consenting = dice.random(count), dice.random((count, 2))
    others = dice.choice(len(country.codes), (count, 2), p=country.share)
    risk = dice.choice(3, count, p=[0.1, 0.35, 0.55])
    children, ages = dice.choice(5, count, p=[0.4, 0.25, 0.2, 0.1, 0.05]), dice.integers(0, 18, (count, 4))
    rent, waited, by = dice.integers(5_500, 11_500, count), dice.integers(0, 700, count), dice.integers(20, 400, count)
    must, wish = dice.random((count, len(FEATURES))) < 0.08, dice.random((count, len(FEATURES))) < 0.12
    avoids, group, hour = dice.random((count, 4)), dice.choice(3, count, p=[0.5, 0.3, 0.2]), dice.integers(0, 12, count)
    by_county = [np.flatnonzero(country.county == county).tolist() for county in range(COUNTIES)]
    needs = []
    for row in range(count):
        places = _lives_in(country, int(home_town[row]), others[row].tolist(), float(reach[row]), by_county)
        companies = sorted({name for place in places for name in country.companies[place]})
        refuses = {name for name in companies if name.startswith("national") and consenting[row, 0] < 0.3}
        here = f"{56 + int(home_town[row]) * 0.03:.3f}"
        needs.append(
            Need(
                need=f"N{row:06}",
                risk=RISKS[int(risk[row])],
                waiting_since=RUN_DATE - timedelta(days=int(waited[row])),
                adults=1,
                child_ages=tuple(ages[row, : children[row]].tolist()),
                rent_max=int(rent[row]) + 900 * int(children[row]),
                municipalities=frozenset(country.codes[place] for place in places),
                group=("violence", "social", "arrivals")[int(group[row])],
                avoid_districts=frozenset({f"district {hour[row]}"}) if avoids[row, 0] < 0.15 else _NOTHING,
                avoid_near=frozenset({Place(float(here), 14.0, 1500)}) if avoids[row, 1] < 0.05 else frozenset(),
                must=frozenset(feature for feature, has in zip(FEATURES, must[row], strict=True) if has),
                wish=frozenset(feature for feature, has in zip(FEATURES, wish[row], strict=True) if has),
                school_m_max=3000 if children[row] and avoids[row, 2] < 0.2 else None,
                move_in_by=RUN_DATE + timedelta(days=int(by[row])) if avoids[row, 3] < 0.5 else None,
                consents=frozenset((name, RUN_DATE + timedelta(days=90)) for name in companies if name not in refuses)
                if consenting[row, 1] < 0.95
                else frozenset(),
            )
        )
    return tuple(needs)


def _lives_in(country: _Country, town: int, others: list[int], reach: float, by_county: list[list[int]]) -> list[int]:
    """Return where she can live: most accept one to three municipalities, a few their county or the whole country."""
    if reach < 0.003:
        return list(range(len(country.codes)))
    if reach < 0.03:
        return sorted({town, *by_county[int(country.county[town])]})
    return sorted({town, *others[: int(reach * 3)]})


def _with_side_rules(problem: Problem, dice: np.random.Generator) -> Problem:
    """Cap the buildings of every tenth line, and keep 1 % of needs apart, two and two."""
    capped = dice.random(len(problem.lines)) < 0.1
    lines = tuple(replace(line, building_cap=2) if capped[row] else line for row, line in enumerate(problem.lines))
    apart = []
    kept = dice.choice(len(problem.needs), len(problem.needs) // 100, replace=False).tolist()
    for one, other in zip(kept[::2], kept[1::2], strict=False):
        scope = ("building", "district", "municipality")[int(dice.integers(0, 3))]
        apart.append(Apart(need_a=problem.needs[one].need, need_b=problem.needs[other].need, scope=scope))
    return replace(problem, lines=lines, apart=tuple(apart))
