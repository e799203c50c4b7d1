"""Through what a placement passes: home, building, line, agreement, and out. Who holds which home now.

Homes are nodes 0, 1, ... in the order of the problem; buildings, lines and agreements follow, and the way out is the
last node. Each node but the last stands under one other, so a capped building has a node only if all its homes lie in
one line; other building caps are side rules.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bostad.matching.problem import Line, Pair, Problem, name_key
from bostad.matching.relation import Ints

NOBODY = -1
NO_LIMIT = 2**40


@dataclass(frozen=True)
class Network:
    """The tree above the homes, as arrays by node; all but `holder`, `used` and `home_of` stay as they are.

    `cap` is how many placements a node may hold beside the promised ones.
    """

    homes: int
    above: Ints
    cap: Ints
    child_start: Ints
    children: Ints
    names: tuple[tuple[str, str], ...]
    """what each node above the homes is, and its name"""
    holder: Ints
    """by home: the place in the order of the need that holds it, or NOBODY"""
    used: Ints
    """by node: how many placements pass through it"""
    home_of: Ints
    """by place in the order: the home that the need holds, or NOBODY"""

    @property
    def out(self) -> int:
        """The node that stands for the way out."""
        return len(self.above)

    @property
    def left(self) -> Ints:
        """How many placements more each node can hold."""
        return self.cap - self.used

    def put(self, places: Ints, homes: Ints) -> None:
        """Let exactly these needs hold these homes."""
        self.holder[:], self.home_of[:] = NOBODY, NOBODY
        self.holder[homes], self.home_of[places] = places, homes
        self.used[:] = 0
        node = homes
        while len(node):
            np.add.at(self.used, node, 1)
            node = self.above[node]
            node = node[node < self.out]

    def homes_under(self, node: int) -> Ints:
        """Return the homes that stand under a node, directly or not."""
        found = self.children[self.child_start[node] : self.child_start[node + 1]]
        while (found >= self.homes).any():
            deeper = [self.homes_under(child) for child in found[found >= self.homes].tolist()]
            found = np.concatenate([found[found < self.homes], *deeper])
        return found

    def go_back_to(self, before: "Network") -> None:
        """Let everybody hold again what they held in a copy made before."""
        self.holder[:], self.used[:], self.home_of[:] = before.holder, before.used, before.home_of

    def copy(self) -> "Network":
        """Return the same network, to be changed apart from this one."""
        return replace(self, holder=self.holder.copy(), used=self.used.copy(), home_of=self.home_of.copy())


def building_of(municipality: str, building: str | None) -> str | None:
    """Return what tells one building from another; an unknown one has no name."""
    return f"{municipality}/{name_key(building)}" if building else None


def building_caps(problem: Problem) -> dict[str, int]:
    """Return the limit of each building: the smallest of any line with a home in it."""
    cap_of = {line.line: line.building_cap for line in problem.lines}
    caps: dict[str, int] = {}
    for home in problem.homes:
        building, cap = building_of(home.municipality, home.building), cap_of[home.line]
        if building and cap is not None:
            caps[building] = min(cap, caps.get(building, cap))
    return caps


def nested_caps(problem: Problem) -> dict[str, int]:
    """Return the limits of the buildings whose homes all lie in one line: such a limit is a quota like any other."""
    caps = building_caps(problem)
    return {building: caps[building] for building, lines in _lines_of(problem, caps).items() if len(lines) == 1}


def network_of(problem: Problem, caps: Mapping[str, int] | None = None) -> Network:
    """Return the network with every home free; what is promised already only uses up room.

    `caps` are the buildings to make a node of, `nested_caps(problem)` unless given. One with homes in several lines
    stands under their agreement, or under none, so that its homes do not count against their lines: a relaxation.
    """
    caps = nested_caps(problem) if caps is None else caps
    node_of, names = _numbered(problem, caps)
    lines = {line.line: line for line in problem.lines}
    out = len(problem.homes) + len(names)
    above, cap = np.full(out, out, dtype=np.int64), np.ones(out, dtype=np.int64)
    for name, node in node_of.items():
        cap[node] = _cap(name, lines, caps)
    for line in problem.lines:
        above[node_of["line", line.line]] = node_of["agreement", line.agreement]
        if line.agreement_cap is not None:
            cap[node_of["agreement", line.agreement]] = line.agreement_cap
    for row, home in enumerate(problem.homes):
        above[row] = node_of["line", home.line]
        building = building_of(home.municipality, home.building)
        if building and building in caps:
            above[row] = node_of["building", building]
    for building, under in _lines_of(problem, caps).items():
        parents = {("line", line) for line in under}
        if len(parents) > 1:
            parents = {("agreement", lines[line].agreement) for line in under}
        if len(parents) == 1:
            above[node_of["building", building]] = node_of[parents.pop()]
    _take_promised(problem.locked, {home.home: row for row, home in enumerate(problem.homes)}, above, cap)
    starts, children = _children(above, out)
    return Network(len(problem.homes), above, cap, starts, children, tuple(names), *_nobody_anywhere(problem, out))


def _numbered(problem: Problem, caps: Mapping[str, int]) -> tuple[dict[tuple[str, str], int], list[tuple[str, str]]]:
    names = [("building", building) for building in sorted(caps)]
    names += [("line", line.line) for line in problem.lines]
    names += [("agreement", name) for name in sorted({line.agreement for line in problem.lines})]
    return {name: len(problem.homes) + row for row, name in enumerate(names)}, names


def _lines_of(problem: Problem, buildings: Collection[str]) -> dict[str, set[str]]:
    """Return the lines in which each of these buildings has homes."""
    lines: dict[str, set[str]] = {building: set() for building in buildings}
    for home in problem.homes:
        building = building_of(home.municipality, home.building)
        if building and building in lines:
            lines[building].add(home.line)
    return lines


def _cap(name: tuple[str, str], lines: Mapping[str, Line], caps: Mapping[str, int]) -> int:
    kind, what = name
    return {"building": caps.get(what, 0), "line": lines[what].quota if kind == "line" else 0}.get(kind, NO_LIMIT)


def _take_promised(locked: Sequence[Pair], rows: Mapping[str, int], above: Ints, cap: Ints) -> None:
    """Use up room for what is promised: more than a node can hold leaves 0."""
    taken: Counter[int] = Counter()
    for _, home in locked:
        node = int(above[rows[home]])
        while node < len(above):
            taken[node] += 1
            node = int(above[node])
    for node, count in taken.items():
        cap[node] = max(0, int(cap[node]) - count)


def _children(above: Ints, out: int) -> tuple[Ints, Ints]:
    children = np.argsort(above, kind="stable")
    return np.searchsorted(above[children], np.arange(out + 2)), children


def _nobody_anywhere(problem: Problem, out: int) -> tuple[Ints, Ints, Ints]:
    return (
        np.full(len(problem.homes), NOBODY, dtype=np.int64),
        np.zeros(out, dtype=np.int64),
        np.full(len(problem.needs), NOBODY, dtype=np.int64),
    )
