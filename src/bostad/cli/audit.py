"""`bostad audit verify`: whether the log's chain holds, from its first row to its last."""

import argparse

from bostad.audit.verifying import broken_at, head_of
from bostad.cli.asking import database


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser("audit", help="check the log")
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    acts.add_parser("verify", help="walk the whole chain; exit status 1 if a row does not hold")


def run(_: argparse.Namespace) -> int:
    """Walk the chain and say what was found."""
    with database() as sessions:
        with sessions() as db:
            rows, _ = head_of(db)
        broken = broken_at(sessions)
    if broken is not None:
        print(f"The chain does not hold: row {broken} was changed, is missing or does not belong there.")
        return 1
    print(f"The chain holds: {rows} rows.")
    return 0
