"""`bostad runs check`: judge the last month's matching runs again, each by what was kept of it, without a solver."""

import argparse
from collections.abc import Sequence
from uuid import UUID

from bostad.cli.asking import database
from bostad.records import Sessions
from bostad.zones.logins import Login


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser("runs", help="judge matching runs again")
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    check = acts.add_parser(
        "check",
        help="hold what was kept of each run to its fingerprint, every rule and its proof; status 1 if one fails",
    )
    check.add_argument("run", nargs="*", type=UUID, metavar="RUN", help="these runs alone (default: all that is kept)")


def run(options: argparse.Namespace) -> int:
    """Judge the runs and give the exit status."""
    with database(Login.WORKER) as sessions:
        return check(sessions, options.run)


def check(sessions: Sessions, wanted: Sequence[UUID] = ()) -> int:
    """Judge runs and say what was found: how many faults, never whose. Gives 1 if any run does not hold."""
    from bostad.placements.records import NotKept, faults_of, runs_kept

    kept = dict(runs_kept(sessions))
    bad = 0
    for run_id in wanted or kept:
        try:
            faults = faults_of(sessions, run_id)
        except NotKept as gone:
            print(f"{run_id}: cannot be judged, {gone}")
            continue
        bad += bool(faults)
        print(f"{run_id}: {f'faults: {len(faults)}' if faults else 'holds'} ({kept[run_id]:%Y-%m-%d %H:%M})")
    print(f"Runs judged: {len(wanted or kept)}; that do not hold: {bad}.")
    return 1 if bad else 0
