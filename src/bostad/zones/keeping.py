"""How long cases are kept, who decides that they go, and the totals that stay."""

from collections.abc import Mapping

from bostad.zones.logins import Login
from bostad.zones.ways import EVERY, ME, MINE, NONE, OVERSEES, SIGNED_IN, SOCIAL_WORK, Table, Way, Zone, all_of, read_of

OURS = f"board_id = {MINE}"
OF_THE_UNIT = f"{OURS} and ((select who_role()) <> 'unit_manager' or unit_id = (select who_unit()))"
MY_DECISION = (
    f"(approved_by is null and refused_by is null and proposed_by = {ME}) or approved_by = {ME} or refused_by = {ME}"
)
PROPOSED = ("id", "board_id", "unit_id", "profile_id", "proposed_by", "proposed_at")

TABLES: Mapping[str, Table] = {
    "preservation_area": Table(Zone.REFERENCE, {Login.SOCIAL: read_of(SIGNED_IN), Login.WORKER: read_of()}),
    "retention_profile": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(
                SIGNED_IN, OURS, EVERY, EVERY, writes=f"(select who_role()) = 'unit_manager' and recorded_by = {ME}"
            ),
            Login.WORKER: read_of(),
        },
    ),
    # Who proposes can say nothing of an approval, and who approves or refuses signs with her own name (S24).
    "deletion": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(
                OVERSEES,
                OF_THE_UNIT,
                EVERY,
                PROPOSED,
                ("approved_by", "refused_by", "decided_at"),
                writes=f"{OVERSEES} and ({MY_DECISION})",
            ),
            Login.WORKER: Way("true", None, EVERY, NONE, ("done_at",)),
        },
    ),
    "retention_line": Table(
        Zone.CASE,
        {
            Login.SOCIAL: Way(OVERSEES, OF_THE_UNIT, EVERY, NONE, ("deletion_id",)),
            Login.WORKER: all_of(),
        },
    ),
    "frozen_month": Table(
        Zone.CASE,
        {
            Login.SOCIAL: read_of(SOCIAL_WORK, OURS),
            Login.WORKER: all_of(),
            Login.REPORT: read_of(SOCIAL_WORK, OURS),
        },
    ),
}
