"""Which home each gets where building caps and keep-apart pairs bite, with it settled who is housed.

The flow without those rules costs the least that any plan can, and its prices say what each other pair adds at least.
So pairs that add more than a known plan costs above the flow can be in no better plan. A model of the cheap pairs alone
finds a plan; what it costs says which pairs could matter at all; if all of them were in the model, it is the best.
"""

import numpy as np

from bostad.matching.cheapest_priced import Cheapest, cheapest_by_prices
from bostad.matching.cores import Answer, Budget, settle
from bostad.matching.exchange import Classes, classes_of
from bostad.matching.housing import chains_of
from bostad.matching.limits import Core
from bostad.matching.network import NOBODY, Network
from bostad.matching.relation import Ints, Relation, Table
from bostad.matching.runner_up import added_by
from bostad.matching.side_rules import SideRules
from bostad.matching.tight import Cost, TightPairs, cost_in, tight_pairs
from bostad.matching.which import give_cheapest

FIRST_STEP = 8
FURTHER = 4
"""How many points above the least the first model looks, and how many times further each next one."""


def cheapest_with_rules(
    network: Network, rules: SideRules, current: Relation, relaxed: Network, effort: float
) -> Cheapest:
    """Let those housed in `network` change homes, with every rule kept; `relaxed` houses the same without."""
    cost, budget = cost_in(rules.usable, current), Budget(effort)
    priced = cheapest_by_prices(network, rules, cost, budget)
    if priced is not None:
        return priced
    classes = classes_of(chains_of(relaxed, rules.usable))
    pairs = tight_pairs(relaxed, classes.number, rules.usable, cost)
    price = give_cheapest(relaxed, classes, pairs)
    if not rules.broken(relaxed.home_of):
        return Cheapest(relaxed.home_of, proven=True)
    adds = added_by(relaxed, pairs, price)
    bound = _sum(cost, relaxed.home_of)
    touched = _touched(relaxed, rules, classes.number)
    pairs, adds = pairs[touched[pairs.number]], adds[touched[pairs.number]]
    best, places = relaxed.home_of.copy(), np.unique(pairs.place)
    best[places] = _improved(network, rules, classes, pairs)[places]
    step = FIRST_STEP
    while True:
        gap = _sum(cost, best) - bound
        step = min(step, gap)
        found = _model(relaxed, rules, pairs[adds <= step], best, budget)
        if found is not None and _sum(cost, found.home_of) <= gap + bound:
            best, gap = found.home_of, _sum(cost, found.home_of) - bound
        if gap <= step or budget.left <= 0:
            return Cheapest(best, proven=gap <= step and found is not None and found.proven)
        step *= FURTHER


def _improved(network: Network, rules: SideRules, classes: Classes, pairs: TightPairs) -> Ints:
    """Let homes change hands where that breaks no rule: who is kept apart stays, and capped buildings take none."""
    stays = np.zeros(len(network.home_of), dtype=np.bool_)
    stays[[place for rule in rules.apart for place in (rule.one, rule.other)]] = True
    new = (rules.building[pairs.home] >= 0) & (network.holder[pairs.home] == NOBODY)
    own = network.home_of[pairs.place] == pairs.home
    improved = network.copy()
    give_cheapest(improved, classes, pairs[own | ~(new | stays[pairs.place])])
    return improved.home_of


def _touched(relaxed: Network, rules: SideRules, number: Ints) -> Table:
    """Return True for the classes that rules bind, one after another, to a class in which one is broken."""
    bound_to = np.arange(int(number.max()) + 1)
    groups = [np.flatnonzero(rules.building == building) for building in range(len(rules.cap))]
    groups += [relaxed.home_of[[rule.one, rule.other]] for rule in rules.apart]
    groups = [np.unique(number[homes[homes != NOBODY]]) for homes in groups]
    for group in groups:
        bound_to[np.isin(bound_to, bound_to[group])] = bound_to[group].min(initial=len(bound_to))
    near = [relaxed.home_of[[rule.one, rule.other]] for rule in rules.too_near(relaxed.home_of)]
    full = np.flatnonzero(np.isin(rules.building, np.flatnonzero(rules.overfull(relaxed.home_of))))
    broken = np.concatenate([full, *near])
    touched: Table = np.isin(bound_to, bound_to[number[broken]])
    return touched


def _sum(cost: Cost, home_of: Ints) -> int:
    places = np.flatnonzero(home_of != NOBODY)
    return int(cost(places, home_of[places]).sum())


def _model(relaxed: Network, rules: SideRules, pairs: TightPairs, best: Ints, budget: Budget) -> Cheapest | None:
    """Solve for the needs with a choice among some pairs, everybody else staying where the flow has them."""
    fixed = relaxed.home_of.copy()
    fixed[pairs.place] = NOBODY
    others = np.flatnonzero(fixed != NOBODY)
    rest = relaxed.copy()
    rest.put(others, fixed[others])
    place, home, cost = _open(rules, fixed, pairs)
    core = Core(place, home, rest.left, rules.cap - rules.held(fixed), cost)
    hint = {row: int(best[place[row]] == home[row]) for row in range(len(place))}
    if len(np.unique(place)) < len(np.unique(pairs.place)):
        return None
    found = settle(core, relaxed, rules, budget, hint)
    if found.answer is not Answer.FOUND:
        return None
    fixed[place[found.rows]] = home[found.rows]
    return Cheapest(fixed, found.proven)


def _open(rules: SideRules, fixed: Ints, pairs: TightPairs) -> tuple[Ints, Ints, Ints]:
    """Drop the pairs that somebody who stays where she is keeps a need apart from."""
    stay = np.ones(len(pairs), dtype=np.bool_)
    for rule in rules.apart:
        for mine, other in ((rule.one, rule.other), (rule.other, rule.one)):
            if fixed[other] != NOBODY:
                rows = np.flatnonzero(pairs.place == mine)
                stay[rows] &= ~rule.near(pairs.home[rows], int(fixed[other]))
    return pairs.place[stay], pairs.home[stay], pairs.cost[stay]
