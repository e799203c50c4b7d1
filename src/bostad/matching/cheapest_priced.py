"""Which home each gets where side rules bite, by a linear programme of all who are housed, and prices that prove it.

What the programme chooses is nearly always whole, and then the best there is. Where it is not, a search takes over with
the few pairs whose reduced cost lies within the gap: none of the others is in a better plan than the one known.
"""

from dataclasses import dataclass

import numpy as np

from bostad.matching.cores import Answer, Budget, settle
from bostad.matching.limits import Core, Limits, limits_of
from bostad.matching.linear import NEAR, Relaxed, relax
from bostad.matching.network import NOBODY, Network
from bostad.matching.relation import Ints
from bostad.matching.side_proof import Tariff
from bostad.matching.side_rules import SideRules
from bostad.matching.tariffs import UNITS, paid, taken_in, tariff_from
from bostad.matching.tight import Cost

MOST_PAIRS = 100_000
"""In one programme."""
NOBODY_WANTED = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Cheapest:
    """Who holds what, whether it is proven that it cannot cost less, and what `tariff` proves that it must cost."""

    home_of: Ints
    proven: bool
    tariff: Tariff | None = None
    least: int | None = None


def cheapest_by_prices(network: Network, rules: SideRules, cost: Cost, budget: Budget) -> Cheapest | None:
    """Let those housed change homes, with every rule kept; None if they are too many, or the effort ends before."""
    housed = np.flatnonzero(network.home_of != NOBODY)
    if int(rules.usable.count[housed].sum()) > MOST_PAIRS:
        return None
    position, home = rules.usable.of_places(housed)
    place = housed[position]
    core = Core(place, home, network.cap, rules.cap, cost(place, home))
    limits = limits_of(core, network, rules)
    start = network.home_of[place] == home
    found = relax(core, limits, core.costs.astype(np.float64), budget, wanted=NOBODY_WANTED, start=start)
    if found is None:
        return None
    tariff, worth = _bound(core, limits, found, network, rules)
    least = -(-worth // tariff.unit)
    known = np.flatnonzero(start)
    chosen = _whole(core, found, network, rules, budget)
    best = known if chosen is None or core.costs[chosen].sum() > core.costs[known].sum() else chosen
    proven = int(core.costs[best].sum()) == least
    if not proven:
        best, proven = _searched(core, best, tariff, worth, network=network, rules=rules, budget=budget)
    home_of = network.home_of.copy()
    home_of[place[best]] = home[best]
    return Cheapest(home_of, proven, tariff, least)


def _bound(core: Core, limits: Limits, found: Relaxed, network: Network, rules: SideRules) -> tuple[Tariff, int]:
    """Return the tariff that proves most, and what by it every plan costs at least, in its units."""
    told = []
    for unit in UNITS:
        tariff = tariff_from(core, limits, found.charge, unit, network=network, rules=rules)
        worth = int(_least(core, tariff, network, rules).sum()) - taken_in(tariff, network, rules)
        told.append((-(-worth // unit), -unit, tariff, worth))
    _, _, tariff, worth = max(told, key=lambda one: one[:2])
    return tariff, worth


def _paid(core: Core, tariff: Tariff, network: Network, rules: SideRules) -> Ints:
    return paid(tariff, network, rules, core.place, core.home, core.costs)


def _least(core: Core, tariff: Tariff, network: Network, rules: SideRules) -> Ints:
    """Return the least that each need pays, one after another."""
    least: Ints = np.minimum.reduceat(_paid(core, tariff, network, rules), core.first)
    return least


def _whole(core: Core, found: Relaxed, network: Network, rules: SideRules, budget: Budget) -> Ints | None:
    """Return the rows chosen; where some are chosen in part, what a search makes of those needs beside all others."""
    if not found.broken.any():
        return np.flatnonzero(found.share > 1 - NEAR)
    in_part = np.isin(core.place, core.place[found.broken])
    some = np.flatnonzero(in_part | (found.share > 1 - NEAR))
    answer = settle(core.only(some), network, rules, budget)
    return some[answer.rows] if answer.answer is Answer.FOUND else None


def _searched(
    core: Core, best: Ints, tariff: Tariff, worth: int, *, network: Network, rules: SideRules, budget: Budget
) -> tuple[Ints, bool]:
    """Search among the pairs that could be in a better plan than the best known; say whether the answer is proven."""
    raised = _paid(core, tariff, network, rules) - np.repeat(_least(core, tariff, network, rules), core.sizes)
    within = raised <= tariff.unit * (int(core.costs[best].sum()) - 1) - worth
    within[best] = True
    some = np.flatnonzero(within)
    hint = {row: int(known) for row, known in enumerate(np.isin(some, best).tolist())}
    answer = settle(core.only(some), network, rules, budget, hint)
    return (some[answer.rows], answer.proven) if answer.answer is Answer.FOUND else (best, False)
