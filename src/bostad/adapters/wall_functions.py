"""The few questions that a role may ask about what it may not read: one answer each, search path pinned (S33).

They are SECURITY DEFINER and belong to a role that cannot log in. `bostad.session` holds the hash of a session's
random token: whoever sets it to something else is nobody, and no web role reaches the table it is looked up in (S31).
"""

from collections.abc import Mapping

from bostad.adapters.wall_exclusions import EXCLUSION_LIMITS, EXCLUSION_READS, EXCLUSION_TRIGGERS, EXCLUSIONS

WHO = """
    from session s
    join account a on a.id = s.user_id
    where s.token_hash = nullif(current_setting('bostad.session', true), '')
      and s.proved_at is not null and s.ended_at is null and a.disabled_at is null
      and s.started_at > now() - interval '10 hours' and s.seen_at > now() - interval '35 minutes'
"""

FUNCTIONS: Mapping[str, str] = {
    "who_user()": f"returns uuid language sql stable as $$ select a.id {WHO} $$",
    "who_organisation()": f"returns uuid language sql stable as $$ select a.organisation_id {WHO} $$",
    "who_role()": f"returns text language sql stable as $$ select a.role {WHO} $$",
    "who_unit()": f"returns uuid language sql stable as $$ select a.unit_id {WHO} $$",
    # The cases of the board with heightened protection that this person is not named for.
    "withheld_cases()": """returns uuid[] language sql stable as $$
        select coalesce(array_agg(c.id), '{}') from case_ c
        where c.heightened and c.board_id = who_organisation() and c.worker_id <> who_user() and not exists (
            select 1 from deputy d where d.case_id = c.id and d.user_id = who_user()
              and d.until >= (now() at time zone 'Europe/Stockholm')::date
        ) $$""",
    **EXCLUSIONS,
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
)

KEEPER_READS = (
    "session",
    "account",
    "card",
    "consent",
    "case_",
    "need",
    "placement",
    "audit_row",
    "deputy",
    "emergency_opening",
    "what_if",
    *EXCLUSION_READS,
)
KEEPER_CHANGES = ("card", "message", "audit_head")
"""What the functions above touch, and nothing else."""

KEPT: tuple[str, ...] = ("audit_row_is_chained()", "audit_walked(bigint)", "placement_event_is_logged()")
"""Functions that a migration makes and the keeper owns; each stands beside the table it is about."""
