"""Find the best plan: first who gets a home, then which home each of them gets. The only module that loads OR-Tools."""

from collections.abc import Sequence

import numpy as np
from ortools.graph.python import min_cost_flow

from bostad.matching import misfit
from bostad.matching.columns import Ints, Pairs, Table, facts_of
from bostad.matching.eligibility import open_pairs
from bostad.matching.exchange import NOBODY, Exchange
from bostad.matching.plan import KEPT_BONUS, Placement, Plan
from bostad.matching.priority import order
from bostad.matching.problem import Problem


class SideRulesNotYet(ValueError):
    """Building caps and keep-apart pairs cannot be kept yet, so no plan is made where one is given."""


def best_plan(problem: Problem, allowed: Table | None = None) -> Plan:
    """Return the plan that is best by priority, then by misfit; `allowed` is `open_pairs(problem)` if known already.

    Raises SideRulesNotYet where a line has a building cap or two needs must live apart.
    """
    _refuse_side_rules(problem)
    allowed = open_pairs(problem) if allowed is None else allowed
    in_order = order(problem.needs)
    exchange = Exchange(problem, allowed)
    exchange.house(in_order)
    needs, homes = _least_misfit(problem, allowed, exchange)
    return _plan(problem, needs, homes, in_order)


def _refuse_side_rules(problem: Problem) -> None:
    capped = [line.line for line in problem.lines if line.building_cap is not None]
    if capped:
        raise SideRulesNotYet(f"lines.csv: building_cap: not supported yet, and given for line {', '.join(capped)}")
    if problem.apart:
        raise SideRulesNotYet(f"apart.csv: keep-apart pairs are not supported yet, and {len(problem.apart)} given")


def _least_misfit(problem: Problem, allowed: Table, exchange: Exchange) -> tuple[Ints, Ints]:
    """Give exactly these needs a home each with the least misfit, an earlier proposal counting in its own favour."""
    housed = np.array(exchange.housed(), dtype=np.int64)
    if not len(housed):
        return housed, housed
    rows, homes = np.nonzero(allowed[housed])
    needs = housed[rows]
    cost = misfit.total(Pairs.listed(facts_of(problem), needs, homes)) - KEPT_BONUS * _kept(problem, needs, homes)
    chosen = _cheapest_flow(exchange, housed, needs, homes, cost)
    return needs[chosen], homes[chosen]


def _cheapest_flow(exchange: Exchange, housed: Ints, needs: Ints, homes: Ints, cost: Ints) -> Table:
    """Return True for the pairs in the cheapest flow of one unit from every housed need; exact, in whole numbers."""
    flow = min_cost_flow.SimpleMinCostFlow()

    # A pair carries at most one, at the cost of its misfit; moved up so that none is below zero, the same for all.
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        needs, exchange.first_home + homes, np.ones_like(needs), cost + KEPT_BONUS
    )

    # A home goes to one need; a line carries no more than its quota; an agreement no more than its cap.
    sink = exchange.size
    below = np.arange(exchange.first_home, exchange.size)
    above = np.array([sink if node == NOBODY else node for node in exchange.above[exchange.first_home :]])
    flow.add_arcs_with_capacity_and_unit_cost(below, above, _room(exchange, len(housed)), np.zeros_like(below))

    # Every housed need must be served.
    flow.set_nodes_supplies(np.append(housed, sink), np.append(np.ones_like(housed), -len(housed)))
    status = flow.solve()
    if status != flow.OPTIMAL:
        message = f"the min-cost flow ended with {status}; no plan is better than a wrong one"
        raise RuntimeError(message)
    carried: Table = np.asarray(flow.flows(pairs)) == 1
    return carried


def _room(exchange: Exchange, most: int) -> Ints:
    """Return how many placements each home, line and agreement can take in all, its present ones included."""
    homes = [1] * (exchange.first_line - exchange.first_home)
    return np.array(homes + [min(most, room) for room in exchange.room()], dtype=np.int64)


def _kept(problem: Problem, needs: Sequence[int] | Ints, homes: Sequence[int] | Ints) -> Ints:
    pairs = zip(needs, homes, strict=True)
    return np.array([(problem.needs[n].need, problem.homes[h].home) in problem.current for n, h in pairs], np.int64)


def _plan(problem: Problem, needs: Ints, homes: Ints, in_order: Sequence[int]) -> Plan:
    """Put the pairs found and the promises already made together, in the order of needs."""
    parts = misfit.parts_of(Pairs.listed(facts_of(problem), needs, homes))
    line_of = {home.home: home.line for home in problem.homes}
    placements = {need: Placement(need, home, line_of[home], locked=True, misfit=None) for need, home in problem.locked}
    for need_row, home_row, part in zip(needs, homes, parts, strict=True):
        need, home = problem.needs[need_row].need, problem.homes[home_row].home
        placements[need] = Placement(need, home, line_of[home], locked=False, misfit=part)
    ids = (problem.needs[row].need for row in in_order)
    return Plan(
        placements=tuple(placements[need] for need in ids if need in placements),
        proven=True,
        misfit=sum(part.total for part in parts),
        kept=int(_kept(problem, needs, homes).sum()),
    )
