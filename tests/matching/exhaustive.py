"""Every plan there is, one by one: slow, and too simple to be wrong."""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bostad.matching.check import faults
from bostad.matching.check_side_rules import side_rule_faults
from bostad.matching.misfit import parts
from bostad.matching.plan import Placement, Plan
from bostad.matching.problem import Need, Pair, Problem

Choice = dict[str, str]
"""Which home each need gets."""


def in_order(problem: Problem) -> list[Need]:
    """Return the needs, the one to be housed first at the front."""
    needs = sorted(problem.needs, key=lambda need: need.need)
    needs.sort(key=lambda need: need.waiting_since)
    needs.sort(key=lambda need: 0 if len(need.child_ages) > 0 else 1)
    return sorted(needs, key=lambda need: {"acute": 0, "high": 1, "standard": 2}[need.risk])


def plan_of(problem: Problem, choice: Choice) -> Plan:
    """Return the plan in which these needs get these homes, with the sums as they should be."""
    locked = dict(problem.locked)
    homes = {home.home: home for home in problem.homes}
    placements = []
    for need in in_order(problem):
        if need.need in locked:
            home = homes[locked[need.need]]
            placements.append(Placement(need.need, home.home, home.line, locked=True, misfit=None))
        elif need.need in choice:
            home = homes[choice[need.need]]
            misfit = parts(need, home, problem.run_date)
            placements.append(Placement(need.need, home.home, home.line, locked=False, misfit=misfit))
    total = sum(placement.misfit.total for placement in placements if placement.misfit)
    kept = sum(pair in problem.current for pair in choice.items())
    return Plan(tuple(placements), proven=True, misfit=total, kept=kept)


def fitting_pairs(problem: Problem) -> set[Pair]:
    """Return the pairs in which the checker finds no fault, without the needs and homes promised already."""
    lines = tuple(replace(line, quota=1, agreement_cap=None) for line in problem.lines)
    found = set()
    for need in problem.needs:
        for home in problem.homes:
            alone = Problem(
                needs=(need,), homes=(home,), lines=lines, run_date=problem.run_date, declined=problem.declined
            )
            if not faults(alone, plan_of(alone, {need.need: home.home})):
                found.add((need.need, home.home))
    return {
        (need, home) for need, home in found if all(need != other and home != taken for other, taken in problem.locked)
    }


def every_choice(problem: Problem, pairs: AbstractSet[Pair]) -> list[Choice]:
    """Return every way to give homes that keeps to the pairs, the quotas and the caps."""
    needs = [need.need for need in in_order(problem)]
    return [choice for choice in _choices(needs, pairs) if within_limits(problem, choice)]


def within_limits(problem: Problem, choice: Choice) -> bool:
    """Check quotas and caps; promises use them up, and where they are overfull nothing is left."""
    line_of = {home.home: home for home in problem.homes}
    lines = {line.line: line for line in problem.lines}
    new = [lines[line_of[home].line] for home in choice.values()]
    promised = [lines[line_of[home].line] for _, home in problem.locked]
    for line in problem.lines:
        if new.count(line) > max(0, line.quota - promised.count(line)):
            return False
    taken = Counter(line.agreement for line in promised)
    for agreement, count in Counter(line.agreement for line in new).items():
        cap = next(line.agreement_cap for line in problem.lines if line.agreement == agreement)
        if cap is not None and count > max(0, cap - taken[agreement]):
            return False
    return not any(side_rule_faults(problem, plan_of(problem, choice)))


def best(problem: Problem, choices: list[Choice]) -> tuple[set[str], int]:
    """Return who is housed in the best plans, and the least misfit less the bonus for what is kept."""
    needs = [need.need for need in in_order(problem)]
    who = max(tuple(need in choice for need in needs) for choice in choices)
    housed = {need for need, has_home in zip(needs, who, strict=True) if has_home}
    plans = [plan_of(problem, choice) for choice in choices if choice.keys() == housed]
    return housed, min(plan.misfit - 5 * plan.kept for plan in plans)


def _choices(needs: list[str], pairs: AbstractSet[Pair]) -> Iterator[Choice]:
    if not needs:
        yield {}
        return
    first, rest = needs[0], needs[1:]
    homes = sorted(home for need, home in pairs if need == first)
    for choice in _choices(rest, pairs):
        yield choice
        yield from ({first: home, **choice} for home in homes if home not in choice.values())
