"""`bostad migrate`: the schema, brought up to this version."""

import argparse

from bostad.adapters.database import migrate
from bostad.adapters.key_file import keyring_from
from bostad.cli.asking import reached
from bostad.settings import read_keys, read_logins, read_owner


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command, which has no options of its own."""
    subparsers.add_parser("migrate", help="bring the database's schema up to date")


def run(_: argparse.Namespace) -> int:
    """Migrate the owner's database, and give each role whose address is set its password. Twice is as good as once."""
    logins = read_logins()
    file, written = read_keys()
    keyring = keyring_from(file=file, written=written) if file or written else None
    with reached():
        migrate(read_owner(), logins, keyring=keyring)
    print(f"The schema is up to date. Roles that can log in with the passwords in their addresses: {len(logins)}.")
    return 0
