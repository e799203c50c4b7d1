"""`bostad audit incident`: affected cases, readers and times of a window, as CSV or JSON (S70)."""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, time, timedelta

from bostad.adapters.spreadsheets import escaped
from bostad.cli.asking import database
from bostad.here import HERE
from bostad.oversight.incident import Trace, Window, traces_of_case, traces_of_user
from bostad.records import clock
from bostad.zones.logins import Login


def add_act(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the act's options."""
    parser = acts.add_parser("incident", help="list affected cases, readers and times")
    about = parser.add_mutually_exclusive_group(required=True)
    about.add_argument("--user", metavar="NAME", help="what this person did and read")
    about.add_argument("--case-number", metavar="N", help="who did or read what in this case")
    parser.add_argument("--from", dest="since", type=_day, required=True, metavar="DAY", help="first day, YYYY-MM-DD")
    parser.add_argument("--to", dest="until", type=_day, required=True, metavar="DAY", help="last day, YYYY-MM-DD")
    parser.add_argument("--json", action="store_true", help="write JSON instead of CSV")


def run(options: argparse.Namespace) -> int:
    """Write the extract to standard output."""
    window = Window(options.since, options.until + timedelta(days=1))
    with database(Login.WORKER) as sessions:
        at = clock(sessions)
        if options.user:
            found = traces_of_user(sessions, options.user, window, at=at)
        else:
            found = traces_of_case(sessions, options.case_number, window, at=at)
    (_write_json if options.json else _write_csv)(found)
    return 0


def _write_csv(found: Sequence[Trace]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([field.name for field in fields(Trace)])
    writer.writerows(escaped(_plain(trace).values()) for trace in found)


def _write_json(found: Sequence[Trace]) -> None:
    json.dump([_plain(trace) for trace in found], sys.stdout, ensure_ascii=False, indent=1)
    print()


def _plain(trace: Trace) -> dict[str, object]:
    facts = {"at": trace.at.isoformat(), "subject": str(trace.subject or ""), "fields": " ".join(trace.fields)}
    return {name: "" if value is None else value for name, value in (asdict(trace) | facts).items()}


def _day(text: str) -> datetime:
    """Read a day; it begins in Sweden."""
    return datetime.combine(datetime.fromisoformat(text).date(), time(), HERE)
