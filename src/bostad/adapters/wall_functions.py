"""The few questions that a role may ask about what it may not read: one answer each, search path pinned (S33).

They are SECURITY DEFINER and belong to a role that cannot log in. `bostad.session` holds the hash of a session's
random token: whoever sets it to something else is nobody, and no web role reaches the table it is looked up in (S31).
"""

from collections.abc import Mapping

from bostad.adapters.wall_counties import COUNTIES, COUNTY_LIMITS, COUNTY_READS, COUNTY_TRIGGERS
from bostad.adapters.wall_exclusions import EXCLUSION_LIMITS, EXCLUSION_READS, EXCLUSION_TRIGGERS, EXCLUSIONS
from bostad.adapters.wall_ledger import LEDGER, LEDGER_CHANGES, LEDGER_LIMITS, LEDGER_READS, LEDGER_TRIGGERS
from bostad.adapters.wall_neighbours import (
    NEIGHBOUR_CHANGES,
    NEIGHBOUR_LIMITS,
    NEIGHBOUR_READS,
    NEIGHBOUR_TRIGGERS,
    NEIGHBOURS,
)
from bostad.adapters.wall_people import PEOPLE, PEOPLE_LIMITS, PEOPLE_READS
from bostad.adapters.wall_reveals import REVEALS

FUNCTIONS: Mapping[str, str] = {
    **PEOPLE,
    **COUNTIES,
    **NEIGHBOURS,
    **EXCLUSIONS,
    **REVEALS,
    **LEDGER,
    # Whether a card may be read by a person on a day: not taken back, under a consent that holds (S11), and not hidden.
    "card_is_open(wanted uuid, reader uuid, on_day date)": """returns boolean language sql stable as $$
        select exists (
            select 1 from card c
            join consent given on given.id = c.consent_id
            join consent live on live.need_id = given.need_id and live.company_id = given.company_id
            where c.id = wanted and c.withdrawn_at is null and live.revoked_at is null and live.ends_on >= on_day
              and not is_kept_from(given.need_id, reader) and may_ask_about(reader)
        ) $$""",
    # Asks for work once this transaction commits; what waits already is touched, and so locked until then.
    "post_message(what text, about text, posted timestamptz, due timestamptz)": """returns void language sql as $$
        insert into message (id, kind, key, posted_at, due_at, attempts)
        values (gen_random_uuid(), what, about, posted, due, 0)
        on conflict (kind, key) where done_at is null and leased_until is null
        do update set due_at = least(message.due_at, excluded.due_at) $$""",
    # A placement that has ended shows its card no longer, whoever ended it.
    "placement_withdraws_card()": """returns trigger language plpgsql as $$
        begin
            update card set withdrawn_at = new.stage_since where id = new.card_id and withdrawn_at is null;
            return null;
        end $$""",
}

TRIGGERS = (
    """create or replace trigger placement_withdraws_card after update of stage on placement for each row
        when (new.stage in ('closed', 'moved_in') and new.card_id is not null)
        execute function placement_withdraws_card()""",
    *EXCLUSION_TRIGGERS,
    *EXCLUSION_LIMITS,
    *PEOPLE_LIMITS,
    *NEIGHBOUR_TRIGGERS,
    *NEIGHBOUR_LIMITS,
    *LEDGER_TRIGGERS,
    *LEDGER_LIMITS,
    *COUNTY_TRIGGERS,
    *COUNTY_LIMITS,
)

KEEPER_READS = frozenset(
    {*PEOPLE_READS, *NEIGHBOUR_READS, *EXCLUSION_READS, *LEDGER_READS, *COUNTY_READS, "audit_row", "what_if"}
)
KEEPER_CHANGES = frozenset({*NEIGHBOUR_CHANGES, *LEDGER_CHANGES, "card", "message", "audit_head"})
"""What the functions above touch, and nothing else."""

KEPT: tuple[str, ...] = ("audit_row_is_chained()", "audit_walked(bigint)", "placement_event_is_logged()")
"""Functions that a migration makes and the keeper owns; each stands beside the table it is about."""
