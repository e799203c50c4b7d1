"""Which home each of those housed gets: the least misfit, with the prices that prove it.

Whoever does not hold a home that costs her least, prices counted in, gives hers up and waits. Then, round by round,
prices rise around those who wait until some can go on to homes that were given up, along exchanges that cost nothing
(the Hungarian method for all who wait at once, in rounds like Hopcroft's and Karp's). When nobody waits the prices
prove that the sum is the least. All numbers are whole, and only pairs inside one class of exchanges are looked at.
"""

import numpy as np

from bostad.matching.bargains import exchange
from bostad.matching.candidates import Lists
from bostad.matching.compiled import compiled
from bostad.matching.exchange import Classes
from bostad.matching.housing import Chains, chains_of
from bostad.matching.market import Fits, Market, Notes, give_up, keep_near, rise, spread
from bostad.matching.network import NOBODY, Network
from bostad.matching.relation import Ints
from bostad.matching.tight import TightPairs

NEAR = 4
"""Pairs that cost more than the best by more than this are left out until prices have risen by so much."""
FINE = 8
"""Costs of more bits than this are settled in coarse units first, each a quarter of the one before."""
LARGEST = 2**60
"""Above this, cost x nodes comes near what 64 bits hold."""


class TooLarge(OverflowError):
    """The numbers of a problem are too large to be summed exactly, so no plan is made."""


def give_cheapest(network: Network, classes: Classes, pairs: TightPairs) -> Ints:
    """Let those who are housed change homes so that the sum of costs is the least; raises TooLarge.

    Returns the price of each node, as in Proof, for the classes that the pairs lie in.
    """
    price = np.zeros(network.out + 1, dtype=np.int64)
    if not len(pairs):
        return price
    in_turn = np.argsort(pairs.place, kind="stable")
    start = np.searchsorted(pairs.place[in_turn], np.arange(len(network.home_of) + 1))
    home, cost = pairs.home[in_turn].astype(np.int32), pairs.cost[in_turn] - int(pairs.cost.min())
    if int(cost.max()) * len(price) > LARGEST:
        raise TooLarge(f"a misfit of {int(pairs.cost.max())} is too large to be summed exactly; no plan is made")
    coarse = max(0, int(cost.max()).bit_length() - FINE)
    chains = chains_of(network, Lists(start, home))
    market = _market(network, classes, price)
    for shift in [*range(coarse, 0, -2), 0]:
        _settle(chains, Fits(start, home, cost >> shift), market, _notes(len(price)))
        price *= 4 if shift > 1 else 1 + shift
    return -price


def _market(network: Network, classes: Classes, price: Ints) -> Market:
    best, waiting = (np.zeros(len(network.home_of), dtype=np.int64) for _ in range(2))
    return Market(classes.number, price, best, waiting, np.zeros(network.homes, dtype=np.bool_))


def _notes(nodes: int) -> Notes:
    far, steps, wave, cursor, path = (np.full(nodes + 1, NOBODY, dtype=np.int64) for _ in range(5))
    node, after = (np.empty((NEAR + 1) * nodes, dtype=np.int64) for _ in range(2))
    return Notes(far, steps, np.empty(NEAR + 1, dtype=np.int64), node, after, wave, cursor, path)


@compiled
def _settle(chains: Chains, fits: Fits, market: Market, notes: Notes) -> None:
    """Let prices rise and homes change hands until nobody waits."""
    near = Fits(np.empty_like(fits.start), np.empty_like(fits.home), np.empty_like(fits.cost))
    count = give_up(chains, fits, market)
    while count > 0:
        keep_near(fits, market, NEAR, near)
        further, before = NEAR, count + 1
        while count > 0 and (further > 0 or count < before):
            before = count
            by = spread(count, further + 1, chains, near, market, notes)
            rise(by, count, chains, market, notes)
            count = exchange(count, chains, near, market, notes)
            further -= by
