"""Whose a session is, and which cases stand open to that person: what the policies of the case zone go by (S31).

The rule is that of `needs/loading.py`, kept by the database: a social worker's own cases, those she stands in for, and
those she has opened in an emergency for as long as that lasts; a manager's unit, but for heightened protection.
"""

from collections.abc import Mapping

ASKER = "coalesce(nullif(current_setting('role', true), 'none'), session_user::text)"
"""Who asks: the role logged in as, or the one taken since. A function's own power does not change it."""

_WHO = """
    from session s
    join account a on a.id = s.user_id
    where s.token_hash = nullif(current_setting('bostad.session', true), '')
      and s.proved_at is not null and s.ended_at is null and a.disabled_at is null
      and s.started_at > now() - interval '10 hours' and s.seen_at > now() - interval '35 minutes'
"""
_TODAY = "(now() at time zone 'Europe/Stockholm')::date"
_ORDINARY = "c.board_id = board and c.closed_at is null and not c.heightened"

PEOPLE: Mapping[str, str] = {
    "who_user()": f"returns uuid language sql stable as $$ select a.id {_WHO} $$",
    "who_organisation()": f"returns uuid language sql stable as $$ select a.organisation_id {_WHO} $$",
    "who_role()": f"returns text language sql stable as $$ select a.role {_WHO} $$",
    "who_unit()": f"returns uuid language sql stable as $$ select a.unit_id {_WHO} $$",
    # The cases that stand open to this person; asked once a statement, so that a change is judged as things stood.
    "open_cases()": f"""returns uuid[] language sql stable as $$
        select coalesce((
            select case a.role
                when 'social_worker' then array(
                    select c.id from case_ c where c.worker_id = a.id and c.board_id = a.organisation_id
                ) || array(
                    select c.id from deputy d join case_ c on c.id = d.case_id
                    where d.user_id = a.id and d.until >= {_TODAY} and c.board_id = a.organisation_id
                ) || array(
                    select c.id from emergency_opening e join case_ c on c.id = e.case_id
                    where e.user_id = a.id and e.until > clock_timestamp()
                      and c.board_id = a.organisation_id and not c.heightened
                )
                when 'unit_manager' then array(
                    select c.id from case_ c
                    where c.unit_id = a.unit_id and c.board_id = a.organisation_id and not c.heightened
                )
            end {_WHO}
        ), '{{}}') $$""",
    # What a social worker may open in an emergency: an ordinary case of her board that goes on.
    "may_be_opened(wanted uuid)": f"""returns boolean language sql stable as $$
        select who_role() = 'social_worker' and exists (
            select 1 from case_ c, (select who_organisation() as board) me where c.id = wanted and {_ORDINARY}
        ) $$""",
    # The same by its number, keyed: whoever opens a case cannot find it before.
    "openable_case(board uuid, hash bytea)": f"""returns uuid language sql stable as $$
        select c.id from case_ c where c.case_number_hash = hash and {_ORDINARY}
          and ({ASKER} <> 'bostad_social' or (board = who_organisation() and who_role() = 'social_worker')) $$""",
    # What a board has disclosed, for its officer: no case, and nothing of what stood on a card.
    "board_disclosures(board uuid, skip integer, most integer)": f"""returns table (
        written_at timestamptz, code text, company text, basis text, given_on date, ends_on date,
        withdrawn_at timestamptz, reserved boolean, acknowledged_at timestamptz
    ) language sql stable as $$
        select d.written_at, d.code, o.name, g.basis, g.given_on, g.ends_on, d.withdrawn_at, d.reservation is not null,
               (select min(k.at) from acknowledgement k where k.card_id = d.id)
        from card d
        join organisation o on o.id = d.company_id
        join consent g on g.id = d.consent_id
        join need n on n.id = g.need_id
        join case_ c on c.id = n.case_id
        where c.board_id = board and not c.heightened and (
            {ASKER} <> 'bostad_social' or (board = who_organisation() and who_role() = 'data_protection_officer')
        )
        order by d.written_at desc, d.id offset skip limit most $$""",
}

PEOPLE_LIMITS = (
    # Two cards of one household are one to it, and a company is not told which are.
    "revoke execute on function my_reveals from bostad_housing, bostad_door",
    *(
        f"revoke execute on function {name} from bostad_housing, bostad_door, bostad_report"
        for name in (
            "open_cases",
            "may_be_opened",
            "openable_case",
            "board_disclosures",
            "audit_walked",
        )
    ),
)

PEOPLE_READS = (
    "session",
    "account",
    "organisation",
    "case_",
    "deputy",
    "emergency_opening",
    "card",
    "consent",
    "need",
    "acknowledgement",
)
