"""Who may touch which row and column, as data: the wall between the two sides that PostgreSQL itself keeps (S02, S27-S34).

Every table stands here with its zone and with what each login role may do. `adapters/wall.py` builds grants and row
security from it whenever the schema is migrated, and a start-up check holds the database's catalogues to it. A table that is
missing here stops the migration.

Two conditions let a row through, and both must hold. `within` is the isolation between organisations (a RESTRICTIVE
policy). `sees`, and for what is written `writes`, are what a role is for (PERMISSIVE policies). A row without a column of
its own for the organisation goes by its parent: `EXISTS (... parent ...)`, where the parent's own policies apply.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

EVERY = ("*",)
"""Every column of a table."""
NONE: tuple[str, ...] = ()
MINE = "(select who_organisation())"
ME = "(select who_user())"
SOCIAL_WORK = "(select who_role()) in ('social_worker', 'unit_manager')"
LETTING = "(select who_role()) = 'housing_staff'"
SIGNED_IN = f"{MINE} is not null"
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


class Login(StrEnum):
    """The roles that processes log in as. The owner migrates and nothing else."""

    DOOR = "bostad_door"
    SOCIAL = "bostad_social"
    HOUSING = "bostad_housing"
    WORKER = "bostad_worker"
    REPORT = "bostad_report"
    BACKUP = "bostad_backup"


WEB_LOGINS = (Login.DOOR, Login.SOCIAL, Login.HOUSING, Login.REPORT)
"""What the process that serves the pages logs in as: each side's pages as the role of that side."""

KEEPER = "bostad_keeper"
"""Cannot log in; owns the functions that answer one question each about what their caller may not read."""


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
    return f"exists (select 1 from {parent} {alias} where {alias}.id = {key})"


def _all(sees: str = "true", within: str | None = None) -> Way:
    return Way(sees, within, EVERY, EVERY, EVERY, deletes=True)


def _read(sees: str = "true", within: str | None = None, reads: tuple[str, ...] = EVERY) -> Way:
    return Way(sees, within, reads)


def _case(within: str) -> Table:
    """A table of the case zone: the board's people change it, the worker serves it, reports read it."""
    return Table(
        Zone.CASE,
        {
            Login.SOCIAL: _all(SOCIAL_WORK, within),
            Login.WORKER: _all(),
            Login.REPORT: _read(SOCIAL_WORK, within),
        },
    )


def _overseen(within: str) -> Table:
    """A table of the case zone that the data-protection officer reads too: whose a case is, and who looked at it."""
    reading = _all(f"{SOCIAL_WORK} or {OFFICER}", within)
    return Table(Zone.CASE, {**_case(within).ways, Login.SOCIAL: replace(reading, writes=SOCIAL_WORK)})


def _of_a_person(*worker_reads: str) -> Table:
    """A table of the door's about one person's way in; the worker throws away what has had its day, if anything has."""
    own = f"{MINE} is null or " + child_of("account", "user_id")
    cleaning = {Login.WORKER: Way("true", reads=worker_reads, deletes=True)} if worker_reads else {}
    return Table(Zone.ACCOUNTS, {Login.DOOR: _all(within=own), **cleaning})


OWN_OR_PARTY = "id = {mine} or kind = 'housing_company'".format(mine=MINE)
PARTY_TO_US = "exists (select 1 from agreement a where a.board_id = organisation.id)"
OF_OUR_BOARD = (
    "exists (select 1 from quota_line l join agreement a on a.id = l.agreement_id"
    f" where l.id = {{line}} and a.board_id = {MINE})"
)
CARD_IS_OPEN = f"card_is_open({{card}}, {ME}, (now() at time zone 'Europe/Stockholm')::date)"
BOUND = "stage in ('signed', 'moved_in')"
LOGGED = ("at", "actor_id", "organisation_id", "action", "subject_id", "case_id", "purpose", "listed", "facts")
OWN_ROW = f"actor_id = {ME} and organisation_id = {MINE}"
OF_A_HOME = f"(starts_with(action, 'home.') and {child_of('home', 'subject_id')})"
HIDDEN = f"card_is_hidden(card_id, {ME})"
SHARED_COLUMNS = (
    "id home_id board_id company_id stage stage_since deadline viewing_at card_id contract contract_from takeover_on"
    " moved_in_on closed_because"
).split()
ANSWERED_COLUMNS = (
    "stage stage_since deadline viewing_at contract contract_from takeover_on moved_in_on closed_because"
).split()

