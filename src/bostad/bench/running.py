"""Run every method on every size, one process after another, and put what they report into rows."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bostad.bench.instances import instance
from bostad.matching.priority import order

METHODS = (
    "bostad",
    "flow-levels",
    "scipy-sparse",
    "scipy-dense",
    "highs",
    "cp-sat",
    "networkx",
    "greedy-home",
    "greedy-household",
    "floor",
)
NETWORKX_UP_TO = ("S", "M")
SECONDS, BYTES = 120, 12 * 2**30
"""What each peer may take; ours is not limited, so that it is seen what it takes."""


@dataclass(frozen=True)
class Row:
    """What one method did with one size; None where it did not finish, seconds of CPU time."""

    size: str
    method: str
    exact: bool
    solve_s: float | None = None
    total_s: float | None = None
    peak_mib: int | None = None
    objective: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what goes into the JSON table."""
        return {name: value for name, value in asdict(self).items() if name != "extra"}


def rows_for(size: str, methods: Sequence[str] = METHODS) -> Iterator[Row]:
    """Run the methods on one size; our own first, since it lists the pairs for all."""
    with tempfile.TemporaryDirectory(prefix="bostad-bench-") as folder:
        path = Path(folder, "arena.npz")
        mine = _run("bostad", size, path, limited=False)
        if mine is None:
            raise RuntimeError("our own method did not finish")
        before = mine["total_s"] - mine["solve_s"]
        ours = np.load(path.with_name("bostad.npy"))
        for method in methods:
            skipped = method == "networkx" and size not in NETWORKX_UP_TO
            report = mine if method == "bostad" else None if skipped else _run(method, size, path, limited=True)
            if report is None:
                yield Row(size, method, exact=False)
                continue
            home_of = np.load(path.with_name(f"{method}.npy"))
            same = report["objective"] == mine["objective"] and bool(((home_of >= 0) == (ours >= 0)).all())
            extra = {**report, **(_lost(size, ours, home_of) if method.startswith("greedy") else {})}
            yield Row(
                size=size,
                method=method,
                exact=same and not (method == "bostad" and report["faults"]),
                solve_s=report["solve_s"],
                total_s=before + report["solve_s"],
                peak_mib=report["peak_mib"],
                objective=report["objective"],
                extra=extra,
            )


def _run(method: str, size: str, path: Path, *, limited: bool) -> dict[str, Any] | None:
    command = [sys.executable, "-m", "bostad.bench.child", method, size, str(path)]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            env=os.environ | threads,
            timeout=SECONDS if limited else None,
            preexec_fn=_limit_memory if limited else None,
        )
    except subprocess.TimeoutExpired:
        return None
    report: dict[str, Any] | None = json.loads(done.stdout) if done.returncode == 0 else None
    return report


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def _lost(size: str, ours: "np.ndarray[Any, Any]", theirs: "np.ndarray[Any, Any]") -> dict[str, int]:
    """Count what the best plan houses beyond what another does: acute households, households, children."""
    problem = instance(size)
    in_order = [problem.needs[row] for row in order(problem.needs)]
    ahead = (ours >= 0).astype(int) - (theirs >= 0).astype(int)
    return {
        "acute": sum(int(step) for step, need in zip(ahead, in_order, strict=True) if need.risk == "acute"),
        "households": int(ahead.sum()),
        "children": sum(int(step) * len(need.child_ages) for step, need in zip(ahead, in_order, strict=True)),
    }
