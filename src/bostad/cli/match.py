"""`bostad match FOLDER`: read a folder of CSV files, find the best plan, check it, and print or write it."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from bostad.adapters.match_folder import BadFolder, read_folder, write_plan
from bostad.adapters.match_folder.cells import BadCell, day
from bostad.cli.plan_text import plan_text, summary
from bostad.matching.candidates import Candidates, open_pairs
from bostad.matching.check import faults
from bostad.matching.plan import Plan
from bostad.matching.problem import RISKS, Problem
from bostad.matching.reasons import Placed, Unplaced

BAD_INPUT, PLAN_FAILED = 2, 3

Judge = Callable[[Problem, Plan], list[str]]


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "match",
        help="plan matches for a folder of CSV files and print the plan",
        description="Find the best plan for the needs, homes and quota lines in a folder of CSV files.",
        epilog="Exit status: 0 a plan was made, 2 bad input, 3 the plan did not pass the checker.",
    )
    parser.add_argument("folder", type=Path, help="folder with needs.csv, homes.csv and lines.csv")
    parser.add_argument("--date", type=a_day, metavar="YYYY-MM-DD", help="the run date (default: today)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write placements.csv and unplaced.csv here")
    parser.add_argument("--json", action="store_true", help="print the result's figures as one JSON object")


def run(options: argparse.Namespace, judge: Judge = faults) -> int:
    """Make a plan and give the exit status; the judge says what is wrong with a plan before it is used."""
    run_date = options.date or datetime.now(UTC).astimezone().date()
    try:
        return _match(options, run_date, judge)
    except BadFolder as bad:
        _say(bad.lines)
        return BAD_INPUT


@dataclass
class _Clock:
    """Seconds spent in each stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self.seconds[stage] = round(perf_counter() - start, 6)


@dataclass(frozen=True)
class _Result:
    problem: Problem
    plan: Plan
    eligible_pairs: int
    placed: Sequence[Placed]
    unplaced: Sequence[Unplaced]


def _match(options: argparse.Namespace, run_date: date, judge: Judge) -> int:
    # Loading the solvers takes a second; a folder that cannot be read should not wait for them.
    clock = _Clock()
    with clock("read"):
        folder = read_folder(options.folder, run_date)
    _say(folder.warnings)

    from bostad.matching.solve import TooLarge, best_plan

    problem = folder.problem
    with clock("eligibility"):
        allowed = open_pairs(problem)
    try:
        with clock("solve"):
            plan = best_plan(problem, allowed)
            wrong = judge(problem, plan)
    except TooLarge as refusal:
        _say([str(refusal)])
        return BAD_INPUT
    if wrong:
        _say(["the plan did not pass the checker, so nothing was written:", *wrong])
        return PLAN_FAILED
    with clock("explain"):
        result = _explained(problem, plan, allowed)
    return _hand_over(options, result, clock)


def _explained(problem: Problem, plan: Plan, allowed: Candidates) -> _Result:
    from bostad.matching.explain import placed, unplaced

    return _Result(problem, plan, len(allowed), placed(problem, plan), unplaced(problem, plan, allowed))


def _hand_over(options: argparse.Namespace, result: _Result, clock: _Clock) -> int:
    """Write the files if asked to, then print what was asked for."""
    try:
        with clock("write"):
            if options.out:
                write_plan(options.out, result.placed, result.unplaced)
    except OSError as error:
        _say([f"{options.out}: cannot be written: {error.strerror}"])
        return BAD_INPUT
    if options.out:
        _say([f"{summary(result.problem, result.plan)} Written to {options.out}."])
    elif options.json and not result.plan.proven:
        _say([summary(result.problem, result.plan)])
    if options.json:
        print(json.dumps(_figures(result, clock.seconds)))
    elif not options.out:
        print(plan_text(result.problem, result.plan, result.placed, result.unplaced))
    return 0


def _figures(result: _Result, seconds: dict[str, float]) -> dict[str, Any]:
    risks = [row.need.risk for row in result.placed]
    return {
        "placed": len(result.placed),
        "locked": len(result.problem.locked),
        "placed_by_risk": {risk: risks.count(risk) for risk in RISKS},
        "unplaced": len(result.unplaced),
        "misfit": result.plan.misfit,
        "kept": result.plan.kept,
        "eligible_pairs": result.eligible_pairs,
        "proven": result.plan.proven,
        "seconds": seconds,
    }


def a_day(text: str) -> date:
    """Read a date given on the command line."""
    try:
        return day(text)
    except BadCell as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr)
