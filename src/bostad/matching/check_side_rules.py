"""Judge building caps and keep-apart pairs in a plan, in plain Python."""

from collections import Counter
from collections.abc import Iterator

from bostad.matching.plan import Plan
from bostad.matching.problem import Home, Problem, name_key


def side_rule_faults(problem: Problem, plan: Plan) -> Iterator[str]:
    """Say which side rules a plan does not keep; promises alone may pass them, but nothing may come on top."""
    homes = {home.home: home for home in problem.homes}
    yield from _overfull(problem, plan, homes)
    given = {placement.need: placement for placement in plan.placements}
    for rule in problem.apart:
        one, other = given.get(rule.need_a), given.get(rule.need_b)
        if (
            one
            and other
            and not (one.locked and other.locked)
            and together(rule.scope, homes[one.home], homes[other.home])
        ):
            yield f"needs {rule.need_a} and {rule.need_b} are to be kept apart, but get the same {rule.scope}"


def _overfull(problem: Problem, plan: Plan, homes: dict[str, Home]) -> Iterator[str]:
    line_cap = {line.line: line.building_cap for line in problem.lines}
    limits: dict[tuple[str, str], int] = {}
    for home in problem.homes:
        cap = line_cap[home.line]
        if home.building and cap is not None:
            limits[_building(home)] = min(cap, limits.get(_building(home), cap))
    filled = Counter(
        (_building(homes[placement.home]), placement.locked)
        for placement in plan.placements
        if homes[placement.home].building
    )
    for building, limit in limits.items():
        new, promised = filled[building, False], filled[building, True]
        if new > max(0, limit - promised):
            yield f"the limit of building {building[1]} is {limit}, but the plan holds {new + promised}"


def together(scope: str, first: Home, second: Home) -> bool:
    """Say whether two homes lie in the same area; an unknown one is the same as every other of its municipality."""
    if first.municipality != second.municipality:
        return False
    if scope == "municipality":
        return True
    names = (first.district, second.district) if scope == "district" else (first.building, second.building)
    return not all(names) or name_key(names[0] or "") == name_key(names[1] or "")


def _building(home: Home) -> tuple[str, str]:
    return home.municipality, name_key(home.building or "")
