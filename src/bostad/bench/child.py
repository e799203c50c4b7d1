"""One method on one instance, in a process of its own: `python -m bostad.bench.child METHOD SIZE FILE`."""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import TypeVar

import numpy as np

from bostad.bench.arena import Arena, Ints, arena_of
from bostad.bench.instances import instance
from bostad.bench.peers import PEERS
from bostad.matching.candidates import candidates_of, rows_in_the_run
from bostad.matching.columns import facts_of
from bostad.matching.priority import order

TIMES, LONG = 5, 10.0
T = TypeVar("T")
Report = dict[str, object]


def main(method: str, size: str, path: Path) -> None:
    """Print a JSON report; our own method also writes the arena that the others read."""
    report = ours(size, path) if method == "bostad" else peer(method, path)
    report["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(report))


def ours(size: str, path: Path) -> Report:
    """Solve an instance from its problem, stage by stage; the first round only makes the compiled code ready."""
    from bostad.matching.check_proof import proof_faults
    from bostad.matching.network import network_of
    from bostad.matching.solve import plan_of, solve
    from bostad.matching.tight import cost_in, current_of

    solve_once("S")
    problem = instance(size)
    stages: dict[str, float] = {}
    start = process_time()
    facts = facts_of(problem)
    in_order, in_the_run = np.array(order(problem.needs), dtype=np.int64), rows_in_the_run(problem)
    stages["columns"] = process_time() - start
    start = process_time()
    candidates = candidates_of(facts, in_order, *in_the_run)
    stages["eligibility"] = process_time() - start
    cost, network = cost_in(candidates, current_of(problem)), network_of(problem)
    seconds, solved = _timed(lambda: solve(network.copy(), candidates, cost))
    stages["solve with certificate"] = seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    start = process_time()
    plan = plan_of(problem, candidates, solved)
    stages["plan"] = process_time() - start
    start = process_time()
    faults = list(proof_faults(problem, plan, plan.proof)) if plan.proof else ["no proof"]
    stages["check the certificate"] = process_time() - start
    arena = arena_of(network, candidates, cost)
    arena.save(path)
    total = stages["columns"] + stages["eligibility"] + seconds
    return {**_result(arena, solved.network.home_of, path, "bostad"), "solve_s": seconds, "total_s": total} | {
        "stages": stages,
        "faults": faults,
        "pairs": len(candidates),
        "solve_peak_mib": peak,
    }


def solve_once(size: str) -> None:
    """Make compiled code ready, which is done once for a computer and not once for a run."""
    from bostad.matching.solve import best_plan

    best_plan(instance(size))


def peer(method: str, path: Path) -> Report:
    """Run another method on the same pairs."""
    arena = Arena.load(path)
    seconds, home_of = _timed(lambda: PEERS[method](arena))
    return {**_result(arena, home_of, path, method), "solve_s": seconds}


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the median CPU seconds of five rounds, of one if that takes long."""
    seconds = []
    while True:
        start = process_time()
        found = work()
        seconds.append(process_time() - start)
        if len(seconds) == TIMES or seconds[0] > LONG:
            return median(seconds), found


def _result(arena: Arena, home_of: Ints, path: Path, method: str) -> Report:
    """Sum up an assignment, and store it beside the arena."""
    np.save(path.with_name(f"{method}.npy"), home_of)
    objective = 0
    for place in np.flatnonzero(home_of >= 0).tolist():
        span = slice(arena.start[place], arena.start[place + 1])
        objective += int(arena.cost[span][arena.home[span] == home_of[place]][0])
    return {"objective": objective, "placed": int((home_of >= 0).sum())}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
