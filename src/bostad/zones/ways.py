"""What is said of a table: its zone, the ways to it, and the conditions that several tables share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bostad.zones.logins import Login

EVERY = ("*",)
"""Every column of a table."""
NONE: tuple[str, ...] = ()
MINE = "(select who_organisation())"
ME = "(select who_user())"
SOCIAL_WORK = "(select who_role()) in ('social_worker', 'unit_manager')"
LETTING = "(select who_role()) = 'housing_staff'"
SIGNED_IN = f"{MINE} is not null"
LEADING = "(select who_role()) = 'unit_manager'"
OFFICER = "(select who_role()) = 'data_protection_officer'"
OVERSEES = "(select who_role()) in ('unit_manager', 'data_protection_officer')"


class Zone(StrEnum):
    """What a table is about, and so whose it is."""

    ACCOUNTS = "accounts"
    """People, their sessions and what proves who they are: the door's."""
    CASE = "case"
    """The social board's alone. The housing role has no grant here."""
    SHARED = "shared"
    """What both sides know of one placement; the columns that are the board's alone are not granted to housing."""
    HOME = "home"
    """The company's homes, and the agreements they are published under."""
    RECORD = "record"
    """Audit and outbox: added to, and changed by nobody on the web."""
    REFERENCE = "reference"
    """Schools and places: the same for everybody."""


@dataclass(frozen=True, slots=True)
class Way:
    """What one role may do with one table: the columns to read, add and change, and which rows."""

    sees: str
    within: str | None = None
    reads: tuple[str, ...] = EVERY
    adds: tuple[str, ...] = NONE
    changes: tuple[str, ...] = NONE
    deletes: bool = False
    writes: str | None = None
    """The condition on what is written, where it is not that on what is seen."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its zone, and the ways to it. A role that is not named has no grant at all."""

    zone: Zone
    ways: Mapping[Login, Way]


def child_of(parent: str, key: str, alias: str = "parent") -> str:
    """Give the condition that a row's parent can be seen."""
    return f"exists (select 1 from {parent} {alias} where {alias}.id = {key})"  # noqa: S608  # our own words


def all_of(sees: str = "true", within: str | None = None) -> Way:
    """Let a role do everything with the rows it sees."""
    return Way(sees, within, EVERY, EVERY, EVERY, deletes=True)


def read_of(sees: str = "true", within: str | None = None, reads: tuple[str, ...] = EVERY) -> Way:
    """Let a role read, and nothing else."""
    return Way(sees, within, reads)


def of_a_case(
    within: str, refers_to: str | None = None, counted_within: str | None = None, sees: str = SOCIAL_WORK
) -> Table:
    """Give a table of the case zone: a case's people change it, the worker serves it, the manager's reports read it.

    `refers_to` is what must hold of the other rows that a written one points at; `counted_within` is the isolation of
    the report role, where figures count what stands in no list. What goes by `open_cases` need not ask for the role:
    nobody else has any.
    """
    writes = f"{SOCIAL_WORK} and {refers_to}" if refers_to else None
    return Table(
        Zone.CASE,
        {
            Login.SOCIAL: replace(all_of(sees, within), writes=writes),
            Login.WORKER: all_of(),
            Login.REPORT: read_of(LEADING, counted_within or within),
        },
    )


def overseen(
    within: str,
    counted_within: str | None = None,
    writes: str = SOCIAL_WORK,
    reads: str = f"{SOCIAL_WORK} or {OFFICER}",
) -> Table:
    """Give one that the data-protection officer reads too: whose a case is, and who looked at it."""
    ways = of_a_case(within, counted_within=counted_within).ways
    return Table(Zone.CASE, {**ways, Login.SOCIAL: replace(all_of(reads, within), writes=writes, deletes=False)})


def of_a_person(*worker_reads: str) -> Table:
    """Give a table of the door's about one person's way in; the worker throws away what has had its day."""
    own = f"{MINE} is null or " + child_of("account", "user_id")
    cleaning = {Login.WORKER: Way("true", reads=worker_reads, deletes=True)} if worker_reads else {}
    return Table(Zone.ACCOUNTS, {Login.DOOR: all_of(within=own), **cleaning})


OF_OUR_OWN = f"board_id = {MINE}"
OPEN_CASES = "any((select open_cases())::uuid[])"
"""The cases that stand open to the person: asked once a statement, so that a change is judged as things stood."""
OWN_OR_PARTY = f"id = {MINE} or kind = 'housing_company'"
PARTY_TO_US = "exists (select 1 from agreement a where a.board_id = organisation.id)"
_OF_A_LINE = "exists (select 1 from quota_line l join agreement a on a.id = l.agreement_id where l.id = {line}"
OF_OUR_BOARD = f"{_OF_A_LINE} and a.board_id = {MINE})"
# Of another board's homes and agreements: those that a run has proposed to a case of ours, asked once a statement.
HOMES_SHOWN = "((select homes_as_guests(false))::uuid[])"
HOMES_HELD = "((select homes_as_guests(true))::uuid[])"
AGREEMENTS_SHOWN = "((select agreements_as_guests())::uuid[])"
LINES_SHOWN = "((select lines_as_guests())::uuid[])"
OUR_AGREEMENT = f"exists (select 1 from agreement a where a.id = agreement_id and a.board_id = {MINE})"  # noqa: S608
CARD_IS_OPEN = f"card_is_open({{card}}, {ME}, (now() at time zone 'Europe/Stockholm')::date)"
LOGGED = ("at", "actor_id", "organisation_id", "action", "subject_id", "case_id", "purpose", "listed", "facts")
OWN_ROW = f"actor_id = {ME} and organisation_id = {MINE}"
OF_A_HOME = f"(starts_with(action, 'home.') and {child_of('home', 'subject_id')})"
CARD_IS_BOUND = f"(stage in ('signed', 'moved_in') and card_is_bound(card_id, {ME}))"
SHARED_COLUMNS = [
    "id",
    "home_id",
    "board_id",
    "company_id",
    "stage",
    "stage_since",
    "deadline",
    "viewing_at",
    "card_id",
    "contract",
    "contract_from",
    "takeover_on",
    "moved_in_on",
    "closed_because",
]
ANSWERED_COLUMNS = [
    "stage",
    "stage_since",
    "deadline",
    "viewing_at",
    "contract",
    "contract_from",
    "takeover_on",
    "moved_in_on",
    "closed_because",
]
