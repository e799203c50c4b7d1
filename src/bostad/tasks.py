"""The worker's tasks: each is one call to a service function. Delivery is at least once; receivers bear it."""

import logging
import time
from collections.abc import Callable, Mapping
from uuid import UUID

from bostad.accounts.service import clean
from bostad.adapters.anchor_file import keep_anchor
from bostad.audit.reading import forget_old_readings
from bostad.audit.verifying import anchor_now
from bostad.homes.schools import measure_homes
from bostad.keeping.clearing import clear_approved
from bostad.keeping.review import ask_for_reviews, review
from bostad.outbox import service as outbox
from bostad.oversight.key_ages import Held, key_ages
from bostad.oversight.reviewing import draw_samples
from bostad.oversight.watching import watch_reading
from bostad.placements.answering import answer, forget_answers
from bostad.placements.endings import end_consents, let_overdue_homes_leave
from bostad.placements.lapsing import lapse_overdue
from bostad.placements.proposing import Busy, ask_for_runs, run_matching
from bostad.placements.records import forget_old
from bostad.placements.settling import let_go_of_home, settle
from bostad.protection.searching import forget_old_counts
from bostad.records import Sessions, clock

log = logging.getLogger("bostad.keys")


def match_board(sessions: Sessions, key: str) -> None:
    """Run the matching for the board whose id is the key."""
    run_matching(sessions, UUID(key), at=clock(sessions), stopwatch=time.perf_counter)


def settle_placement(sessions: Sessions, key: str) -> None:
    """Let what a company did with a placement take effect in the case zone."""
    settle(sessions, UUID(key), at=clock(sessions))


def let_go_of_withdrawn_home(sessions: Sessions, key: str) -> None:
    """Stop the proposal of a home that its company has withdrawn."""
    let_go_of_home(sessions, UUID(key), at=clock(sessions))


HANDLERS: Mapping[str, Callable[[Sessions, str], object]] = {
    "matching.run": match_board,
    "matching.what_if": lambda sessions, key: answer(sessions, UUID(key), at=clock(sessions)),
    "placement.settle": settle_placement,
    "home.gone": let_go_of_withdrawn_home,
    "keeping.review": lambda sessions, key: review(sessions, UUID(key), at=clock(sessions)),
    "keeping.clear": lambda sessions, key: clear_approved(sessions, UUID(key), at=clock(sessions)),
    "homes.measure": lambda sessions, _: measure_homes(sessions),
}
"""What to do with each kind of message in the outbox."""


def handle(sessions: Sessions, message_id: UUID) -> None:
    """Do one piece of work from the outbox; what cannot be done now is put back for a moment later."""
    found = outbox.take(sessions, message_id)
    if found is None:
        return
    kind, key = found
    try:
        HANDLERS[kind](sessions, key)
    except Busy:
        outbox.put_back(sessions, message_id, at=clock(sessions), because="busy")
        return
    outbox.finish(sessions, message_id, at=clock(sessions))


def sweep(sessions: Sessions, send: Callable[[UUID], None]) -> int:
    """Hand out the work that waits, and what a lost queue had been given."""
    return outbox.dispatch(sessions, send, at=clock(sessions))


def act_on_deadlines(sessions: Sessions) -> int:
    """Let every deadline, every consent and every home's last day that has passed take effect."""
    at = clock(sessions)
    return lapse_overdue(sessions, at=at) + end_consents(sessions, at=at) + let_overdue_homes_leave(sessions, at=at)


def ask_for_nightly_runs(sessions: Sessions) -> int:
    """Ask for a run for every board, whatever has happened."""
    return ask_for_runs(sessions, at=clock(sessions))


def tidy(sessions: Sessions) -> None:
    """Delete what has had its day, table by table as `zones/care_tables.py` says."""
    at = clock(sessions)
    clean(sessions, at=at)
    forget_old(sessions, at=at)
    forget_answers(sessions, at=at)
    forget_old_readings(sessions, at=at)
    forget_old_counts(sessions, at=at)
    outbox.forget_done(sessions, at=at)


def anchor_log(sessions: Sessions, file: str) -> None:
    """Write the log's head down outside the database."""
    keep_anchor(anchor_now(sessions, at=clock(sessions)), file)


def watch(sessions: Sessions) -> int:
    """Look whether anybody's last hour of reading was unusual."""
    return watch_reading(sessions, at=clock(sessions))


def tell_of_old_keys(sessions: Sessions, held: Held) -> None:
    """Leave a line in the program's log for each key and password that is older than it may be."""
    for age in key_ages(sessions, held, at=clock(sessions)):
        if age.is_over:
            log.warning("too old", extra={"key": age.what, "days": age.days})


def draw_reviews(sessions: Sessions) -> int:
    """Draw the samples of last month's log that are not drawn yet."""
    return draw_samples(sessions, at=clock(sessions))


def ask_for_nightly_reviews(sessions: Sessions) -> int:
    """Ask for a review of what may be deleted, for every board."""
    return ask_for_reviews(sessions, at=clock(sessions))
