"""Say why: what a placed need got, and why another got nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np

from bostad.matching.columns import Facts, Ints, Pairs, Table, facts_of
from bostad.matching.eligibility import RULES, homes_in_the_run, missing_musts, open_pairs
from bostad.matching.exchange import Exchange
from bostad.matching.plan import Placement, Plan
from bostad.matching.priority import order
from bostad.matching.problem import FEATURES, Home, Need, Problem, met_features

NEVER_WAIVED = ("consent", "declined")
"""Hers and others' to give: a run never counts what would be had without them."""


class Reason(StrEnum):
    """Why a need has no home in the plan, tested in this order."""

    NO_CONSENT = "no_consent"
    NO_HOME_FITS = "no_home_fits"
    KEPT_APART = "kept_apart"
    OUTRANKED = "outranked"


@dataclass(frozen=True)
class Placed:
    """One placement and the facts it rests on; `overdue` says that her last day to move in has passed."""

    placement: Placement
    need: Need
    home: Home
    wishes_unmet: tuple[str, ...]
    overdue: bool


@dataclass(frozen=True)
class Unplaced:
    """One need without a home, and why; `detail` is plain data, fit for JSON."""

    need: Need
    reason: Reason
    overdue: bool
    detail: Mapping[str, Any] = field(default_factory=dict)


def placed(problem: Problem, plan: Plan) -> tuple[Placed, ...]:
    """Return what each placed need got, in the order of needs."""
    needs = {need.need: need for need in problem.needs}
    homes = {home.home: home for home in problem.homes}
    return tuple(
        Placed(
            placement=placement,
            need=needs[placement.need],
            home=homes[placement.home],
            wishes_unmet=_in_order(needs[placement.need].wish - met_features(homes[placement.home])),
            overdue=_overdue(needs[placement.need], problem),
        )
        for placement in plan.placements
    )


def unplaced(problem: Problem, plan: Plan, allowed: Table | None = None) -> tuple[Unplaced, ...]:
    """Return why each need that is not in the plan has no home, in the order of needs.

    `allowed` is `open_pairs(problem)` if known already.
    """
    view = _View(problem, plan, open_pairs(problem) if allowed is None else allowed)
    with_home = {placement.need for placement in plan.placements}
    return tuple(view.explain(row) for row in view.in_order if problem.needs[row].need not in with_home)


@dataclass(frozen=True)
class _View:
    """A plan seen as who would have to give way to whom."""

    problem: Problem
    plan: Plan
    allowed: Table

    def explain(self, row: int) -> Unplaced:
        need = self.problem.needs[row]
        overdue = _overdue(need, self.problem)
        if not (self.facts.consented[row] & self.companies_in_the_run).any():
            return Unplaced(need, Reason.NO_CONSENT, overdue)
        if not self.allowed[row].any():
            return Unplaced(need, Reason.NO_HOME_FITS, overdue, {"if_waived": self._if_waived(row)})
        return Unplaced(need, Reason.OUTRANKED, overdue, self._outranked(row))

    @cached_property
    def in_order(self) -> list[int]:
        return order(self.problem.needs)

    @cached_property
    def place(self) -> dict[int, int]:
        return {row: place for place, row in enumerate(self.in_order)}

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.problem)

    @cached_property
    def homes_in_the_run(self) -> Table:
        return homes_in_the_run(self.problem)

    @cached_property
    def companies_in_the_run(self) -> Table:
        companies = np.zeros(self.facts.consented.shape[1], dtype=np.bool_)
        companies[self.facts.homes.company[self.homes_in_the_run]] = True
        return companies

    @cached_property
    def exchange(self) -> Exchange:
        exchange = Exchange(self.problem, self.allowed)
        exchange.take(self.plan, self.problem)
        return exchange

    @cached_property
    def thresholds(self) -> Ints:
        return np.array(self.exchange.thresholds(self.in_order), dtype=np.int64)

    def _if_waived(self, row: int) -> dict[str, dict[str, int]]:
        """Count for each rule the homes that it alone keeps from her, and how many of them she would then get."""
        pairs = Pairs.table(self.facts, np.array([row]))
        broken = {name: ~rule(pairs)[0] & self.homes_in_the_run for name, rule in RULES.items() if name != "must"}
        missing = missing_musts(pairs)[0]
        for feature in _in_order(self.problem.needs[row].must):
            broken[f"must:{feature}"] = ((missing >> FEATURES.index(feature)) & 1 == 1) & self.homes_in_the_run
        times_broken = np.sum(list(broken.values()), axis=0)
        hers = self.thresholds > self.place[row]
        return {
            name: {"homes": int((alone := table & (times_broken == 1)).sum()), "gets": int((alone & hers).sum())}
            for name, table in broken.items()
            if name not in NEVER_WAIVED
        }

    def _outranked(self, row: int) -> dict[str, int | list[str]]:
        """Count who stands in the way: everybody before her in the order, or a quota or cap that is full."""
        tight = self.exchange.reach(row)
        quotas, caps = self.exchange.full(tight)
        return {
            "homes_fit": int(self.allowed[row].sum()),
            "held_by": sum(0 <= node < self.exchange.first_home for node in tight) - 1,
            "full_quotas": quotas,
            "full_caps": caps,
        }


def _overdue(need: Need, problem: Problem) -> bool:
    return need.move_in_by is not None and need.move_in_by < problem.run_date


def _in_order(features: frozenset[str]) -> tuple[str, ...]:
    return tuple(feature for feature in FEATURES if feature in features)
