"""Who can be housed together: chains of exchange through homes, lines and agreements.

Needs, homes, lines and agreements are nodes of one network. A step leads from a need to a home that fits, from a free
home to its line, from a line with quota left to its agreement, and out where the agreement has room; or back: from a
held home to its holder, and from a line or an agreement to what uses it up. A chain of steps that comes out houses its
first need and puts nobody out. The sets of needs that can be housed together are a matroid (a gammoid), so taking needs
in priority order, each if a chain comes out, gives the best set; nothing is weighed, so nothing can overflow.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bostad.matching.columns import NONE, Table
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem

OUT = -1
FREE = NONE
"""The threshold of a home that a newcomer may take while everybody keeps a place."""
NOBODY_WAY_OUT = -1
"""The threshold of a home that no newcomer can have: a quota is full with promises already made."""


class Reach(NamedTuple):
    """What the chains from one need come to."""

    needs: frozenset[int]
    full_lines: frozenset[int]
    full_agreements: frozenset[int]
    comes_out: bool


class Exchange:
    """The network of one problem and who holds what in it; rows are those of the problem."""

    def __init__(self, problem: Problem, allowed: Table) -> None:
        """Start with every home free but the locked ones, which use up quota and cap."""
        lines, homes = problem.lines, problem.homes
        agreements = sorted({line.agreement for line in lines})
        line_row = {line.line: row for row, line in enumerate(lines)}
        agreement_row = {agreement: row for row, agreement in enumerate(agreements)}
        self.homes_of_need = [np.flatnonzero(row).tolist() for row in allowed]
        self.line_of_home = [line_row[home.line] for home in homes]
        self.homes_of_line = _members(self.line_of_home, len(lines))
        self.agreement_of_line = [agreement_row[line.agreement] for line in lines]
        self.lines_of_agreement = _members(self.agreement_of_line, len(agreements))
        self.holder: list[int | None] = [None] * len(homes)
        self.home_held: list[int | None] = [None] * len(problem.needs)
        self.line_left = [line.quota for line in lines]
        self.agreement_left = [NONE] * len(agreements)
        for line in lines:
            if line.agreement_cap is not None:
                self.agreement_left[agreement_row[line.agreement]] = line.agreement_cap
        self.line_used = [0] * len(lines)
        home_row = {home.home: row for row, home in enumerate(homes)}
        for _, home in problem.locked:
            self._use_up(self.line_of_home[home_row[home]])
