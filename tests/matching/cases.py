"""Small problems: one need and one home that fit, to change at will, and random ones by number."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Any

from bostad.matching.problem import FEATURES, RISKS, SCOPES, Apart, Home, Line, Need, Pair, Problem

TODAY = date(2026, 11, 21)
LISTED = FEATURES[1:]


def day(days: int) -> date:
    """Return the day so many days after the run date."""
    return TODAY + timedelta(days=days)


def a_need(need: str = "N1", **changes: Any) -> Need:
    """Return a need that fits `a_home()`."""
    facts: dict[str, Any] = {
        "risk": "high",
        "waiting_since": day(-80),
        "adults": 1,
        "child_ages": (5, 9),
        "rent_max": 9000,
        "municipalities": frozenset({"9901"}),
        "group": "violence",
        "consents": frozenset({("sagobo", day(30))}),
    }
    return Need(need=need, **{**facts, **changes})


def a_home(home: str = "H1", **changes: Any) -> Home:
    """Return a home that fits `a_need()`."""
    facts: dict[str, Any] = {
        "line": "L1",
        "company": "sagobo",
        "municipality": "9901",
        "rooms": 3,
        "rent": 8000,
        "available_from": day(10),
    }
    return Home(home=home, **{**facts, **changes})


def a_line(line: str = "L1", **changes: Any) -> Line:
    """Return the line that `a_home()` stands under."""
    facts: dict[str, Any] = {
        "agreement": "A1",
        "groups": frozenset({"violence"}),
        "quota": 5,
        "valid_from": day(-365),
    }
    return Line(line=line, **{**facts, **changes})


def a_problem(**changes: Any) -> Problem:
    """Return a problem of one need and one home, unless told otherwise."""
    facts: dict[str, Any] = {"needs": (a_need(),), "homes": (a_home(),), "lines": (a_line(),), "run_date": TODAY}
    return Problem(**{**facts, **changes})


def random_problem(number: int, most_needs: int = 6, most_homes: int = 5) -> Problem:
    """Return the random problem of that number: mostly about quotas, caps and who wants what."""
    dice = Random(number)  # noqa: S311 - not for secrets
    needs = tuple(_random_need(f"N{row}", dice) for row in range(dice.randint(3, most_needs)))
    lines = _random_lines(dice)
    homes = tuple(_random_home(f"H{row}", dice.choice(lines).line, dice) for row in range(dice.randint(3, most_homes)))
    pairs = [(need.need, home.home) for need in needs for home in homes]
    return Problem(
        needs=needs,
        homes=homes,
        lines=lines,
        run_date=TODAY,
        locked=_random_promises(pairs, dice),
        declined=frozenset(pair for pair in pairs if dice.random() < 0.1),
        current=frozenset(pair for pair in pairs if dice.random() < 0.4),
    )


def random_problem_with_side_rules(number: int, most_needs: int = 6, most_homes: int = 6) -> Problem:
    """Return the random problem of that number with homes in a few buildings, some capped, and needs to keep apart."""
    problem = random_problem(number, most_needs, most_homes)
    dice = Random(-number - 1)  # noqa: S311 - not for secrets
    needs = tuple(replace(need, municipalities=frozenset({"9901", "9902"})) for need in problem.needs)
    homes = tuple(
        replace(
            home,
            municipality=dice.choice(["9901", "9901", "9902"]),
            district=dice.choice([None, "Åsen", "Vättemon", "Björken", "Älgen"]),
            building=dice.choice([None, "one", "one", "two", "three"]),
        )
        for home in problem.homes
    )
    lines = tuple(replace(line, building_cap=dice.choice([None, None, 1, 1, 2])) for line in problem.lines)
    sisters = list(combinations([need.need for need in needs], 2))
    apart = tuple(
        Apart(need_a=one, need_b=other, scope=dice.choice(SCOPES))
        for one, other in dice.sample(sisters, min(len(sisters), dice.choice([0, 1, 2, 4])))
    )
    return replace(problem, needs=needs, homes=homes, lines=lines, apart=apart)


def _random_promises(pairs: list[Pair], dice: Random) -> tuple[Pair, ...]:
    promised: list[Pair] = []
    for need, home in dice.sample(pairs, dice.choice([0, 0, 0, 1, 2])):
        if all(need != other and home != taken for other, taken in promised):
            promised.append((need, home))
    return tuple(promised)


def _random_lines(dice: Random) -> tuple[Line, ...]:
    caps = {agreement: dice.choice([None, 0, 1, 2, 3, 4]) for agreement in ("A1", "A2")}
    agreements = [dice.choice(["A1", "A2"]) for _ in range(dice.randint(1, 3))]
    return tuple(
        a_line(
            f"L{row}",
            agreement=agreement,
            agreement_cap=caps[agreement],
            quota=dice.choice([0, 1, 2, 2, 3, 3]),
            groups=frozenset(dice.sample(["violence", "social"], dice.choice([1, 2, 2]))),
        )
        for row, agreement in enumerate(agreements)
    )


def _random_need(need: str, dice: Random) -> Need:
    return a_need(
        need,
        risk=dice.choice(RISKS),
        waiting_since=day(-dice.randint(0, 3)),
        child_ages=tuple(dice.randint(0, 17) for _ in range(dice.choice([0, 0, 0, 1, 2]))),
        rooms_min=dice.choice([None, None, 1, 2]),
        rent_max=dice.choice([7000, 9000, 11000, 11000]),
        group=dice.choice(["violence", "violence", "violence", "social"]),
        must=frozenset(dice.sample(FEATURES, dice.choice([0, 0, 0, 1]))),
        wish=frozenset(dice.sample(FEATURES, dice.randint(0, 3))),
        consents=frozenset({("sagobo", day(dice.choice([-1, *[0, 30] * 4])))}),
    )


def _random_home(home: str, line: str, dice: Random) -> Home:
    return a_home(
        home,
        line=line,
        rooms=dice.randint(3, 5),
        rent=dice.choice([5000, 6900, 6900, 8000, 10000]),
        floor=dice.choice([None, 0, 1, 2]),
        has=frozenset(dice.sample(LISTED, 11)),
        school_m=dice.choice([None, 300, 2000]),
        available_from=day(dice.randint(-5, 60)),
    )
