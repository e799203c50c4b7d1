"""Whether dividing a run's classes of exchange among parallel tasks makes it faster: `bostad bench --parallel-classes`.

Who is housed is settled need by need and cannot be divided. Which home each gets can be: classes share nothing. Whole
classes are dealt out, the largest first, to threads of one process (compiled code lets go of the interpreter) and to
processes, which must be handed the pairs and hand the homes back, as tasks on a queue would. Times are of the wall.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from time import perf_counter

import numpy as np

from bostad.bench.instances import instance
from bostad.matching.candidates import open_pairs
from bostad.matching.exchange import Classes, classes_of
from bostad.matching.housing import chains_of
from bostad.matching.in_turn import house
from bostad.matching.network import Network, network_of
from bostad.matching.problem import Problem
from bostad.matching.relation import Ints
from bostad.matching.tight import TightPairs, cost_in, current_of, tight_pairs

TASKS, ROUNDS = 2, 5


@dataclass(frozen=True)
class Measured:
    """Seconds of the wall for one size: what comes before the classes, and the classes done in three ways."""

    size: str
    before: float
    classes: int
    pairs: int
    largest: float
    """the share of the pairs that lie in the largest class: no division makes it shorter"""
    one_by_one: float
    threads: float
    processes: float


def measure(size: str) -> Measured:
    """Solve an instance up to its classes, and those in three ways; all must come to the same total."""
    from bostad.matching.which import give_cheapest

    problem = instance(size)
    _ground(instance("S"))  # makes the compiled code ready
    start = perf_counter()
    network, classes, pairs = _ground(problem)
    before = perf_counter() - start
    parts = dealt(pairs, TASKS)
    with ThreadPoolExecutor(TASKS) as threads, ProcessPoolExecutor(TASKS, get_context("spawn")) as processes:
        list(processes.map(abs, range(TASKS)))  # the processes are there before the clock starts
        ways: dict[str, Callable[[Network], object]] = {
            "one_by_one": lambda copy: give_cheapest(copy, classes, pairs),
            "threads": lambda copy: in_parallel(threads, copy, classes, parts),
            "processes": lambda copy: in_parallel(processes, copy, classes, parts),
        }
        seconds = {name: _timed(network, way) for name, way in ways.items()}
    sizes = np.bincount(pairs.number)
    largest = float(sizes.max(initial=0) / max(1, len(pairs)))
    return Measured(size, before, int((sizes > 0).sum()), len(pairs), largest, **seconds)


def in_parallel(pool: Executor, network: Network, classes: Classes, parts: Sequence[TightPairs]) -> None:
    """Let each part be done by itself, and put what came of them together."""
    home_of = network.home_of.copy()
    done = pool.map(partial(_one_part, network, classes), parts)
    for part, found in zip(parts, done, strict=True):
        home_of[part.place] = found[part.place]
    places = np.flatnonzero(home_of >= 0)
    network.put(places, home_of[places])


def dealt(pairs: TightPairs, hands: int) -> list[TightPairs]:
    """Deal whole classes out, the largest first to whoever has least."""
    sizes = np.bincount(pairs.number)
    load, hand_of = [0] * hands, np.zeros(len(sizes), dtype=np.int64)
    for number in np.argsort(-sizes, kind="stable").tolist():
        hand_of[number] = load.index(min(load))
        load[hand_of[number]] += int(sizes[number])
    return [pairs[hand_of[pairs.number] == hand] for hand in range(hands)]


def table(rows: Sequence[Measured]) -> str:
    """Put what was measured into a Markdown table."""
    head = (
        "| size | before the classes, s | classes | pairs | in the largest | one by one, s | 2 threads | 2 processes |"
    )
    lines = [head, "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.size} | {row.before:.3f} | {row.classes:,} | {row.pairs:,} | {row.largest:.0%} |"
        f" {row.one_by_one:.4f} | {row.threads:.4f} | {row.processes:.4f} |"
        for row in rows
    ]
    return "\n".join(lines)


def _ground(problem: Problem) -> tuple[Network, Classes, TightPairs]:
    candidates, network = open_pairs(problem), network_of(problem)
    house(network, candidates)
    classes = classes_of(chains_of(network, candidates))
    return network, classes, tight_pairs(network, classes.number, candidates, cost_in(candidates, current_of(problem)))


def _one_part(network: Network, classes: Classes, part: TightPairs) -> Ints:
    from bostad.matching.which import give_cheapest

    copy = network.copy()
    give_cheapest(copy, classes, part)
    return copy.home_of


def _timed(network: Network, way: Callable[[Network], object]) -> float:
    """Return the least of some rounds, each on a copy of its own: others may be at work on the machine."""
    seconds = []
    for _ in range(ROUNDS):
        copy = network.copy()
        start = perf_counter()
        way(copy)
        seconds.append(perf_counter() - start)
    return min(seconds)
