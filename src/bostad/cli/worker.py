"""`bostad worker`: the work that waits, and the clock that calls for it."""

import argparse
import logging

from bostad.settings import read_settings
from bostad.worker import create_worker

THREADS = 2
"""One for a matching run, whose solver lets go of the interpreter, and one for everything short."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command, which has no options of its own."""
    subparsers.add_parser("worker", help="do the work that waits: matching runs, deadlines, messages")


def run(_: argparse.Namespace) -> int:
    """Work until told to stop; what has begun is finished first."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for every_second in ("celery.app.trace", "celery.beat", "celery.worker.strategy"):
        logging.getLogger(every_second).setLevel(logging.WARNING)
    options = (
        "--beat",  # the schedule runs in here; a second worker's does no harm, since tasks bear being asked twice
        "--scheduler=celery.beat:Scheduler",  # in memory: what was missed while stopped is caught by the sweeper
        "--pool=threads",
        f"--concurrency={THREADS}",
        "--without-gossip",  # workers need not know each other
        "--without-mingle",  # as above, at start
        "--loglevel=INFO",
    )
    create_worker(read_settings()).worker_main(["worker", *options])
    return 0