TABLES: Mapping[str, Table] = {
    # ------------------------------------------------------------------ accounts
    "organisation": Table(
        Zone.ACCOUNTS,
        {
            Login.DOOR: _all(within=f"{MINE} is null or id = {MINE}"),
            Login.SOCIAL: _read(SIGNED_IN, OWN_OR_PARTY),
            Login.HOUSING: _read(SIGNED_IN, f"id = {MINE} or {PARTY_TO_US}"),
            Login.WORKER: _read(),
            Login.REPORT: _read(SIGNED_IN, OWN_OR_PARTY),
        },
    ),
    "unit": Table(
        Zone.ACCOUNTS,
        {
            Login.DOOR: _all(within=f"{MINE} is null or organisation_id = {MINE}"),
            Login.SOCIAL: _read(SIGNED_IN, f"organisation_id = {MINE}"),
            Login.WORKER: _read(),
            Login.REPORT: _read(SIGNED_IN, f"organisation_id = {MINE}"),
        },
    ),
    "account": Table(
        Zone.ACCOUNTS,
        {
            Login.DOOR: _all(within=f"{MINE} is null or organisation_id = {MINE}"),
            Login.SOCIAL: _read(SIGNED_IN, f"organisation_id = {MINE}"),
            Login.HOUSING: _read(SIGNED_IN, f"organisation_id = {MINE}"),
            Login.WORKER: _read(),
            Login.REPORT: _read(SIGNED_IN, f"organisation_id = {MINE}"),
        },
    ),
    "session": _of_a_person("id", "started_at"),
    "credential": _of_a_person(),
    "authenticator": _of_a_person(),
    "passkey": _of_a_person(),
    "recovery_code": _of_a_person(),
    "challenge": Table(Zone.ACCOUNTS, {Login.DOOR: _all(within=f"{MINE} is null or {child_of('session', 'session_id')}")}),
    "start_over": _of_a_person(),
    "account_news": _of_a_person("id", "at"),
    "one_time_code": _of_a_person("id", "ends_at", "spent_at"),
    "draft": _of_a_person("id", "saved_at"),
    "attempt": Table(
        Zone.ACCOUNTS,
        {Login.DOOR: _all(), Login.WORKER: Way("true", reads=("id", "window_start"), deletes=True)},
    ),
    # ------------------------------------------------------------------ the case zone
    "case_": _overseen(f"board_id = {MINE}"),
    "household_key": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(f"{SOCIAL_WORK} or {OFFICER}", child_of("case_", "case_id"), EVERY, EVERY, writes=SOCIAL_WORK),
            Login.WORKER: _all(),
        },
    ),
    "emergency_opening": _overseen(child_of("case_", "case_id")),
    "review_sample": _overseen(f"board_id = {MINE}"),
    "review_row": _overseen(child_of("review_sample", "sample_id")),
    "deputy": _case(child_of("case_", "case_id")),
    "need": _case(f"board_id = {MINE} and {child_of('case_', 'case_id')}"),
    "avoid_area": _case(child_of("need", "need_id")),
    "blocked_company": _case(child_of("need", "need_id")),
    "shelter_place": _case(f"board_id = {MINE}"),
    "shelter_stay": _case(child_of("case_", "case_id")),
    "consent": _case(child_of("need", "need_id")),
    "disclosure_request": _case(child_of("need", "need_id")),
    "excluded_staff": _case(child_of("need", "need_id")),
    "case_search": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(SOCIAL_WORK, f"user_id = {ME}", EVERY, EVERY, ("times",)),
            Login.WORKER: Way("true", None, ("id", "window_start"), deletes=True),
        },
    ),
    "county_run": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(SOCIAL_WORK, f"{MINE} = any(boards)", EVERY, EVERY),
            Login.WORKER: _read(),
        },
    ),
    "county_member": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(
                SOCIAL_WORK,
                child_of("county_run", "run_id"),
                EVERY,
                EVERY,
                ("left_at", "left_by"),
                writes=f"{SOCIAL_WORK} and board_id = {MINE}",
            ),
            Login.WORKER: _read(),
        },
    ),
    "never_again": _case(child_of("need", "need_id")),
    "why_not": _case(child_of("need", "need_id")),
    "matching_run": _case(f"board_id = {MINE}"),
    "run_record": Table(Zone.CASE, {Login.WORKER: _all()}),
    "empty_home_figure": Table(
        Zone.CASE,
        {
            Login.SOCIAL: _read(SOCIAL_WORK, f"board_id = {MINE}"),
            Login.WORKER: _all(),
            Login.REPORT: _read(SOCIAL_WORK, f"board_id = {MINE}"),
        },
    ),
    "kept_apart": _case(f"board_id = {MINE} and {child_of('case_', 'case_id')} and {child_of('case_', 'other_id')}"),
    "what_if": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(SOCIAL_WORK, f"board_id = {MINE} and asked_by = {ME}", EVERY, EVERY),
            Login.WORKER: _all(),
        },
    ),
    "joint_matching": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(
                SOCIAL_WORK, f"board_id = {MINE}", EVERY, EVERY, EVERY, writes="(select who_role()) = 'unit_manager'"
            ),
            Login.WORKER: _read(),
            Login.REPORT: _read(SOCIAL_WORK, f"board_id = {MINE}"),
        },
    ),
    # ------------------------------------------------------------------ shared
    "card": Table(
        Zone.SHARED,
        {
            Login.SOCIAL: Way(SOCIAL_WORK, child_of("consent", "consent_id"), EVERY, EVERY, ("withdrawn_at",)),
            Login.HOUSING: _read(
                LETTING,
                f"company_id = {MINE} and {CARD_IS_OPEN.format(card='id')}",
                ("id", "code", "company_id", "content", "reservation", "written_at", "withdrawn_at"),
            ),
            Login.WORKER: Way("true", None, EVERY, EVERY, ("withdrawn_at",)),
        },
    ),
    "acknowledgement": Table(
        Zone.SHARED,
        {
            Login.SOCIAL: _read(SOCIAL_WORK, child_of("card", "card_id")),
            Login.HOUSING: Way(LETTING, f"user_id = {ME} and {child_of('card', 'card_id')}", EVERY, EVERY),
            Login.WORKER: _read(),
        },
    ),
    "placement": Table(
        Zone.SHARED,
        {
            Login.SOCIAL: Way(SOCIAL_WORK, f"board_id = {MINE} and {child_of('need', 'need_id')}", EVERY, EVERY, EVERY),
            Login.HOUSING: Way(
                LETTING,
                f"company_id = {MINE} and ({CARD_IS_OPEN.format(card='card_id')} or ({BOUND} and not {HIDDEN}))",
                tuple(SHARED_COLUMNS),
                NONE,
                tuple(ANSWERED_COLUMNS),
            ),
            Login.WORKER: Way("true", None, EVERY, EVERY, EVERY),
            Login.REPORT: _read(SOCIAL_WORK, f"board_id = {MINE} and {child_of('need', 'need_id')}"),
        },
    ),
    "placement_event": Table(
        Zone.SHARED,
        {
            Login.SOCIAL: Way(SOCIAL_WORK, child_of("placement", "placement_id"), EVERY, EVERY),
            Login.HOUSING: Way(
                f"{LETTING} and move <> 'put'", child_of("placement", "placement_id"), EVERY, EVERY, writes=LETTING
            ),
            Login.WORKER: Way("true", None, EVERY, EVERY),
        },
    ),
    # ------------------------------------------------------------------ homes and agreements
    "agreement": Table(
        Zone.HOME,
        {
            Login.SOCIAL: Way(SIGNED_IN, f"board_id = {MINE}", EVERY, EVERY, EVERY),
            # To lock a row for share one must be allowed to change something of it; nothing changed passes `writes`.
            Login.HOUSING: Way(
                f"{LETTING} and state <> 'draft'", f"company_id = {MINE}", EVERY, NONE, ("id",), writes="false"
            ),
            Login.WORKER: Way("true", None, EVERY, NONE, ("id",), writes="false"),
            Login.REPORT: _read(SIGNED_IN, f"board_id = {MINE}"),
        },
    ),
    "quota_line": Table(
        Zone.HOME,
        {
            Login.SOCIAL: Way(SIGNED_IN, child_of("agreement", "agreement_id"), EVERY, EVERY, EVERY),
            Login.HOUSING: Way(LETTING, child_of("agreement", "agreement_id"), EVERY, NONE, ("id",), writes="false"),
            Login.WORKER: Way("true", None, EVERY, NONE, ("id",), writes="false"),
            Login.REPORT: _read(SIGNED_IN, child_of("agreement", "agreement_id")),
        },
    ),
    "line_month": Table(
        Zone.HOME,
        {
            Login.SOCIAL: Way(SIGNED_IN, child_of("quota_line", "line_id"), EVERY, EVERY, EVERY),
            Login.HOUSING: Way(LETTING, child_of("quota_line", "line_id"), EVERY, EVERY, EVERY),
            Login.WORKER: Way("true", None, EVERY, EVERY, EVERY),
            Login.REPORT: _read(SIGNED_IN, child_of("quota_line", "line_id")),
        },
    ),
    "home": Table(
        Zone.HOME,
        {
            Login.SOCIAL: Way(SIGNED_IN, OF_OUR_BOARD.format(line="line_id"), EVERY, NONE, EVERY),
            Login.HOUSING: Way(
                LETTING,
                f"company_id = {MINE}",
                EVERY,
                EVERY,
                EVERY,
                writes=f"{LETTING} and {child_of('quota_line', 'line_id')}",
            ),
            Login.WORKER: Way("true", None, EVERY, NONE, EVERY),
            Login.REPORT: _read(SIGNED_IN, OF_OUR_BOARD.format(line="line_id")),
        },
    ),
    "home_feature": Table(
        Zone.HOME,
        {
            Login.SOCIAL: _read(SIGNED_IN, child_of("home", "home_id")),
            Login.HOUSING: _all(LETTING, child_of("home", "home_id")),
            Login.WORKER: _read(),
            Login.REPORT: _read(SIGNED_IN, child_of("home", "home_id")),
        },
    ),
    # ------------------------------------------------------------------ record
    # Added to by everybody, read by few, changed by nobody. Number, hash and case are the database's own (migration 0004).
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
                ("number", "at", "actor_id", "organisation_id", "action", "subject_id"),
                LOGGED,
                writes=OWN_ROW,
            ),
            Login.WORKER: Way("true", None, EVERY, LOGGED),
            Login.REPORT: Way("false", None, NONE, LOGGED, writes=OWN_ROW),
        },
    ),
    "audit_head": Table(Zone.RECORD, {Login.WORKER: _read()}),
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
            Login.SOCIAL: _read(SOCIAL_WORK, f"key = {MINE}::text", ("id", "kind", "key", "done_at")),
            Login.WORKER: _all(),
        },
    ),
    # ------------------------------------------------------------------ reference
    "school": Table(
        Zone.REFERENCE,
        {
            Login.SOCIAL: Way(SIGNED_IN, None, EVERY, EVERY, EVERY, writes="(select who_role()) = 'administrator'"),
            Login.HOUSING: Way(SIGNED_IN, None, EVERY, EVERY, EVERY, writes="(select who_role()) = 'administrator'"),
            Login.WORKER: _read(),
        },
    ),
    "place": Table(
        Zone.REFERENCE,
        {
            Login.SOCIAL: Way(SIGNED_IN, None, EVERY, EVERY, EVERY),
            Login.WORKER: _read(),
        },
    ),
}
