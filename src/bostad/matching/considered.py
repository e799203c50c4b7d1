"""For each need without a home: the homes that could have housed her, and what stood between. Said of homes alone."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bostad.matching.candidates import Candidates, open_pairs, rows_in_the_run
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.relation import Ints
from bostad.matching.waivers import WAIVABLE, near_misses

MOST = 40
"""Homes told of for one need: more than that nobody reads."""
AT_MOST_PAIRS = 50_000_000
"""Above so many pairs of a need and a home, those that one rule keeps apart are not listed one by one."""


class Obstacle(StrEnum):
    """What keeps a need from a home that fits her."""

    HELD = "held"
    """others hold it who come before her, or would have to give way to one who does"""
    QUOTA = "quota"
    CAP = "cap"
    SIDE_RULE = "side_rule"


@dataclass(frozen=True)
class Considered:
    """One home beside one need: a rule of eligibility, or an obstacle to a pair that fits."""

    home: str
    because: str
    hers: bool | None
    """whether it would be hers if that were not so; None where it is not known"""


def considered(problem: Problem, plan: Plan) -> Mapping[str, tuple[Considered, ...]]:
    """Give by need, for those without a home, the homes that fit and those that one rule alone keeps from her."""
    allowed = plan.proof.candidates if plan.proof else open_pairs(problem)
    with_home = {placement.need for placement in plan.placements}
    waiting = [problem.needs[row].need not in with_home for row in allowed.needs.tolist()]
    places = np.flatnonzero(np.array(waiting, dtype=np.bool_))
    found: dict[str, list[Considered]] = {problem.needs[int(allowed.needs[place])].need: [] for place in places}
    obstacle = _obstacles(problem, plan)
    for place in places.tolist():
        homes = [problem.homes[row].home for row in allowed.of(place)[:MOST].tolist()]
        need = problem.needs[int(allowed.needs[place])].need
        found[need] += [Considered(home, obstacle(home), hers=None) for home in homes]
    for need, one in _one_rule_away(problem, plan, allowed, places):
        if len(found[need]) < MOST:
            found[need].append(one)
    return {need: tuple(homes) for need, homes in found.items()}


def _obstacles(problem: Problem, plan: Plan) -> Callable[[str], Obstacle]:
    """Return what tells why a home that fits is not to be had."""
    taken = {placement.home for placement in plan.placements}
    lines = {line.line: line for line in problem.lines}
    line_of = {home.home: lines[home.line] for home in problem.homes}
    in_line = Counter(placement.line for placement in plan.placements)
    in_agreement = Counter(lines[placement.line].agreement for placement in plan.placements)

    def obstacle(home: str) -> Obstacle:
        line = line_of[home]
        if home in taken:
            return Obstacle.HELD
        if in_line[line.line] >= line.quota:
            return Obstacle.QUOTA
        if line.agreement_cap is not None and in_agreement[line.agreement] >= line.agreement_cap:
            return Obstacle.CAP
        return Obstacle.SIDE_RULE

    return obstacle


def _one_rule_away(problem: Problem, plan: Plan, allowed: Candidates, places: Ints) -> Iterator[tuple[str, Considered]]:
    """Yield the pairs that one rule keeps apart, those she would get first."""
    if len(places) * len(problem.homes) > AT_MOST_PAIRS:
        return
    misses = near_misses(allowed.facts, allowed.needs[places], rows_in_the_run(problem)[1])
    hers = plan.proof.threshold[misses.home] > places[misses.position] if plan.proof else None
    turn = np.lexsort([misses.home, misses.rule, np.zeros(len(misses.home)) if hers is None else ~hers])
    for at in turn.tolist():
        need = problem.needs[int(allowed.needs[places[misses.position[at]]])].need
        home = problem.homes[int(misses.home[at])].home
        yield need, Considered(home, WAIVABLE[int(misses.rule[at])], None if hers is None else bool(hers[at]))
