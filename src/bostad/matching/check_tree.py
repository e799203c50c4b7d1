"""What stands above the homes, built once more from the problem, for the checker alone."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from bostad.matching.problem import Home, Problem, name_key
from bostad.matching.relation import Ints

NO_LIMIT = 10**12

Name = tuple[str, str]


class Tree(NamedTuple):
    """By node: what it stands under, how many placements it may hold beside promised ones, and how many it holds."""

    above: Ints
    cap: Ints
    used: Ints


def tree_of(problem: Problem, taken: Iterable[int], names: Collection[Name]) -> Tree | None:
    """Return the tree with these home rows taken; None if the names of its nodes leave out a line or an agreement.

    Which buildings are nodes is up to whoever names them. Homes of one that lie in several lines count against it and
    against what these lines have in common, and against no line: that forbids nothing that is allowed.
    """
    row = {home.home: number for number, home in enumerate(problem.homes)}
    node = {name: len(row) + number for number, name in enumerate(names)}
    if not all(("line", line.line) in node and ("agreement", line.agreement) in node for line in problem.lines):
        return None
    out = len(row) + len(names)
    above, cap = np.full(out, out), np.ones(out, dtype=np.int64)
    cap[len(row) :] = NO_LIMIT
    for line in problem.lines:
        above[node["line", line.line]] = node["agreement", line.agreement]
        cap[node["line", line.line]] = line.quota
        cap[node["agreement", line.agreement]] = NO_LIMIT if line.agreement_cap is None else line.agreement_cap
    for number, home in enumerate(problem.homes):
        above[number] = node["line", home.line]
    _put_buildings_in(problem, node, above)
    for name, limit in building_limits(problem).items():
        if ("building", name) in node:
            cap[node["building", name]] = limit
    for at, count in _through([row[home] for _, home in problem.locked], above).items():
        cap[at] = max(0, cap[at] - count) if at >= len(row) else cap[at]
    used = _through(taken, above)
    return Tree(above, cap, np.array([used[at] for at in range(out)], dtype=np.int64))


def building_limits(problem: Problem) -> dict[str, int]:
    """Return the least cap of each building that has one, by municipality and name."""
    line_cap = {line.line: line.building_cap for line in problem.lines}
    limits: dict[str, int] = {}
    for home in problem.homes:
        cap = line_cap[home.line]
        if home.building and cap is not None:
            limits[building_name(home)] = min(cap, limits.get(building_name(home), cap))
    return limits


def building_name(home: Home) -> str:
    """Return municipality and name of a home's building."""
    return f"{home.municipality}/{name_key(home.building or '')}"


def _put_buildings_in(problem: Problem, node: Mapping[Name, int], above: Ints) -> None:
    """Let the homes of buildings that are nodes stand under them, and those under what their lines have in common."""
    inside: dict[int, list[int]] = defaultdict(list)
    for number, home in enumerate(problem.homes):
        if home.building and ("building", building_name(home)) in node:
            inside[node["building", building_name(home)]].append(number)
    for building, homes in inside.items():
        parents = np.unique(above[homes])
        parents = np.unique(above[parents]) if len(parents) > 1 else parents
        above[building] = parents[0] if len(parents) == 1 else len(above)
        above[homes] = building


def _through(homes: Iterable[int], above: Ints) -> Counter[int]:
    """Count what passes each node on its way out from these homes."""
    passed: Counter[int] = Counter()
    for node in homes:
        at = node
        while at < len(above):
            passed[at] += 1
            at = int(above[at])
    return passed
