"""What a run says to each board: of its own needs and its own homes, and of others' needs nothing.

In a run of several boards an explanation is a function of the board's own needs, of the homes there are, and of what
came of its own cases. Of everybody else it says at most that somebody stands before her, and neither how many nor by
which quota or rule: all of that follows from other boards' needs too. Where a board is matched by itself, everything in
the run is its own, and all of it is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from bostad.matching.candidates import Candidates
from bostad.matching.considered import Considered, Obstacle, considered
from bostad.matching.empty_homes import EmptyHome, empty_homes
from bostad.matching.explain import unplaced
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.reasons import Reason, Unplaced

TOGETHER = "together"
"""Why a need has no home, or not this one, where more may not be told: other boards' needs have a say in it."""


@dataclass(frozen=True, slots=True)
class Said:
    """Why one need has no home, and which homes could have been hers."""

    reason: str
    detail: Mapping[str, Any]
    homes: tuple[Considered, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What of a run is one board's: names of its needs and of its homes."""

    needs: frozenset[str]
    homes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What is said: by need why she has no home, and by board what keeps its empty homes empty."""

    needs: Mapping[str, Said]
    empty: Mapping[UUID, Sequence[EmptyHome]]


def tell(problem: Problem, plan: Plan, allowed: Candidates, parts: Mapping[UUID, Part]) -> Told:
    """Say to each board what it may know of a plan; `allowed` is `open_pairs(problem)`."""
    reasons = unplaced(problem, plan, allowed)
    if len(parts) == 1:
        homes = considered(problem, plan)
        whole = {one.need.need: Said(one.reason, one.detail, homes.get(one.need.need, ())) for one in reasons}
        return Told(whole, dict.fromkeys(parts, empty_homes(problem, plan)))
    fit = dict(zip((problem.needs[row].need for row in allowed.needs.tolist()), allowed.count.tolist(), strict=True))
    own = {need: homes for part in parts.values() for need, homes in _own_homes(problem, plan, part).items()}
    cut = {one.need.need: _cut(one, fit, own.get(one.need.need, ())) for one in reasons}
    return Told(cut, {board_id: _own_empty(problem, plan, part) for board_id, part in parts.items()})


def _cut(one: Unplaced, fit: Mapping[str, int], homes: tuple[Considered, ...]) -> Said:
    """Leave of a reason what follows from the need and the homes."""
    if one.reason is Reason.NO_CONSENT:
        return Said(one.reason, {}, homes)
    if one.reason is Reason.NO_HOME_FITS:
        waived = {rule: {"homes": counts["homes"]} for rule, counts in one.detail["if_waived"].items()}
        return Said(one.reason, {"if_waived": waived}, homes)
    return Said(TOGETHER, {"homes_fit": fit[one.need.need]}, homes)


def _own_homes(problem: Problem, plan: Plan, part: Part) -> Mapping[str, tuple[Considered, ...]]:
    """Give by need the board's own homes that fit her or fail one rule, and not why others that fit are not hers."""
    rest, own = _only(problem, plan, Part(part.needs - {placement.need for placement in plan.placements}, part.homes))
    return {
        need: tuple(replace(one, because=TOGETHER) if one.because in set(Obstacle) else one for one in homes)
        for need, homes in considered(rest, own).items()
    }


def _own_empty(problem: Problem, plan: Plan, part: Part) -> Sequence[EmptyHome]:
    """Count for each of the board's empty homes its own needs alone."""
    return empty_homes(*_only(problem, plan, part))


def _only(problem: Problem, plan: Plan, part: Part) -> tuple[Problem, Plan]:
    """Give these needs and homes as if there were no others, but for what is promised and so takes no part."""
    promised = {need for need, _ in problem.locked}, {home for _, home in problem.locked}
    needs = tuple(need for need in problem.needs if need.need in part.needs and need.need not in promised[0])
    homes = tuple(home for home in problem.homes if home.home in part.homes and home.home not in promised[1])
    lines, names = {home.line for home in homes}, {home.home for home in homes}
    rest = replace(
        problem,
        needs=needs,
        homes=homes,
        lines=tuple(line for line in problem.lines if line.line in lines),
        locked=(),
        apart=(),
    )
    taken = tuple(placement for placement in plan.placements if placement.home in names)
    return rest, Plan(taken, proven=plan.proven, misfit=0, kept=0)
