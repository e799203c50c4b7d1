"""Audit and outbox: added to by everybody, read by few."""

from collections.abc import Mapping

from bostad.zones.logins import Login
from bostad.zones.ways import (
    EVERY,
    LOGGED,
    ME,
    MINE,
    NONE,
    OF_A_HOME,
    OVERSEES,
    OWN_ROW,
    SIGNED_IN,
    SOCIAL_WORK,
    Table,
    Way,
    Zone,
    all_of,
    child_of,
    read_of,
)

TABLES: Mapping[str, Table] = {
    # Added to by everybody, read by few, changed by nobody. Number, hash and case are the database's own.
    "audit_row": Table(
        Zone.RECORD,
        {
            Login.DOOR: Way("false", None, NONE, LOGGED, writes="true"),
            Login.SOCIAL: Way(
                f"{OVERSEES} or {OF_A_HOME}",
                f"organisation_id = {MINE} or board_id = {MINE} or {child_of('home', 'subject_id')}",
                EVERY,
                LOGGED,
                writes=OWN_ROW,
            ),
            Login.HOUSING: Way(
                OF_A_HOME,
                f"organisation_id = {MINE} or {child_of('home', 'subject_id')}",
                ("at", "actor_id", "organisation_id", "action", "subject_id"),  # the number counts what others did
                LOGGED,
                writes=OWN_ROW,
            ),
            Login.WORKER: Way("true", None, EVERY, LOGGED),
            Login.REPORT: Way("false", None, NONE, LOGGED, writes=OWN_ROW),
        },
    ),
    "audit_head": Table(Zone.RECORD, {Login.WORKER: read_of()}),
    "recent_reading": Table(
        Zone.RECORD,
        {
            Login.SOCIAL: Way(SIGNED_IN, f"actor_id = {ME}", EVERY, EVERY, ("at",)),
            Login.HOUSING: Way(SIGNED_IN, f"actor_id = {ME}", EVERY, EVERY, ("at",)),
            Login.REPORT: Way(SIGNED_IN, f"actor_id = {ME}", EVERY, EVERY, ("at",)),
            Login.WORKER: Way("true", None, ("id", "at"), deletes=True),
        },
    ),
    "message": Table(
        Zone.RECORD,
        {
            Login.SOCIAL: read_of(SOCIAL_WORK, f"key = {MINE}::text", ("id", "kind", "key", "done_at")),
            Login.WORKER: all_of(),
        },
    ),
}
