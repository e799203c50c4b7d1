"""The command line: `bostad <command>`. Each command is one module here, loaded only when it is asked for."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from types import ModuleType

from bostad.errors import BostadError
from bostad.sealing.keyring import UnsafeKeys
from bostad.settings import UnsafeSettings

COMMANDS = {
    "demo": "start everything on this computer, with invented data, to look at",
    "demo-code": "show the code of the demo's second step",
    "serve": "serve the web pages",
    "worker": "do the work that waits: matching runs, deadlines, messages",
    "migrate": "bring the database's schema up to date",
    "match": "plan matches for a folder of CSV files and print the plan",
    "what-if": "change something in a folder in thought, and say who gains and who loses",
    "bench": "measure the engine beside other solvers",
    "runs": "judge the matching runs of the last month again",
    "org": "add an organisation",
    "user": "invite, disable or reset a user, or let one start over",
    "keys": "make, change and check the keys that seal the case zone",
    "audit": "check the log",
    "data": "list what data there is, how it is protected and how long it is kept",
}
"""Every command and its line in the help; the module of the same name has `add_parser` and `run`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; a refusal is one line on standard error, and 1."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="bostad", description="Homes for households in protected housing.")
    parser.add_argument("--version", action="version", version=f"bostad {version('bostad')}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    asked_for = next((word for word in arguments if not word.startswith("-")), None)
    for name, what in COMMANDS.items():
        if name == asked_for:
            _module(name).add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=what)
    options = parser.parse_args(arguments)
    try:
        code: int = _module(options.command).run(options)
    except (BostadError, UnsafeKeys, UnsafeSettings) as refusal:
        print(f"bostad: {refusal}", file=sys.stderr)
        return 1
    return code


def _module(command: str) -> ModuleType:
    return import_module(f"bostad.cli.{command.replace('-', '_')}")
