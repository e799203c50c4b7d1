"""Judge a plan without the solver: every rule once more, in plain Python, from the meaning and not from other code."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from unicodedata import normalize

from bostad.matching.plan import Placement, Plan
from bostad.matching.problem import Home, Line, Need, Problem

_TWELVE = 12


@dataclass(frozen=True)
class _Case:
    """One pair to judge, with what surrounds it."""

    need: Need
    home: Home
    line: Line
    problem: Problem


def faults(problem: Problem, plan: Plan) -> list[str]:
    """Say everything that is wrong with a plan, in sentences; an empty list means that nothing is.

    Whether another plan would be better is not judged here.
    """
    needs = {need.need: need for need in problem.needs}
    homes = {home.home: home for home in problem.homes}
    lines = {line.line: line for line in problem.lines}
    found = list(_unknown(plan, needs, homes))
    if found:
        return found
    cases = {
        placement: _Case(needs[placement.need], home, lines[home.line], problem)
        for placement in plan.placements
        for home in [homes[placement.home]]
    }
    for judge in (_given_twice, _promises, _counts, _sums, _sequence, _side_rules):
        found += judge(problem, plan)
    for placement, case in cases.items():
        found += _pair_faults(placement, case)
    return found


def _unknown(plan: Plan, needs: Mapping[str, Need], homes: Mapping[str, Home]) -> Iterator[str]:
    for placement in plan.placements:
        if placement.need not in needs:
            yield f"need {placement.need} is not in the problem"
        if placement.home not in homes:
            yield f"home {placement.home} is not in the problem"


def _given_twice(_: Problem, plan: Plan) -> Iterator[str]:
    for need, times in Counter(placement.need for placement in plan.placements).items():
        if times > 1:
            yield f"need {need} was given {times} homes"
    for home, times in Counter(placement.home for placement in plan.placements).items():
        if times > 1:
            yield f"home {home} was given {times} times"


def _promises(problem: Problem, plan: Plan) -> Iterator[str]:
    in_plan = {(placement.need, placement.home) for placement in plan.placements if placement.locked}
    for need, home in sorted(set(problem.locked) - in_plan):
        yield f"the promise of home {home} to need {need} is not in the plan"
    for need, home in sorted(in_plan - set(problem.locked)):
        yield f"need {need} and home {home} are marked as locked but were never promised"


def _counts(problem: Problem, plan: Plan) -> Iterator[str]:
    """Promises may fill a line to more than its quota, but nothing may come on top."""
    agreement = {line.line: line.agreement for line in problem.lines}
    published = {home.home: home.line for home in problem.homes}
    in_line = Counter((published[placement.home], placement.locked) for placement in plan.placements)
    in_agreement: Counter[tuple[str, bool]] = Counter()
    for (name, locked), count in in_line.items():
        in_agreement[agreement[name], locked] += count
    limits = {("quota of line", line.line): (line.quota, in_line) for line in problem.lines}
    for line in problem.lines:
        if line.agreement_cap is not None:
            limits["cap of agreement", line.agreement] = (line.agreement_cap, in_agreement)
    for (kind, name), (limit, counts) in limits.items():
        new = counts[name, False]
        if new > max(0, limit - counts[name, True]):
            yield f"the {kind} {name} is {limit}, but the plan holds {new + counts[name, True]}"


def _sums(problem: Problem, plan: Plan) -> Iterator[str]:
    new = [placement for placement in plan.placements if not placement.locked]
    misfit = sum(
        placement.misfit.rooms
        + placement.misfit.rent
        + placement.misfit.wishes
        + placement.misfit.school
        + placement.misfit.days
        for placement in new
        if placement.misfit
    )
    kept = sum((placement.need, placement.home) in problem.current for placement in new)
    if plan.misfit != misfit:
        yield f"the misfit is said to be {plan.misfit}, but the parts add up to {misfit}"
    if plan.kept != kept:
        yield f"{plan.kept} proposals are said to be kept, but {kept} are"


def _sequence(problem: Problem, plan: Plan) -> Iterator[str]:
    """Placements stand in the order of needs: risk, children, waiting time, id."""
    steps = {"acute": 1, "high": 2, "standard": 3}
    place = {
        need.need: (steps[need.risk], 0 if need.child_ages else 1, need.waiting_since, need.need)
        for need in problem.needs
    }
    in_plan = [place[placement.need] for placement in plan.placements]
    for before, after in pairwise(in_plan):
        if before > after:
            yield f"need {after[-1]} stands after need {before[-1]}, who comes later in the order"


def _side_rules(problem: Problem, _: Plan) -> Iterator[str]:
    if problem.apart or any(line.building_cap is not None for line in problem.lines):
        yield "building caps and keep-apart pairs cannot be checked yet"


def _pair_faults(placement: Placement, case: _Case) -> Iterator[str]:
    who = f"need {placement.need} in home {placement.home}"
    if placement.line != case.home.line:
        yield f"{who}: the home is published under line {case.home.line}, not {placement.line}"
    if placement.locked:
        if placement.misfit is not None:
            yield f"{who}: a promise made already has no misfit"
        return
    yield from (f"{who}: {why}" for why, broken in _broken(case).items() if broken)
    said, is_so = placement.misfit, _misfit(case)
    if said is None:
        yield f"{who}: the misfit is missing"
    elif (said.rooms, said.rent, said.wishes, said.school, said.days) != is_so:
        yield f"{who}: the parts of the misfit are {is_so}"


def _broken(case: _Case) -> dict[str, bool]:
    """Return for each rule of a pair whether it is broken."""
    need, home, line, today = case.need, case.home, case.line, case.problem.run_date
    met = _met(home)
    return {
        "no consent": not any(company == home.company and until >= today for company, until in need.consents),
        "declined before": (need.need, home.home) in case.problem.declined,
        "the line is not valid": today < line.valid_from or (line.valid_until is not None and today > line.valid_until),
        "the line is for other groups": need.group not in line.groups,
        "another municipality": home.municipality not in need.municipalities,
        "a blocked company": home.company in need.blocked_companies,
        "no contract in common": bool(need.contracts and line.contracts) and not need.contracts & line.contracts,
        "an avoided or unknown district": _avoided_district(need, home),
        "an avoided or unknown building": _avoided_building(need, home),
        "too near a place to avoid": _too_near(need, home),
        "a feature she must have": any(feature not in met for feature in need.must),
        "too few rooms": home.rooms < _rooms(need),
        "too many people": home.max_people is not None and need.adults + len(need.child_ages) > home.max_people,
        "too high a rent": home.rent > need.rent_max,
        "too far to school": need.school_m_max is not None
        and (home.school_m is None or home.school_m > need.school_m_max),
        "not free in time": need.move_in_by is not None and today <= need.move_in_by < home.available_from,
        "no longer to be had": home.offer_until is not None and home.offer_until < today,
    }


def _met(home: Home) -> set[str]:
    met = {feature for feature in home.has if feature != "above_ground_floor"}
    if home.floor is not None and home.floor > 0:
        met.add("above_ground_floor")
    return met


def _avoided_district(need: Need, home: Home) -> bool:
    if not need.avoid_districts:
        return False
    return not home.district or _same(home.district) in map(_same, need.avoid_districts)


def _avoided_building(need: Need, home: Home) -> bool:
    if not need.avoid_buildings:
        return False
    if not home.building:
        return True
    return home.municipality in need.municipalities and _same(home.building) in map(_same, need.avoid_buildings)


def _same(name: str) -> str:
    return normalize("NFC", name.strip()).casefold()


def _too_near(need: Need, home: Home) -> bool:
    for lat, lon, metres in need.avoid_near:
        if home.lat is None or home.lon is None or _metres(lat, lon, home.lat, home.lon) <= metres:
            return True
    return False


def _metres(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance (haversine, mean earth radius)."""
    across, along = radians(lat_b - lat_a), radians(lon_b - lon_a)
    chord = sin(across / 2) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(along / 2) ** 2
    return 2 * 6_371_008.8 * asin(min(1.0, sqrt(chord)))


def _rooms(need: Need) -> int:
    if need.rooms_min is not None:
        return need.rooms_min
    if need.adults == 1 and len(need.child_ages) == 0:
        return 1
    small = len([age for age in need.child_ages if age < _TWELVE])
    return 1 + (need.adults - need.couples) + -(-small // 2) + len(need.child_ages) - small


def _misfit(case: _Case) -> tuple[int, int, int, int, int]:
    need, home = case.need, case.home
    school = 0
    if need.child_ages:
        school = 20 if home.school_m is None else min(20, home.school_m // 250)
    ready = max(case.problem.run_date, need.move_in_from or case.problem.run_date)
    wait = max(timedelta(0), home.available_from - ready).days
    return (
        12 * (home.rooms - _rooms(need)),
        20 * home.rent // need.rent_max,
        6 * len(need.wish - _met(home)),
        school,
        min(30, wait // 3),
    )
