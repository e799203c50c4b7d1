"""What a change would do: the plan with it, who gains and who loses a place, and who moves. Nothing is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bostad.matching.plan import Plan
from bostad.matching.problem import Home, Need, Pair, Problem
from bostad.matching.replan import best_plan_after

A_MONTH = timedelta(days=30)
Change = Callable[[Problem], Problem]


@dataclass(frozen=True)
class Outcome:
    """The plan after a change, against the one before; each need by id with what it would gain, lose or change."""

    plan: Plan
    gains: Mapping[str, str]
    """the home she would get"""
    loses: Mapping[str, str]
    """the home she would not get after all"""
    moves: Mapping[str, Pair]
    """the home before and the home after"""


def what_if(problem: Problem, before: Plan, change: Change) -> Outcome:
    """Return what a change would do to the best plan of a problem."""
    plan = best_plan_after(problem, before, change(problem))
    had = {placement.need: placement.home for placement in before.placements}
    has = {placement.need: placement.home for placement in plan.placements}
    return Outcome(
        plan=plan,
        gains={need: home for need, home in has.items() if need not in had},
        loses={need: home for need, home in had.items() if need not in has},
        moves={need: (had[need], home) for need, home in has.items() if had.get(need, home) != home},
    )


def forced(need: str, home: str) -> Change:
    """Promise a home to a need, whether or not it fits."""
    return lambda problem: replace(problem, locked=(*problem.locked, (need, home)))


def without_home(home: str) -> Change:
    """Take a home away, and what was promised in it."""

    def change(problem: Problem) -> Problem:
        homes = tuple(other for other in problem.homes if other.home != home)
        return replace(problem, homes=homes, locked=tuple(pair for pair in problem.locked if pair[1] != home))

    return change


def without_need(need: str) -> Change:
    """Let a household leave the run, with all that is said of it."""

    def change(problem: Problem) -> Problem:
        return replace(
            problem,
            needs=tuple(other for other in problem.needs if other.need != need),
            locked=tuple(pair for pair in problem.locked if pair[0] != need),
            apart=tuple(rule for rule in problem.apart if need not in {rule.need_a, rule.need_b}),
        )

    return change


def with_homes(*homes: Home) -> Change:
    """Add homes."""
    return lambda problem: replace(problem, homes=(*problem.homes, *homes))


def one_more_a_month(like: Home, months: int) -> Change:
    """Add a home of the same shape for each of the coming months, free a month later each time."""
    more = (
        replace(like, home=f"{like.home}+{month}", available_from=like.available_from + month * A_MONTH)
        for month in range(1, months + 1)
    )
    return with_homes(*more)


def with_need(changed: Need) -> Change:
    """Put a changed need in place of the one with its id, to see what one rule costs her."""

    def change(problem: Problem) -> Problem:
        return replace(problem, needs=tuple(changed if need.need == changed.need else need for need in problem.needs))

    return change
