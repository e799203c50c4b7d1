"""The social board's own tables. The housing role has no grant on any of them."""

from collections.abc import Mapping

from bostad.zones.logins import Login
from bostad.zones.ways import (
    EVERY,
    LEADING,
    ME,
    MINE,
    OF_OUR_OWN,
    OFFICER,
    OPEN_CASES,
    OVERSEES,
    SOCIAL_WORK,
    Table,
    Way,
    Zone,
    all_of,
    child_of,
    of_a_case,
    overseen,
    read_of,
)

OWN_PART = ("id", "board_id", "started_at", "finished_at", "failed_because", "stage", "joint")

TABLES: Mapping[str, Table] = {
    # Whose a case is, and who has read it, is the officer's to ask, by its exact number; what it is about is not.
    # Who is asked for first stands first: what need not be asked for a row is not asked at all.
    "case_": overseen(
        f"(id = {OPEN_CASES} or ({OF_OUR_OWN} and (worker_id = {ME} or {OFFICER})))",
        OF_OUR_OWN,
        writes=f"{SOCIAL_WORK} and {OF_OUR_OWN}",
        reads="true",
    ),
    # The key of a case that may be opened in an emergency seals the note of the opening, before the case stands open.
    "household_key": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(
                f"{SOCIAL_WORK} or {OFFICER}",
                f"({child_of('case_', 'case_id')} or may_be_opened(case_id))",
                EVERY,
                EVERY,
                writes=SOCIAL_WORK,
            ),
            Login.WORKER: all_of(),
        },
    ),
    "emergency_opening": overseen(
        f"(user_id = {ME} or {child_of('case_', 'case_id')})",
        child_of("case_", "case_id"),
        writes=f"((user_id = {ME} and may_be_opened(case_id)) or ({LEADING} and {child_of('case_', 'case_id')}))",
    ),
    "review_sample": overseen(f"board_id = {MINE}", reads=OVERSEES, writes=OVERSEES),
    "review_row": overseen(child_of("review_sample", "sample_id"), reads=OVERSEES, writes=OVERSEES),
    "deputy": of_a_case(child_of("case_", "case_id"), child_of("account", "user_id")),
    "need": of_a_case(
        f"case_id = {OPEN_CASES}", f"{OF_OUR_OWN} and {child_of('case_', 'case_id')}", OF_OUR_OWN, sees="true"
    ),
    "avoid_area": of_a_case(child_of("need", "need_id")),
    "blocked_company": of_a_case(child_of("need", "need_id")),
    "shelter_place": of_a_case(f"board_id = {MINE}"),
    "shelter_stay": of_a_case(
        child_of("case_", "case_id"), f"(place_id is null or {child_of('shelter_place', 'place_id')})"
    ),
    "consent": of_a_case(child_of("need", "need_id")),
    "disclosure_request": of_a_case(child_of("need", "need_id")),
    "excluded_staff": of_a_case(child_of("need", "need_id")),
    "case_search": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(f"{SOCIAL_WORK} or {OFFICER}", f"user_id = {ME}", EVERY, EVERY, ("times",)),
            Login.WORKER: Way("true", None, ("id", "window_start"), deletes=True),
        },
    ),
    "county_run": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(SOCIAL_WORK, f"{MINE} = any(boards)", EVERY, EVERY),
            Login.WORKER: read_of(),
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
            Login.WORKER: read_of(),
        },
    ),
    "never_again": of_a_case(child_of("need", "need_id")),
    "why_not": of_a_case(child_of("need", "need_id")),
    # Of its part of a run a board reads what it was about for itself; the plan's figures are of the whole.
    "matching_run": Table(
        Zone.CASE,
        {
            Login.SOCIAL: read_of(SOCIAL_WORK, f"board_id = {MINE}", OWN_PART),
            Login.WORKER: all_of(),
            Login.REPORT: read_of(LEADING, f"board_id = {MINE}", OWN_PART),
        },
    ),
    "run_record": Table(Zone.CASE, {Login.WORKER: all_of()}),
    "empty_home_figure": Table(
        Zone.CASE,
        {
            Login.SOCIAL: read_of(LEADING, f"board_id = {MINE}"),
            Login.WORKER: all_of(),
            Login.REPORT: read_of(LEADING, f"board_id = {MINE}"),
        },
    ),
    # Whoever works with either case sees that there is a rule, and makes one of two that she works with.
    "kept_apart": of_a_case(
        f"board_id = {MINE} and ({child_of('case_', 'case_id')} or {child_of('case_', 'other_id')})",
        f"{child_of('case_', 'case_id')} and {child_of('case_', 'other_id')}",
    ),
    "what_if": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(
                SOCIAL_WORK,
                f"board_id = {MINE} and asked_by = {ME} and (case_id is null or {child_of('case_', 'case_id')})",
                EVERY,
                EVERY,
            ),
            Login.WORKER: all_of(),
        },
    ),
    "joint_matching": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(
                SOCIAL_WORK, f"board_id = {MINE}", EVERY, EVERY, EVERY, writes="(select who_role()) = 'unit_manager'"
            ),
            Login.WORKER: read_of(),
            Login.REPORT: read_of(LEADING, f"board_id = {MINE}"),
        },
    ),
}
