"""Which home each of those housed gets: least misfit by min-cost flow, class by class. Loads OR-Tools."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from bostad.matching.exchange import Classes
from bostad.matching.network import Network
from bostad.matching.relation import Ints, Table
from bostad.matching.tight import TightPairs

AT_ONCE = 20_000
"""Classes are small and many: so many pairs go to the solver together."""
LARGEST = 2**60
"""Above this, cost x nodes comes near what 64 bits hold, and OR-Tools would refuse without saying why."""


class TooLarge(OverflowError):
    """The numbers of a problem are too large to be summed exactly, so no plan is made."""


def give_cheapest(network: Network, classes: Classes, pairs: TightPairs) -> None:
    """Let those who are housed change homes so that the sum of costs is the least; raises TooLarge."""
    home_of = network.home_of.copy()
    for portion in _portions(pairs):
        carried = _cheapest_flow(network, classes, portion)
        home_of[portion.place[carried]] = portion.home[carried]
    places = np.flatnonzero(home_of >= 0)
    network.put(places, home_of[places])


def _portions(pairs: TightPairs) -> Iterator[TightPairs]:
    """Yield whole classes, as many as make a portion."""
    first = (1 + np.flatnonzero(pairs.number[1:] != pairs.number[:-1])).tolist()
    begin = 0
    for at in [*first, len(pairs)]:
        if at - begin >= AT_ONCE or at == len(pairs):
            if at > begin:
                yield pairs[begin:at]
            begin = at


def _cheapest_flow(network: Network, classes: Classes, pairs: TightPairs) -> Table:
    """Return True for the pairs in the cheapest flow of one unit from each need; exact, in whole numbers."""
    flow = min_cost_flow.SimpleMinCostFlow()
    inside = _Inside.of(network, classes, pairs.number[np.diff(pairs.number, prepend=-1) != 0])
    served = np.zeros(len(network.home_of), dtype=np.bool_)
    served[pairs.place] = True
    needs, need = np.flatnonzero(served), (np.cumsum(served) - 1)[pairs.place]
    number_of = np.zeros(network.out + 1, dtype=np.int64)
    number_of[inside.nodes] = len(needs) + np.arange(len(inside.nodes))

    # A pair carries at most one, at its cost; moved up so that none is below zero, the same for all.
    least = np.full(len(needs), np.iinfo(np.int64).max)
    np.minimum.at(least, need, pairs.cost)
    cost = pairs.cost - least[need]
    if int(cost.max()) * (len(needs) + len(inside.nodes) + 1) > LARGEST:
        raise TooLarge(f"a misfit of {int(pairs.cost.max())} is too large to be summed exactly; no plan is made")
    arcs = flow.add_arcs_with_capacity_and_unit_cost(need, number_of[pairs.home], np.ones_like(need), cost)

    # What stays inside its class goes on to what stands above, as far as there is room beside what is fixed.
    below = inside.nodes[inside.goes_on]
    room = np.append(network.left, 0)[below] + inside.passes[below]
    flow.add_arcs_with_capacity_and_unit_cost(
        number_of[below], number_of[network.above[below]], np.minimum(room, len(needs)), np.zeros_like(below)
    )

    # Every need is served; what leaves its class does so exactly as now.
    ends = inside.nodes[~inside.goes_on]
    flow.set_nodes_supplies(np.arange(len(needs)), np.ones_like(needs))
    flow.set_nodes_supplies(number_of[ends], -inside.passes[ends])
    status = flow.solve()
    if status != flow.OPTIMAL:
        message = f"the min-cost flow ended with {status}; no plan is better than a wrong one"
        raise RuntimeError(message)
    carried: Table = np.asarray(flow.flows(arcs)) == 1
    return carried


@dataclass(frozen=True)
class _Inside:
    """Some classes by themselves: their nodes, which lead on inside them, and how many placements pass there now."""

    nodes: Ints
    goes_on: Table
    passes: Ints
    """by node of the network: placements that come from homes of the same class"""

    @classmethod
    def of(cls, network: Network, classes: Classes, numbers: Ints) -> "_Inside":
        number = classes.number
        nodes = np.flatnonzero(np.isin(number, numbers))
        above = np.append(network.above, network.out)
        goes_on = (number[above[nodes]] == number[nodes]) & (nodes != network.out)
        passes = np.zeros(network.out + 1, dtype=np.int64)
        at = nodes[nodes < network.homes]
        at = at[network.holder[at] >= 0]
        while len(at):
            np.add.at(passes, at, 1)
            at = at[(at != network.out) & (number[above[at]] == number[at])]
            at = above[at]
        return cls(nodes, goes_on, passes)
