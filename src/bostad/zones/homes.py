"""The company's homes, and the agreements they are published under."""

from collections.abc import Mapping

from bostad.zones.logins import Login
from bostad.zones.ways import (
    AGREEMENTS_SHOWN,
    EVERY,
    HOMES_HELD,
    HOMES_SHOWN,
    LETTING,
    LINES_SHOWN,
    MINE,
    NONE,
    OF_OUR_BOARD,
    OUR_AGREEMENT,
    SIGNED_IN,
    Table,
    Way,
    Zone,
    all_of,
    child_of,
    read_of,
)

OUR_HOME = OF_OUR_BOARD.format(line="line_id")

TABLES: Mapping[str, Table] = {
    "agreement": Table(
        Zone.HOME,
        {
            Login.SOCIAL: Way(
                SIGNED_IN,
                f"(board_id = {MINE} or id = any({AGREEMENTS_SHOWN}))",
                EVERY,
                EVERY,
                EVERY,
                writes=f"{SIGNED_IN} and board_id = {MINE}",
            ),
            # To lock a row for share one must be allowed to change something of it; nothing changed passes `writes`.
            Login.HOUSING: Way(
                f"{LETTING} and state <> 'draft'", f"company_id = {MINE}", EVERY, NONE, ("id",), writes="false"
            ),
            Login.WORKER: Way("true", None, EVERY, NONE, ("id",), writes="false"),
            Login.REPORT: read_of(SIGNED_IN, f"board_id = {MINE}"),
        },
    ),
    "quota_line": Table(
        Zone.HOME,
        {
            Login.SOCIAL: Way(
                SIGNED_IN,
                # Of another board's agreement, the line alone that a home is under which was proposed to us.
                f"({OUR_AGREEMENT} or id = any({LINES_SHOWN}))",
                EVERY,
                EVERY,
                EVERY,
                writes=f"{SIGNED_IN} and {OUR_AGREEMENT}",
            ),
            Login.HOUSING: Way(LETTING, child_of("agreement", "agreement_id"), EVERY, NONE, ("id",), writes="false"),
            Login.WORKER: Way("true", None, EVERY, NONE, ("id",), writes="false"),
            Login.REPORT: read_of(SIGNED_IN, child_of("agreement", "agreement_id")),
        },
    ),
    # A company reads its ledger by `ledger_shown`, and counts by `count_homes`: a sum tells of what it is made of.
    "line_month": Table(
        Zone.HOME,
        {
            # Of another board's agreement, a home under which was proposed to us, the ledger stays that board's.
            Login.SOCIAL: Way(SIGNED_IN, OUR_HOME, EVERY, EVERY, EVERY),
            Login.WORKER: Way("true", None, EVERY, EVERY, EVERY),
            Login.REPORT: read_of(SIGNED_IN, child_of("quota_line", "line_id")),
        },
    ),
    "home": Table(
        Zone.HOME,
        {
            Login.SOCIAL: Way(
                SIGNED_IN,
                f"({OUR_HOME} or id = any({HOMES_SHOWN}))",
                EVERY,
                NONE,
                EVERY,
                writes=f"{SIGNED_IN} and ({OUR_HOME} or id = any({HOMES_HELD}))",
            ),
            Login.HOUSING: Way(
                LETTING,
                f"company_id = {MINE}",
                EVERY,
                EVERY,
                EVERY,
                writes=f"{LETTING} and {child_of('quota_line', 'line_id')}",
            ),
            Login.WORKER: Way("true", None, EVERY, NONE, EVERY),
            Login.REPORT: read_of(SIGNED_IN, OUR_HOME),
        },
    ),
    "home_feature": Table(
        Zone.HOME,
        {
            Login.SOCIAL: read_of(SIGNED_IN, child_of("home", "home_id")),
            Login.HOUSING: all_of(LETTING, child_of("home", "home_id")),
            Login.WORKER: read_of(),
            Login.REPORT: read_of(SIGNED_IN, child_of("home", "home_id")),
        },
    ),
}
