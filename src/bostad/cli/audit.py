"""`bostad audit`: whether the log is whole, its head written down elsewhere, and an extract for an incident."""

import argparse
import sys

from bostad.adapters.anchor_file import keep_anchor, load_anchors
from bostad.audit.verifying import anchor_now, broken_at, first_broken_anchor, head_of
from bostad.cli import incident
from bostad.cli.asking import database
from bostad.records import clock
from bostad.settings import read_settings
from bostad.zones.logins import Login


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser("audit", help="check the log, anchor it, or take an extract of it")
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    verify = acts.add_parser("verify", help="walk the whole chain; exit status 1 if a row does not hold")
    verify.add_argument("--anchor", metavar="FILE", help="hold the log to the heads written in this file too")
    acts.add_parser("anchor", help="write the chain's head to BOSTAD_ANCHOR_FILE, or print it where there is none")
    incident.add_act(acts)


def run(options: argparse.Namespace) -> int:
    """Do the act that was asked for."""
    return {"verify": _verify, "anchor": _anchor, "incident": incident.run}[options.act](options)


def _verify(options: argparse.Namespace) -> int:
    """Walk the chain, hold it to the anchors, and say what was found."""
    anchors = load_anchors(options.anchor) if options.anchor else []
    with database(Login.WORKER) as sessions:
        with sessions() as db:
            rows, _ = head_of(db)
        broken, lost = broken_at(sessions), first_broken_anchor(sessions, anchors)
    if broken is not None:
        print(f"The chain does not hold: row {broken} was changed, is missing or does not belong there.")
    if lost is not None:
        print(f"The log was rewritten: row {lost.number}, anchored at {lost.at}, is gone or is another one.")
    if broken is not None or lost is not None:
        return 1
    held = f" It agrees with {len(anchors)} anchors." if options.anchor else ""
    print(f"The chain holds: {rows} rows.{held}")
    return 0


def _anchor(_: argparse.Namespace) -> int:
    """Write the head down."""
    file = read_settings().anchor_file
    with database(Login.WORKER) as sessions:
        anchor = anchor_now(sessions, at=clock(sessions))
    if file:
        keep_anchor(anchor, file)
    else:
        print("BOSTAD_ANCHOR_FILE is not set; keep this line somewhere outside the database:", file=sys.stderr)
    print(anchor)
    return 0
