"""Who can be housed together: chains of exchange through homes, lines and agreements.

Needs, homes, lines and agreements are the nodes of one network. A step leads from a need to a home that fits, from a
free home to its line, from a line with quota left to its agreement, and out where the agreement has room; or back: from
a held home to its holder, and from a full line or agreement to those who use it. A chain of steps that comes out houses
its first need and puts nobody out.

The sets of needs that can be housed together are a matroid (a gammoid: Perfect 1968), so taking the needs in priority
order, each if a chain comes out, gives the best set. Nothing is weighed, so nothing can overflow.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from bostad.matching.columns import NONE, Table
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem

OUT = -1
NOBODY = -1
FREE = NONE
NO_WAY = -1


class Exchange:
    """The network of one problem and who holds which home in it. Nodes are numbers: needs, homes, lines, agreements."""

    def __init__(self, problem: Problem, allowed: Table) -> None:
        """Start with every home free; what is promised already only uses up its line and agreement.

        `allowed` is True for the pairs that may be used: needs down, homes across, without locked ones.
        """
        agreements = sorted({line.agreement for line in problem.lines})
        self.first_home = len(problem.needs)
        self.first_line = self.first_home + len(problem.homes)
        self.first_agreement = self.first_line + len(problem.lines)
        self.size = self.first_agreement + len(agreements)
        self.names = [line.line for line in problem.lines] + agreements
        self.homes_for = [(np.flatnonzero(row) + self.first_home).tolist() for row in allowed]
        self.holder = [NOBODY] * self.size
        self.home_of = [NOBODY] * self.first_home
        self.above = [NOBODY] * self.size
        self.below: list[list[int]] = [[] for _ in range(self.size)]
        self.left = [NONE] * self.size
        self.used = [0] * self.size
        self._hang_together(problem, {name: self.first_agreement + row for row, name in enumerate(agreements)})

    def _hang_together(self, problem: Problem, agreements: dict[str, int]) -> None:
        lines = {line.line: self.first_line + row for row, line in enumerate(problem.lines)}
        line_of = {home.home: lines[home.line] for home in problem.homes}
        promised = Counter(line_of[home] for _, home in problem.locked)
        for line in problem.lines:
            node, agreement = lines[line.line], agreements[line.agreement]
            self._hang(node, agreement)
            self.left[node] = max(0, line.quota - promised[node])
            if line.agreement_cap is not None:
                self.left[agreement] = line.agreement_cap
        for node, agreement in enumerate(self.above[self.first_line : self.first_agreement], start=self.first_line):
            self.left[agreement] = max(0, self.left[agreement] - promised[node])
        for row, home in enumerate(problem.homes, start=self.first_home):
            self._hang(row, line_of[home.home])

    def _hang(self, node: int, above: int) -> None:
        self.above[node] = above
        self.below[above].append(node)

    def house(self, order: Sequence[int]) -> None:
        """House each need, in this order, for whom a chain comes out.

        What a search that failed has seen is closed: no later chain can pass there, so it is not searched again.
        """
        closed: set[int] = set()
        for need in order:
            came_from = self._search(need, closed)
            if OUT in came_from:
                self._move_along(came_from)
            else:
                closed.update(came_from)

    def take(self, plan: Plan, problem: Problem) -> None:
        """Put everybody where a plan has them."""
        needs = {need.need: row for row, need in enumerate(problem.needs)}
        homes = {home.home: self.first_home + row for row, home in enumerate(problem.homes)}
        for placement in plan.placements:
            if not placement.locked:
                self._give(needs[placement.need], homes[placement.home])
                line = self.above[homes[placement.home]]
                self._use(line, 1)
                self.left[self.above[line]] -= 1

    def housed(self) -> list[int]:
        """Return the needs that hold a home."""
        return [need for need, home in enumerate(self.home_of) if home != NOBODY]

    def room(self) -> list[int]:
        """Return how many placements each line and then each agreement can take, those it has now included."""
        lines = range(self.first_line, self.first_agreement)
        taken = Counter({node: self.used[node] for node in lines})
        for node in lines:
            taken[self.above[node]] += self.used[node]
        return [self.left[node] + taken[node] for node in range(self.first_line, self.size)]

    def reach(self, need: int) -> list[int]:
        """Return every node the chains from a need come to; a set that OUT is not in is tight."""
        return sorted(self._search(need, set()))

    def full(self, nodes: Iterable[int]) -> tuple[list[str], list[str]]:
        """Return which of the nodes are lines and which agreements that hold no more, by name."""
        full = [node for node in nodes if node >= self.first_line and self.left[node] == 0]
        lines = [self.names[node - self.first_line] for node in full if node < self.first_agreement]
        agreements = [self.names[node - self.first_line] for node in full if node >= self.first_agreement]
        return lines, agreements

    def thresholds(self, order: Sequence[int]) -> list[int]:
        """Return for each home the place in the order of who would be put out if a newcomer took it.

        FREE where nobody would; NO_WAY where a newcomer cannot have it, whoever she is.
        """
        found = [NO_WAY] * self.size
        seekers = self._seekers()
        roomy = [node for node in range(self.first_agreement, self.size) if self.left[node] > 0]
        self._spread_back(roomy, FREE, found, seekers)
        for place in range(len(order) - 1, -1, -1):
            if self.home_of[order[place]] != NOBODY:
                self._spread_back([order[place]], place, found, seekers)
        return found[self.first_home : self.first_line]

    def _steps(self, node: int) -> Iterator[int]:
        if node < self.first_home:
            yield from self.homes_for[node]
        elif node < self.first_line:
            yield self.above[node] if self.holder[node] == NOBODY else self.holder[node]
        else:
            if self.left[node] > 0:
                yield self.above[node] if node < self.first_agreement else OUT
            yield from (below for below in self.below[node] if self._in_use(below))

    def _steps_back(self, node: int, seekers: Sequence[Iterable[int]]) -> Iterator[int]:
        if node < self.first_home:
            yield self.home_of[node]
            return
        if node < self.first_line:
            yield from seekers[node - self.first_home]
        else:
            yield from (below for below in self.below[node] if self._leads_up(below))
        if node < self.first_agreement and self._in_use(node):
            yield self.above[node]

    def _in_use(self, node: int) -> bool:
        return self.used[node] > 0 or self.holder[node] != NOBODY

    def _leads_up(self, node: int) -> bool:
        return self.left[node] > 0 if node >= self.first_line else self.holder[node] == NOBODY

    def _search(self, need: int, closed: set[int]) -> dict[int, int]:
        """Search breadth first; return where each node was come to from, OUT last if it was found."""
        came_from = {need: need}
        queue = deque([need])
        while queue:
            node = queue.popleft()
            for step in self._steps(node):
                if step not in came_from and step not in closed:
                    came_from[step] = node
                    queue.append(step)
                    if step == OUT:
                        return came_from
        return came_from

    def _move_along(self, came_from: dict[int, int]) -> None:
        node = OUT
        while came_from[node] != node:
            before = came_from[node]
            if before < self.first_home:
                self._give(before, node)
            elif before >= self.first_line:
                self._pass_on(before, node)
            node = before

    def _give(self, need: int, home: int) -> None:
        self.holder[home] = need
        self.home_of[need] = home

    def _pass_on(self, before: int, node: int) -> None:
        """Account for a step out of a line or an agreement: up or out uses one place, back down gives one up."""
        if node == OUT:
            self.left[before] -= 1
        elif before < self.first_agreement and node == self.above[before]:
            self._use(before, 1)
        elif before >= self.first_agreement:
            self._use(node, -1)
        else:
            self.holder[node] = NOBODY

    def _use(self, line: int, places: int) -> None:
        self.used[line] += places
        self.left[line] -= places

    def _seekers(self) -> list[list[int]]:
        seekers: list[list[int]] = [[] for _ in range(self.first_home, self.first_line)]
        for need in self.housed():
            for home in self.homes_for[need]:
                seekers[home - self.first_home].append(need)
        return seekers

    def _spread_back(
        self, starts: Iterable[int], mark: int, found: list[int], seekers: Sequence[Iterable[int]]
    ) -> None:
        """Mark everything that comes to one of the starts and is not marked yet."""
        stack = [node for node in starts if found[node] == NO_WAY]
        for node in stack:
            found[node] = mark
        while stack:
            for node in self._steps_back(stack.pop(), seekers):
                if found[node] == NO_WAY:
                    found[node] = mark
                    stack.append(node)
