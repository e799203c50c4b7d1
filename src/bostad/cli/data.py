"""`bostad data`: what data there is, how each kind is protected, and how long it is kept (S03)."""

import argparse
from collections import defaultdict
from collections.abc import Iterator

from bostad.zones.care import LEVELS, NEVER, Care, Level
from bostad.zones.care_tables import CARE
from bostad.zones.tables import TABLES


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    subparsers.add_parser("data", help="list every table's columns with their protection, and how long rows are kept")


def run(_: argparse.Namespace) -> int:
    """Print it, as docs/data.md holds it."""
    print("\n".join(lines()))
    return 0


def lines() -> Iterator[str]:
    """Give the two tables, as Markdown."""
    yield from (
        "| level | at rest | in the log of who did what | in the programs' logs | where it may go |",
        "| - " * 5 + "|",
    )
    for level, asks in LEVELS.items():
        program = "yes" if asks.in_program_log else NEVER
        yield f"| {level} | {asks.at_rest} | {asks.in_audit} | {program} | {asks.goes} |"
    yield ""
    yield from ("| zone | table | columns by level; ids are pointers | kept |", "| - " * 4 + "|")
    for name, care in CARE.items():
        yield f"| {TABLES[name].zone} | `{name}` | {_by_level(care)} | {care.keep.words} |"


def _by_level(care: Care) -> str:
    columns: dict[Level, list[str]] = defaultdict(list)
    for name, level in care.levels.items():
        columns[level].append(name)
    return "; ".join(f"**{level}** {', '.join(columns[level])}" for level in Level if level in columns)
