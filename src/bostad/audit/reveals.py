"""How many households one person may have before her in an hour (S58): reading is work, copying a register is not.

Distinct cases are counted, among a person's own readings of cases in the log: a case opened before is no new one, and a
line of a list shows a number and no household. The company's cards name nobody and do not count.
"""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import text
from sqlmodel import Session

from bostad.accounts.access import Actor, Role
from bostad.audit.service import record
from bostad.errors import TooMany
from bostad.records import Sessions

MOST_HOUSEHOLDS = 20
LIMITED = frozenset(Role) - {Role.HOUSING_STAFF}
REACHED, LIFTED = "reading.limit_reached", "reading.limit_lifted"
LIFTED_FOR = timedelta(hours=1)

_MINE = text("select cases, ends_at, lifted from my_reveals(:moment)")


def check_reveals(db: Session, *, at: datetime) -> None:
    """Refuse one household more than an hour may hold, unless a manager has let this person go on."""
    cases, ends_at, lifted = db.execute(_MINE, {"moment": at}).one()
    if cases > MOST_HOUSEHOLDS and not lifted:
        raise TooMany(
            "You have opened %(most)s households in an hour, and more are not shown at once. You can open the next in"
            " %(minutes)s min, and those you have opened at any time. Is it urgent? Your manager can let you go on for"
            " an hour, on her overview; another manager of the board, if you have none.",
            most=MOST_HOUSEHOLDS,
            minutes=max(ceil((ends_at - at) / timedelta(minutes=1)), 1),
        )


def note_limit(sessions: Sessions, *, by: Actor, at: datetime) -> None:
    """Write down that somebody wanted more, for her manager and the officer to see at once."""
    with sessions.begin() as db:
        record(db, REACHED, by=by, at=at, subject=by.id, cases=MOST_HOUSEHOLDS)
