"""Classes of exchange done by themselves come to what they come to together."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from bostad.bench.instances import instance
from bostad.bench.parallel import _ground, dealt, in_parallel
from bostad.matching.candidates import open_pairs
from bostad.matching.tight import cost_in, current_of
from bostad.matching.which import give_cheapest


def test_parts_done_side_by_side_come_to_the_same_total() -> None:
    problem = instance("M")
    network, classes, pairs = _ground(problem)
    parts = dealt(pairs, 3)
    assert sum(map(len, parts)) == len(pairs)
    numbers = [set(part.number.tolist()) for part in parts]
    assert not numbers[0] & numbers[1]
    together, apart = network.copy(), network.copy()
    give_cheapest(together, classes, pairs)
    with ThreadPoolExecutor(2) as pool:
        in_parallel(pool, apart, classes, parts)
    candidates = open_pairs(problem)
    cost = cost_in(candidates, current_of(problem))
    totals = []
    for one in (network, together, apart):
        places = np.flatnonzero(one.home_of >= 0)
        totals.append((len(places), int(cost(places, one.home_of[places]).sum())))
    before, whole, parted = totals
    assert whole == parted
    assert whole[0] == before[0]
    assert whole[1] < before[1], "there was something to choose"
