"""`bostad worker`: do the work that waits, and keep the schedule."""

import argparse
import logging
from typing import Any

from bostad.adapters.logs import write_lines
from bostad.settings import read_settings
from bostad.zones.logins import Login


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser("worker", help="do the work that waits: matching runs, deadlines, messages")
    parser.add_argument("--threads", type=int, default=2, help="how much is done at once (2)")


def run(options: argparse.Namespace) -> int:
    """Work until stopped. The schedule runs in the same process: one worker is enough for a county."""
    from celery.signals import setup_logging

    from bostad.worker import create_worker

    celery = create_worker(read_settings(needs=(Login.WORKER,)))
    setup_logging.connect(_log_our_way, weak=False)
    arguments = ["worker", "--beat", "--pool=threads", f"--concurrency={options.threads}", "--loglevel=WARNING"]
    celery.worker_main([*arguments, "--without-gossip", "--without-mingle"])
    return 0


def _log_our_way(**_: Any) -> None:
    """Take Celery's place in setting up the log: an error's own words may hold what must not be logged."""
    write_lines(logging.WARNING)
