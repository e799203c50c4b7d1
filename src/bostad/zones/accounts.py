"""People, their sessions and what proves who they are: the door's tables."""

from collections.abc import Mapping

from bostad.zones.logins import Login
from bostad.zones.ways import (
    MINE,
    OWN_OR_PARTY,
    PARTY_TO_US,
    SIGNED_IN,
    Table,
    Way,
    Zone,
    all_of,
    child_of,
    of_a_person,
    read_of,
)

TABLES: Mapping[str, Table] = {
    "organisation": Table(
        Zone.ACCOUNTS,
        {
            Login.DOOR: all_of(within=f"{MINE} is null or id = {MINE}"),
            Login.SOCIAL: read_of(SIGNED_IN, f"{OWN_OR_PARTY} or kind = 'social_board'"),  # whom to agree with
            Login.HOUSING: read_of(SIGNED_IN, f"id = {MINE} or {PARTY_TO_US}"),
            Login.WORKER: read_of(),
            Login.REPORT: read_of(SIGNED_IN, OWN_OR_PARTY),
        },
    ),
    "unit": Table(
        Zone.ACCOUNTS,
        {
            Login.DOOR: all_of(within=f"{MINE} is null or organisation_id = {MINE}"),
            Login.SOCIAL: read_of(SIGNED_IN, f"organisation_id = {MINE}"),
            Login.WORKER: read_of(),
            Login.REPORT: read_of(SIGNED_IN, f"organisation_id = {MINE}"),
        },
    ),
    "account": Table(
        Zone.ACCOUNTS,
        {
            Login.DOOR: all_of(within=f"{MINE} is null or organisation_id = {MINE}"),
            Login.SOCIAL: read_of(SIGNED_IN, f"organisation_id = {MINE}"),
            Login.HOUSING: read_of(SIGNED_IN, f"organisation_id = {MINE}"),
            Login.WORKER: read_of(),
            Login.REPORT: read_of(SIGNED_IN, f"organisation_id = {MINE}"),
        },
    ),
    "session": of_a_person("id", "started_at"),
    "credential": of_a_person(),
    "authenticator": of_a_person(),
    "passkey": of_a_person(),
    "recovery_code": of_a_person(),
    "challenge": Table(
        Zone.ACCOUNTS, {Login.DOOR: all_of(within=f"{MINE} is null or {child_of('session', 'session_id')}")}
    ),
    "start_over": of_a_person(),
    "account_news": of_a_person("id", "at"),
    "one_time_code": of_a_person("id", "ends_at", "spent_at"),
    "draft": of_a_person("id", "saved_at"),
    "attempt": Table(
        Zone.ACCOUNTS,
        {Login.DOOR: all_of(), Login.WORKER: Way("true", reads=("id", "window_start"), deletes=True)},
    ),
}
