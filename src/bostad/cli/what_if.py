"""`bostad what-if FOLDER`: change something in thought, and say who gains a home, who loses one and who moves."""

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bostad.adapters.match_folder import BadFolder, read_folder
from bostad.adapters.match_folder.cells import BadCell
from bostad.adapters.match_folder.columns import NEEDS
from bostad.cli.match import BAD_INPUT, PLAN_FAILED, a_day
from bostad.matching.problem import Problem

if TYPE_CHECKING:
    from bostad.matching.what_if import Change, Outcome


class _Unknown(ValueError):
    """A change that names something the folder does not hold."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "what-if",
        help="change something in a folder in thought, and say who gains and who loses",
        description="Find the best plan of a folder, make one change in thought, and say what it would do.",
        epilog="Exit status: 0 done, 2 bad input, 3 the plan did not pass the checker. Nothing is written.",
    )
    parser.add_argument("folder", type=Path, help="folder with needs.csv, homes.csv and lines.csv")
    parser.add_argument("--date", type=a_day, metavar="YYYY-MM-DD", help="the run date (default: today)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    change = parser.add_mutually_exclusive_group(required=True)
    change.add_argument("--force", nargs=2, metavar=("NEED", "HOME"), help="promise this home to this need")
    change.add_argument("--without-home", metavar="HOME", help="take a home away")
    change.add_argument("--without-need", metavar="NEED", help="let a household leave the run")
    change.add_argument("--more-like", nargs=2, metavar=("HOME", "MONTHS"), help="one more such home each month")
    change.add_argument("--set", nargs=3, metavar=("NEED", "COLUMN", "CELL"), help="change one cell of one need")


def run(options: argparse.Namespace) -> int:
    """Say what the change would do, and give the exit status."""
    try:
        problem = read_folder(options.folder, options.date or datetime.now(UTC).astimezone().date()).problem
        change = _change(options, problem)
    except BadFolder as bad:
        return _refuse(bad.lines, BAD_INPUT)
    except (_Unknown, BadCell) as wrong:
        return _refuse([str(wrong)], BAD_INPUT)

    from bostad.matching.check import faults
    from bostad.matching.solve import best_plan
    from bostad.matching.what_if import what_if

    before = best_plan(problem)
    outcome = what_if(problem, before, change)
    wrong_with_it = faults(change(problem), outcome.plan)
    if wrong_with_it:
        return _refuse(["the plan did not pass the checker:", *wrong_with_it], PLAN_FAILED)
    print(json.dumps(_figures(outcome)) if options.json else _text(outcome))
    return 0


def _change(options: argparse.Namespace, problem: Problem) -> "Change":
    from bostad.matching import what_if

    needs = {need.need for need in problem.needs}
    homes = {home.home: home for home in problem.homes}
    if options.force:
        need, home = _known(options.force[0], needs, "need"), _known(options.force[1], homes, "home")
        if any(need in pair or home in pair for pair in problem.locked):
            raise _Unknown("the need or the home is promised already")
        return what_if.forced(need, home)
    if options.without_home:
        return what_if.without_home(_known(options.without_home, homes, "home"))
    if options.without_need:
        return what_if.without_need(_known(options.without_need, needs, "need"))
    if options.more_like:
        home, months = options.more_like
        if not months.isdecimal() or not int(months):
            raise _Unknown(f"'{months}' is not a number of months")
        return what_if.one_more_a_month(homes[_known(home, homes, "home")], int(months))
    return _with_cell(problem, *options.set)


def _with_cell(problem: Problem, need: str, column: str, cell: str) -> "Change":
    from dataclasses import replace

    from bostad.matching.what_if import with_need

    _known(need, {other.need for other in problem.needs}, "need")
    _known(column, NEEDS.keys() - {"need"}, "column")
    value = NEEDS[column].parse(cell) if cell else NEEDS[column].empty
    changed = next(other for other in problem.needs if other.need == need)
    return with_need(replace(changed, **{column: value}))


def _known(name: str, names: Collection[str], kind: str) -> str:
    if name not in names:
        raise _Unknown(f"there is no {kind} '{name}'")
    return name


def _figures(outcome: "Outcome") -> dict[str, object]:
    return {
        "gains": dict(outcome.gains),
        "loses": dict(outcome.loses),
        "moves": {need: list(pair) for need, pair in outcome.moves.items()},
        "placed": len(outcome.plan.placements),
        "misfit": outcome.plan.misfit,
        "proven": outcome.plan.proven,
    }


def _text(outcome: "Outcome") -> str:
    said = [f"need {need} would get home {home}" for need, home in outcome.gains.items()]
    said += [f"need {need} would lose home {home}" for need, home in outcome.loses.items()]
    said += [f"need {need} would get home {after} and not {before}" for need, (before, after) in outcome.moves.items()]
    placed = f"{len(outcome.plan.placements)} would be placed, at a misfit of {outcome.plan.misfit}"
    return "\n".join([*(said or ["nothing would change for anybody"]), placed])


def _refuse(lines: Sequence[str], status: int) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return status
