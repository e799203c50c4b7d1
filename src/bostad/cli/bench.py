"""`bostad bench`: measure the engine beside other ways to find the same plan."""

import argparse
import json
import sys
from importlib.util import find_spec
from pathlib import Path

from bostad.bench.instances import SIZES

BAD_INPUT = 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "bench",
        help="measure the engine beside other solvers",
        description="Solve invented instances, or assignment files from elsewhere, with bostad and with its peers.",
        epilog="The peers are an optional extra: pip install 'bostad[bench]'. Exit status: 0 done, 2 bad input.",
    )
    parser.add_argument("--sizes", type=_sizes, default=["S", "M"], metavar="S,M,L,XL,XXL", help="default: S,M")
    parser.add_argument("--methods", type=_methods, default=None, metavar="NAME,...", help="default: all")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--wall", type=int, metavar="N", help="what row security costs a page among N households")
    parser.add_argument("--parallel-classes", action="store_true", help="measure a run's classes in parallel tasks")
    parser.add_argument("--besides", action="store_true", help="measure reasons, declines and side rules instead")
    parser.add_argument("--orlib", type=Path, nargs="+", metavar="FILE", help="solve OR-Library assignment files")


def run(options: argparse.Namespace) -> int:
    """Run the bench and give the exit status."""
    if options.wall:
        from bostad.cli.wall_bench import run as compare

        compare(options.wall)
        return 0
    if options.parallel_classes:
        from bostad.bench.parallel import measure, table

        print(table([measure(size) for size in options.sizes]))
        return 0
    if options.besides:
        from bostad.bench.besides import besides
        from bostad.bench.besides import table as table_of

        print(table_of([besides(size) for size in options.sizes]))
        return 0
    return _orlib(options) if options.orlib else _sized(options)


def _sized(options: argparse.Namespace) -> int:
    from bostad.bench.running import METHODS, rows_for
    from bostad.bench.table import table

    missing = [name for name in ("scipy", "highspy", "networkx") if find_spec(name) is None]
    if missing:
        print(f"not installed, so not measured: {', '.join(missing)} (pip install 'bostad[bench]')", file=sys.stderr)
    rows = []
    for size in options.sizes:
        for row in rows_for(size, options.methods or METHODS):
            took = "did not finish" if row.solve_s is None else f"{row.solve_s:.4f} s"
            print(f"{size} {row.method}: {took}", file=sys.stderr)
            rows.append(row)
    print(json.dumps({"rows": [row.as_json() for row in rows]}) if options.json else table(rows))
    return 0


def _orlib(options: argparse.Namespace) -> int:
    from bostad.bench.orlib import least_total, read_orlib

    totals = {}
    for path in options.orlib:
        try:
            totals[path.name] = least_total(*read_orlib(path))
        except (OSError, ValueError) as wrong:
            print(f"{path}: {wrong}", file=sys.stderr)
            return BAD_INPUT
    if options.json:
        print(json.dumps({"orlib": totals}))
    else:
        print("\n".join(f"{name} {total}" for name, total in totals.items()))
    return 0


def _sizes(text: str) -> list[str]:
    return _known(text, tuple(SIZES))


def _methods(text: str) -> list[str]:
    from bostad.bench.running import METHODS

    return _known(text, METHODS)


def _known(text: str, names: tuple[str, ...]) -> list[str]:
    asked = text.split(",")
    for name in asked:
        if name not in names:
            message = f"'{name}' is not one of {', '.join(names)}"
            raise argparse.ArgumentTypeError(message)
    return asked
