"""`bostad migrate`: the schema, brought up to this version."""

import argparse

from bostad.adapters.database import migrate
from bostad.settings import read_settings


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command, which has no options of its own."""
    subparsers.add_parser("migrate", help="bring the database's schema up to date")


def run(_: argparse.Namespace) -> int:
    """Migrate the database that the settings name; running it twice does nothing the second time."""
    migrate(read_settings().database_url)
    print("The schema is up to date.")
    return 0
