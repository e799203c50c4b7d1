"""`bostad user add | disable | reset | start-over`: people in and out; a code is printed once and kept nowhere."""

import argparse
import secrets
from datetime import datetime

from bostad.accounts import pages, service, starting_over
from bostad.accounts.access import Role
from bostad.accounts.answers import NewUser
from bostad.accounts.tokens import CODE_BYTES, written_code
from bostad.cli.asking import answered, database
from bostad.records import Sessions, clock


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser("user", help="invite, disable or reset a user")
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    add = acts.add_parser("add", help="let somebody in, with a one-time code")
    add.add_argument("username", help="what the person signs in with")
    add.add_argument("--name", required=True, help="the person's name as colleagues know it")
    add.add_argument("--org", required=True, metavar="CODE", help="the organisation's code")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--unit", metavar="NAME", help="a unit of the organisation")
    for act, what in (
        ("disable", "shut somebody out at once"),
        ("reset", "give a new one-time code; the second factor stays"),
        ("start-over", "take password and second factor away, and give a one-time code"),
    ):
        acts.add_parser(act, help=what).add_argument("username")


def run(options: argparse.Namespace) -> int:
    """Do what was asked for and say so."""
    with database() as sessions:
        acts = {"add": _add, "disable": _disable, "reset": _reset, "start-over": _start_over}
        acts[options.act](sessions, options, clock(sessions))
    return 0


def _add(sessions: Sessions, options: argparse.Namespace, at: datetime) -> None:
    organisation_id = pages.organisation_named(sessions, options.org)
    unit = pages.unit_named(sessions, organisation_id, options.unit) if options.unit else None
    new = answered(NewUser, username=options.username, name=options.name, role=options.role, unit=unit)
    code = _new_code()
    service.add_user(sessions, organisation_id, new, code=code, by=None, at=at)
    _print_code(new.username, code)


def _disable(sessions: Sessions, options: argparse.Namespace, at: datetime) -> None:
    service.disable_user(sessions, pages.user_named(sessions, options.username), by=None, at=at)
    print(f"{options.username} is disabled and signed out everywhere.")


def _reset(sessions: Sessions, options: argparse.Namespace, at: datetime) -> None:
    code = _new_code()
    service.reset_user(sessions, pages.user_named(sessions, options.username), code=code, by=None, at=at)
    _print_code(options.username, code)


def _start_over(sessions: Sessions, options: argparse.Namespace, at: datetime) -> None:
    code = _new_code()
    starting_over.start_over_at_the_console(sessions, pages.user_named(sessions, options.username), code=code, at=at)
    _print_code(options.username, code)


def _new_code() -> str:
    return written_code(secrets.token_bytes(CODE_BYTES))


def _print_code(username: str, code: str) -> None:
    hours = int(service.CODE_HOLDS.total_seconds() // 3600)
    print(f"One-time code for {username}: {code}")
    print(f"It works once, within {hours} hours, on the page /code. It is shown only now: hand it over in person.")
