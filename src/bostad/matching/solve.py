"""Find the best plan: first who gets a home, then which home each of them gets. Loads the solvers; not for the web."""

from dataclasses import dataclass, replace

import numpy as np

from bostad.matching import misfit
from bostad.matching.candidates import Candidates, Lists, open_pairs
from bostad.matching.cheapest_apart import cheapest_with_rules
from bostad.matching.columns import Pairs
from bostad.matching.cores import EFFORT
from bostad.matching.exchange import Classes, classes_of
from bostad.matching.housing import chains_of
from bostad.matching.in_turn import house
from bostad.matching.network import Network, building_caps, network_of
from bostad.matching.plan import KEPT_BONUS, Placement, Plan
from bostad.matching.problem import Problem
from bostad.matching.proof import Proof
from bostad.matching.relation import Ints
from bostad.matching.side_proof import SideProof, Unbounded
from bostad.matching.side_rules import SideRules, side_rules_of
from bostad.matching.tight import Cost, cost_in, current_of, tight_pairs
from bostad.matching.unbound import Unbound
from bostad.matching.which import TooLarge, give_cheapest
from bostad.matching.who import house_with_rules

__all__ = ["Solved", "TooLarge", "best_plan", "current_of", "plan_from", "plan_of", "solve"]

OF_WHICH = 4
"""The effort for who is housed is so many times what there is for who gets which."""


@dataclass(frozen=True)
class Solved:
    """The network with everybody in the home of the best plan, and what proves that it is the best."""

    network: Network
    classes: Classes
    price: Ints


def best_plan(problem: Problem, allowed: Candidates | None = None, *, effort: float = EFFORT) -> Plan:
    """Return the plan that is best by priority, then by misfit; `allowed` is `open_pairs(problem)` if known already.

    `effort` bounds each model that building caps and keep-apart pairs call for, in deterministic seconds. Raises
    TooLarge where the misfit cannot be summed in 64 bits.
    """
    candidates = open_pairs(problem) if allowed is None else allowed
    solved = solve(network_of(problem), candidates, cost_in(candidates, current_of(problem)))
    rules = side_rules_of(problem, candidates)
    if rules.kept_by(solved.network.home_of, candidates):
        return plan_of(problem, candidates, solved)
    return _plan_with_rules(problem, candidates, rules, effort)


def _plan_with_rules(problem: Problem, candidates: Candidates, rules: SideRules, effort: float) -> Plan:
    """Settle who is housed need by need, then who gets what, with models where the rules bite."""
    networks = [network_of(problem)]
    if len(rules.cap):
        networks.append(network_of(problem, building_caps(problem)))
    housing = house_with_rules(networks, rules, effort)
    relaxations = tuple(_unbounded(relaxed) for relaxed in housing.relaxations)
    cheapest = cheapest_with_rules(
        housing.network, rules, current_of(problem), housing.relaxations[0].network, effort / OF_WHICH
    )
    plan = plan_from(problem, rules.usable, cheapest.home_of, proven=cheapest.proven and housing.unproven is None)
    proof = SideProof(
        candidates=candidates,
        names=housing.network.names,
        relaxations=relaxations,
        tariffs=tuple(wall.tariff for wall in housing.walls),
        by_search=tuple(housing.by_search),
        misfit=cheapest.tariff,
        least=cheapest.least,
        misfit_by_search=cheapest.proven and plan.misfit - KEPT_BONUS * plan.kept != cheapest.least,
    )
    if housing.unproven is None:
        return replace(plan, side_proof=proof)
    unproven = problem.needs[int(rules.usable.needs[housing.unproven])].need
    return replace(plan, side_proof=proof, unproven_from=unproven)


def _unbounded(relaxed: Unbound) -> Unbounded:
    network = relaxed.network
    return Unbounded(network.names, network.home_of.copy(), classes_of(relaxed.chains).threshold)


def solve(network: Network, lists: Lists, cost: Cost) -> Solved:
    """House whom can be housed, all as cheaply as can be, with no regard to side rules; the network is changed."""
    house(network, lists)
    classes = classes_of(chains_of(network, lists))
    price = give_cheapest(network, classes, tight_pairs(network, classes.number, lists, cost))
    return Solved(network, classes, price)


def plan_of(problem: Problem, candidates: Candidates, solved: Solved) -> Plan:
    """Put the pairs found and the promises already made together, in the order of needs."""
    network, classes = solved.network, solved.classes
    proof = Proof(candidates, network.names, classes.threshold, classes.number, solved.price)
    return plan_from(problem, candidates, network.home_of, proof=proof)


def plan_from(
    problem: Problem, candidates: Candidates, home_of: Ints, *, proof: Proof | None = None, proven: bool = True
) -> Plan:
    """Return the plan in which the need at each place holds the given home, or none where that is below 0."""
    places = np.flatnonzero(home_of >= 0)
    needs, homes = candidates.needs[places], home_of[places]
    parts = misfit.parts_of(Pairs.listed(candidates.facts, needs, homes))
    line_of = {home.home: home.line for home in problem.homes}
    placements = {need: Placement(need, home, line_of[home], locked=True, misfit=None) for need, home in problem.locked}
    for need_row, home_row, part in zip(needs.tolist(), homes.tolist(), parts, strict=True):
        need, home = problem.needs[need_row].need, problem.homes[home_row].home
        placements[need] = Placement(need, home, line_of[home], locked=False, misfit=part)
    in_order = (problem.needs[row].need for row in candidates.needs.tolist())
    return Plan(
        placements=tuple(placements[need] for need in in_order if need in placements),
        proven=proven,
        misfit=sum(part.total for part in parts),
        kept=int(current_of(problem).holds(needs, homes).sum()),
        proof=proof,
    )
