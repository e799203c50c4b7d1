"""Say why: what a placed need got, and why another got nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bostad.matching.candidates import Candidates, open_pairs, rows_in_the_run
from bostad.matching.exchange import Classes, classes_of
from bostad.matching.housing import Chains, chains_of
from bostad.matching.in_turn import house
from bostad.matching.network import Network, building_caps, network_of
from bostad.matching.next_best import EFFORT, ExactNext, LeastNext, exact_next, least_next
from bostad.matching.plan import Plan
from bostad.matching.problem import FEATURES, Need, Problem, met_features
from bostad.matching.proof import Proof
from bostad.matching.reach import reach_of
from bostad.matching.reasons import Placed, Reason, RunnerUp, Unplaced
from bostad.matching.relation import Ints, Table
from bostad.matching.runner_up import EXACT_UP_TO, nearest, runner_ups
from bostad.matching.side_rules import SideRules, side_rules_of
from bostad.matching.tight import TightPairs, cost_in, current_of, tight_pairs
from bostad.matching.waivers import WAIVABLE, count_waivers, near_misses

__all__ = ["Placed", "Reason", "Unplaced", "placed", "unplaced"]


def placed(problem: Problem, plan: Plan, *, effort: float = EFFORT) -> tuple[Placed, ...]:
    """Return what each placed need got, in the order of needs, and what she would have had next.

    `effort` bounds what is spent on what she would have had under side rules, in deterministic seconds; where it ends,
    the least that another home can cost is told.
    """
    next_best = _next_best(problem, plan, effort)
    needs = {need.need: need for need in problem.needs}
    homes = {home.home: home for home in problem.homes}
    return tuple(
        Placed(
            placement=placement,
            need=needs[placement.need],
            home=homes[placement.home],
            wishes_unmet=_in_order(needs[placement.need].wish - met_features(homes[placement.home])),
            overdue=_overdue(needs[placement.need], problem),
            runner_up=next_best.get(placement.need),
        )
        for placement in plan.placements
    )


def _next_best(problem: Problem, plan: Plan, effort: float) -> dict[str, RunnerUp]:
    """Return the runner-up of each need that has one."""
    proof = plan.proof or plan.side_proof
    if proof is None:
        return {}
    view = _View(problem, plan, proof.candidates)
    rules = side_rules_of(problem, proof.candidates)
    found = view.next_by_the_flow() if rules.idle(proof.candidates) else view.next_with(rules, effort)
    return {
        view.need(place).need: RunnerUp(problem.homes[home].home, extra, exact)
        for place, (home, extra, exact) in found.items()
    }


def unplaced(problem: Problem, plan: Plan, allowed: Candidates | None = None) -> tuple[Unplaced, ...]:
    """Return why each need that is not in the plan has no home, in the order of needs.

    `allowed` is `open_pairs(problem)` if known already.
    """
    if allowed is None:
        allowed = plan.proof.candidates if plan.proof else open_pairs(problem)
    view = _View(problem, plan, allowed)
    details = {**view.without_consent(), **view.without_a_home_that_fits(), **view.put_last()}
    return tuple(
        Unplaced(need, reason, _overdue(need, problem), detail)
        for place in view.waiting.tolist()
        for need, (reason, detail) in [(view.need(place), details[place])]
    )


OTHER_THAN_MUST = tuple(rule for rule in WAIVABLE if not rule.startswith("must:"))
Answers = dict[int, tuple[Reason, Mapping[str, Any]]]
"""By place in the order."""
Next = dict[int, tuple[int, int, bool]]
"""By place the home row that a need would have had next, what that costs more, and whether it is exact."""


@dataclass(frozen=True)
class _View:
    """A plan seen as who would have to give way to whom."""

    problem: Problem
    plan: Plan
    candidates: Candidates

    def need(self, place: int) -> Need:
        return self.problem.needs[int(self.candidates.needs[place])]

    def next_by_the_flow(self) -> Next:
        """Return what each need would have had next where there is no side rule."""
        if self.plan.proof is None:
            return {}
        exact = len(self.problem.needs) <= EXACT_UP_TO
        found = runner_ups(self.network, self.plan.proof.number, *self.priced(self.plan.proof), exact=exact)
        return {place: (home, extra, exact) for place, (home, extra) in found.items()}

    def next_with(self, rules: SideRules, effort: float) -> Next:
        """Return what each need would have had next with every side rule kept: exact, or the least it can cost."""
        cost, side = cost_in(self.candidates, current_of(self.problem)), self.plan.side_proof
        least: LeastNext = {}
        if self.plan.proof:
            least = nearest(self.network, *self.priced(self.plan.proof))
        elif side and side.misfit:
            least = least_next(self.network, rules, cost, side.misfit)
        exact: ExactNext = {}
        if self.plan.proven and len(self.problem.needs) <= EXACT_UP_TO:
            exact = exact_next(self.network, rules, cost, effort)
        known = {place: (*found, True) for place, found in exact.items() if found is not None}
        return known | {place: (*found, False) for place, found in least.items() if place not in exact}

    def priced(self, proof: Proof) -> tuple[TightPairs, Ints]:
        """Return the pairs that homes can change hands in, and the prices that prove the plan."""
        cost = cost_in(proof.candidates, current_of(self.problem))
        return tight_pairs(self.network, proof.number, proof.candidates, cost), proof.price

    def without_consent(self) -> Answers:
        return {place: (Reason.NO_CONSENT, {}) for place in self.waiting[~self.consenting].tolist()}

    def without_a_home_that_fits(self) -> Answers:
        """Count for each rule the homes that it alone keeps from a need, and how many of them she would then get."""
        places = self.waiting[self.consenting & (self.candidates.count[self.waiting] == 0)]
        misses = near_misses(self.candidates.facts, self.candidates.needs[places], self.homes_in_the_run)
        hers = self.classes.threshold[misses.home] > places[misses.position]
        counts = count_waivers(misses, hers, len(places))
        return {
            place: (Reason.NO_HOME_FITS, {"if_waived": {rule: counts(row, rule) for rule in self.rules_for(place)}})
            for row, place in enumerate(places.tolist())
        }

    def rules_for(self, place: int) -> tuple[str, ...]:
        must = self.need(place).must
        return (*OTHER_THAN_MUST, *(f"must:{feature}" for feature in FEATURES if feature in must))

    def put_last(self) -> Answers:
        """Tell who is kept apart from those whom others before them leave nothing."""
        places = self.waiting[self.consenting & (self.candidates.count[self.waiting] > 0)]
        reach = reach_of(self.network, self.chains, self.classes, places)
        fit, held_by = self.candidates.count[places].tolist(), reach.needs.tolist()
        return {
            place: (Reason.KEPT_APART, self.kept_apart(place))
            if place in self.housed_without_side_rules
            else (Reason.OUTRANKED, {"homes_fit": fit[row], "held_by": held_by[row], **self.full(reach.full[row])})
            for row, place in enumerate(places.tolist())
        }

    def full(self, nodes: tuple[int, ...]) -> dict[str, list[str]]:
        """Name the quotas and the caps among the full nodes that she comes to."""
        if nodes not in self.named:
            full = [self.network.names[node - self.network.homes] for node in nodes]
            kinds = {"full_quotas": "line", "full_caps": "agreement"}
            self.named[nodes] = {what: [name for kind, name in full if kind == of] for what, of in kinds.items()}
        return self.named[nodes]

    def kept_apart(self, place: int) -> dict[str, Any]:
        """Name the side rules that bear on her."""
        need = self.need(place).need
        scopes = {rule.scope for rule in self.problem.apart if need in {rule.need_a, rule.need_b}}
        rules = [f"apart:{scope}" for scope in sorted(scopes)]
        return {"rules": [*rules, "building_cap"] if building_caps(self.problem) else rules}

    @cached_property
    def named(self) -> dict[tuple[int, ...], dict[str, list[str]]]:
        """What full nodes are called: many needs come to the same."""
        return {}

    @cached_property
    def housed_without_side_rules(self) -> set[int]:
        if not self.problem.apart and not building_caps(self.problem):
            return set()
        network = network_of(self.problem, {})
        house(network, self.candidates)
        return set(np.flatnonzero(network.home_of >= 0).tolist())

    @cached_property
    def waiting(self) -> Ints:
        """The places of those who are not in the plan."""
        with_home = {placement.need for placement in self.plan.placements}
        without = [need.need not in with_home for need in self.problem.needs]
        return np.flatnonzero(np.array(without, dtype=np.bool_)[self.candidates.needs])

    @cached_property
    def homes_in_the_run(self) -> Table:
        return rows_in_the_run(self.problem)[1]

    @cached_property
    def consenting(self) -> Table:
        """Which of those waiting have live consent for a company with a home in the run."""
        facts = self.candidates.facts
        in_the_run = np.zeros(facts.consented.width, dtype=np.bool_)
        in_the_run[facts.homes.company[self.homes_in_the_run]] = True
        position, company = facts.consented.codes_of(self.candidates.needs[self.waiting])
        return np.bincount(position, in_the_run[company], minlength=len(self.waiting)) > 0

    @cached_property
    def network(self) -> Network:
        network = network_of(self.problem)
        rows = {home.home: row for row, home in enumerate(self.problem.homes)}
        given = {placement.need: rows[placement.home] for placement in self.plan.placements if not placement.locked}
        home_of = np.array([given.get(need.need, -1) for need in self.problem.needs], dtype=np.int64)
        home_of = home_of[self.candidates.needs]
        places = np.flatnonzero(home_of >= 0)
        network.put(places, home_of[places])
        return network

    @cached_property
    def chains(self) -> Chains:
        return chains_of(self.network, self.candidates)

    @cached_property
    def classes(self) -> Classes:
        return classes_of(self.chains)


def _overdue(need: Need, problem: Problem) -> bool:
    return need.move_in_by is not None and need.move_in_by < problem.run_date


def _in_order(features: frozenset[str]) -> tuple[str, ...]:
    return tuple(feature for feature in FEATURES if feature in features)
