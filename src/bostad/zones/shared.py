"""What both sides know of one placement; the columns that are the board's alone are not granted to housing."""

from collections.abc import Mapping

from bostad.zones.logins import Login
from bostad.zones.ways import (
    ANSWERED_COLUMNS,
    CARD_IS_BOUND,
    CARD_IS_OPEN,
    EVERY,
    HOMES_HELD,
    LEADING,
    LETTING,
    ME,
    MINE,
    NONE,
    SHARED_COLUMNS,
    SOCIAL_WORK,
    Table,
    Way,
    Zone,
    child_of,
    read_of,
)

TABLES: Mapping[str, Table] = {
    "card": Table(
        Zone.SHARED,
        {
            Login.SOCIAL: Way(
                SOCIAL_WORK,
                child_of("consent", "consent_id"),
                EVERY,
                EVERY,
                ("withdrawn_at",),
            ),
            Login.HOUSING: read_of(
                LETTING,
                f"company_id = {MINE} and {CARD_IS_OPEN.format(card='id')}",
                ("id", "code", "company_id", "content", "reservation", "written_at", "withdrawn_at"),
            ),
            Login.WORKER: Way("true", None, EVERY, EVERY, ("withdrawn_at",), deletes=True),
        },
    ),
    "acknowledgement": Table(
        Zone.SHARED,
        {
            Login.SOCIAL: read_of(SOCIAL_WORK, child_of("card", "card_id")),
            Login.HOUSING: Way(LETTING, f"user_id = {ME} and {child_of('card', 'card_id')}", EVERY, EVERY),
            Login.WORKER: Way("true", deletes=True),
        },
    ),
    "placement": Table(
        Zone.SHARED,
        {
            Login.SOCIAL: Way(
                SOCIAL_WORK,
                f"board_id = {MINE} and {child_of('need', 'need_id')}",
                EVERY,
                EVERY,
                EVERY,
                # By hand a board gives its own homes; one of another's goes on, and only a run begins it.
                writes=f"{SOCIAL_WORK} and {child_of('home', 'home_id')}"
                f" and (host_id is null or home_id = any({HOMES_HELD}))",
            ),
            Login.HOUSING: Way(
                LETTING,
                f"company_id = {MINE} and ({CARD_IS_OPEN.format(card='card_id')} or {CARD_IS_BOUND})",
                tuple(SHARED_COLUMNS),
                NONE,
                tuple(ANSWERED_COLUMNS),
            ),
            Login.WORKER: Way("true", None, EVERY, EVERY, EVERY, deletes=True),
            Login.REPORT: read_of(LEADING, f"board_id = {MINE} and {child_of('need', 'need_id')}"),
        },
    ),
    "placement_event": Table(
        Zone.SHARED,
        {
            Login.SOCIAL: Way(SOCIAL_WORK, child_of("placement", "placement_id"), EVERY, EVERY),
            Login.HOUSING: Way(
                f"{LETTING} and move <> 'put'", child_of("placement", "placement_id"), EVERY, EVERY, writes=LETTING
            ),
            Login.WORKER: Way("true", None, EVERY, EVERY, deletes=True),
        },
    ),
}
