"""Judge a plan without the solver: every rule once more, in plain Python, from the meaning and not from other code."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from unicodedata import normalize

from bostad.matching.candidates import Candidates
from bostad.matching.check_misfit import features_met, rooms_asked
from bostad.matching.check_proof import proof_faults
from bostad.matching.check_side_proof import side_proof_faults
from bostad.matching.check_side_rules import side_rule_faults
from bostad.matching.plan import Placement, Plan
from bostad.matching.problem import Home, Line, Need, Problem

LISTS_JUDGED_WHOLE = 2_500
"""Up to so many pairs of a need and a home, the proof's list of those that fit is judged pair by pair too."""


@dataclass(frozen=True)
class _Case:
    """One pair to judge, with what surrounds it."""

    need: Need
    home: Home
    line: Line
    problem: Problem


def faults(problem: Problem, plan: Plan) -> list[str]:
    """Say everything that is wrong with a plan, in sentences; an empty list means that nothing is.

    Whether another plan would be better is judged by the proof that comes with it, if there is one.
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
    for judge in (_given_twice, _promises, _counts, _sums, _sequence, side_rule_faults):
        found += judge(problem, plan)
    for placement, case in cases.items():
        found += _pair_faults(placement, case)
    if not found and plan.proof is not None:
        found += proof_faults(problem, plan, plan.proof)
        found += _list_faults(problem, plan.proof.candidates)
    if not found and plan.side_proof is not None:
        found += side_proof_faults(problem, plan, plan.side_proof)
        found += _list_faults(problem, plan.side_proof.candidates)
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


def _list_faults(problem: Problem, candidates: Candidates) -> Iterator[str]:
    """Judge the list of pairs that fit, where it is short enough to do so in plain Python."""
    if len(problem.needs) * len(problem.homes) > LISTS_JUDGED_WHOLE:
        return
    lines = {line.line: line for line in problem.lines}
    needs, homes = ({promise[side] for promise in problem.locked} for side in (0, 1))
    for place, row in enumerate(candidates.needs.tolist()):
        need, listed = problem.needs[row], set(candidates.of(place).tolist())
        for number, home in enumerate(problem.homes):
            takes_part = need.need not in needs and home.home not in homes
            fit = takes_part and not any(_broken(_Case(need, home, lines[home.line], problem)).values())
            if fit != (number in listed):
                yield f"the proof says of need {need.need} and home {home.home} that they {'do not ' * fit}fit"


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
    met = features_met(home)
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
        "too few rooms": home.rooms < rooms_asked(need),
        "too many people": home.max_people is not None and need.adults + len(need.child_ages) > home.max_people,
        "too high a rent": home.rent > need.rent_max,
        "too far to school": need.school_m_max is not None
        and (home.school_m is None or home.school_m > need.school_m_max),
        "not free in time": need.move_in_by is not None and today <= need.move_in_by < home.available_from,
        "no longer to be had": home.offer_until is not None and home.offer_until < today,
    }


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


def _misfit(case: _Case) -> tuple[int, int, int, int, int]:
    need, home = case.need, case.home
    school = 0
    if need.child_ages:
        school = 20 if home.school_m is None else min(20, home.school_m // 250)
    ready = max(case.problem.run_date, need.move_in_from or case.problem.run_date)
    wait = max(timedelta(0), home.available_from - ready).days
    return (
        12 * (home.rooms - rooms_asked(need)),
        20 * home.rent // need.rent_max,
        6 * len(need.wish - features_met(home)),
        school,
        min(30, wait // 3),
    )
