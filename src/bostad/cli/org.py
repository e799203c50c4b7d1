"""`bostad org add`: an organisation and its units."""

import argparse

from bostad.accounts.access import OrganisationKind
from bostad.accounts.answers import NewOrganisation
from bostad.accounts.service import add_organisation
from bostad.cli.asking import answered, database
from bostad.records import clock


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser("org", help="add an organisation")
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    add = acts.add_parser("add", help="add a social board or a housing company")
    add.add_argument("code", help="a short word for it: letters a to z, digits, hyphens")
    add.add_argument("name", help="its name as people know it")
    add.add_argument("--kind", required=True, choices=[kind.value for kind in OrganisationKind])
    add.add_argument("--municipality", required=True, help="four digits")
    add.add_argument("--private", action="store_true", help="a landlord that no municipality owns")
    add.add_argument("--unit", action="append", default=[], metavar="NAME", help="a unit in it; may be given again")


def run(options: argparse.Namespace) -> int:
    """Add it and say so."""
    new = answered(
        NewOrganisation,
        code=options.code,
        name=options.name,
        kind=options.kind,
        municipality=options.municipality,
        private_landlord=options.private,
        units=options.unit,
    )
    with database() as sessions:
        add_organisation(sessions, new, by=None, at=clock(sessions))
    print(f"Added {new.name} ({new.code}). Next: bostad user add ... --org {new.code}")
    return 0
