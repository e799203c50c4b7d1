"""Who must not hear of a household, kept by the database itself: functions and triggers of the wall (S05, S24).

A name is known as people know each other's: `Karin Carlsson`, `Carlsson, Karin Maria` and the user name
`karin.karlson` are one person here. Hiding a card from a namesake does little harm; showing it to the one meant does.
"""

from collections.abc import Mapping

from bostad.adapters.wall_people import ASKER

EXCLUSIONS: Mapping[str, str] = {
    # The parts of a name without order, case, accents, doubled letters and the spellings that sound alike.
    "folded_name(said text)": r"""returns text[] language sql immutable as $$
        select coalesce(array_agg(distinct part order by part), '{}')
        from regexp_split_to_table(
            regexp_replace(
                translate(
                    replace(replace(replace(
                        regexp_replace(normalize(lower(said), NFKD), '[\u0300-\u036f]', '', 'g'),
                    'ph', 'f'), 'x', 'ks'), 'æ', 'ae'),
                'cqwzyøłđßh', 'kkvsiolds'),
            '(.)\1+', '\1', 'g'),
        '[[:space:][:punct:]]+') part
        where part <> '' $$""",
    # Whether a name as somebody wrote it means a person: by her user name, or by at least two parts of her name.
    "is_named_alike(said text, named text, username text)": """returns boolean language sql immutable as $$
        with parts as (select folded_name(said) s, folded_name(named) n, folded_name(username) u)
        select s <> '{}' and (
            s = u
            or (cardinality(s) >= 2 and (s <@ n or s <@ u))
            or (cardinality(n) >= 2 and n <@ s)
        ) from parts $$""",
    # Whether a person is one of those who must not hear of a need.
    "is_kept_from(wanted uuid, reader uuid)": """returns boolean language sql stable as $$
        select exists (
            select 1 from excluded_staff x
            join account a on a.id = reader and a.organisation_id = x.company_id
            where x.need_id = wanted and x.lifted_by is null and is_named_alike(x.name, a.name, a.username)
        ) $$""",
    # A company's session is answered about the person whose it is, and about no colleague of hers.
    "may_ask_about(reader uuid)": f"""returns boolean language sql stable as $$
        select {ASKER} <> 'bostad_housing' or coalesce(reader = who_user(), false) $$""",
    # Whether a placement with a contract is there for a person, though consent may have ended since. What is not there
    # is answered like what never was.
    "card_is_bound(wanted uuid, reader uuid)": """returns boolean language sql stable as $$
        select exists (
            select 1 from card c
            join consent g on g.id = c.consent_id
            join placement p on p.card_id = c.id and p.stage in ('signed', 'moved_in')
            where c.id = wanted and not is_kept_from(g.need_id, reader) and may_ask_about(reader)
        ) $$""",
    # The companies that a need is closed to: those excluded whole, and those where nobody would be left to answer.
    "companies_closed_to(wanted uuid[])": """returns table (need_id uuid, company_id uuid) language sql stable as $$
        select b.need_id, b.company_id from blocked_company b where b.need_id = any(wanted) and b.lifted_by is null
        union
        select x.need_id, x.company_id from excluded_staff x
        where x.need_id = any(wanted) and x.lifted_by is null and not exists (
            select 1 from account a
            where a.organisation_id = x.company_id and a.role = 'housing_staff' and a.disabled_at is null
              and not is_kept_from(x.need_id, a.id)
        ) $$""",
    "placement_spares_the_excluded()": """returns trigger language plpgsql as $$
        begin
            if exists (select 1 from companies_closed_to(array[new.need_id]) c where c.company_id = new.company_id) then
                raise exception 'this need is closed to this company'
                    using errcode = 'check_violation', constraint = 'placement_spares_the_excluded';
            end if;
            return new;
        end $$""",
    "card_spares_the_excluded()": """returns trigger language plpgsql as $$
        begin
            if not exists (
                select 1 from consent c where c.id = new.consent_id and c.company_id = new.company_id
                  and c.revoked_at is null
                  and not exists (
                      select 1 from companies_closed_to(array[c.need_id]) x where x.company_id = new.company_id
                  )
            ) then
                raise exception 'there is nothing that lets this company see a card'
                    using errcode = 'check_violation', constraint = 'card_spares_the_excluded';
            end if;
            return new;
        end $$""",
    # A necessary disclosure stands on a request that the manager of the case's unit has granted, and nobody else.
    "consent_needs_two()": """returns trigger language plpgsql as $$
        begin
            if not exists (
                select 1 from disclosure_request r
                join need n on n.id = r.need_id
                join case_ c on c.id = n.case_id
                join account a on a.id = r.decided_by
                where r.id = new.request_id and r.granted and r.decided_by = new.approved_by
                  and r.need_id = new.need_id and r.company_id = new.company_id
                  and r.field_groups @> new.field_groups and new.ends_on <= r.ends_on
                  and a.role = 'unit_manager' and a.unit_id = c.unit_id and a.organisation_id = c.board_id
                  and not c.heightened
            ) then
                raise exception 'a necessary disclosure needs the grant of the unit''s manager'
                    using errcode = 'check_violation', constraint = 'consent_needs_two';
            end if;
            return new;
        end $$""",
    # What protects is lifted when one has asked for it and, in a later step, another has agreed (S24).
    "lifted_by_two()": """returns trigger language plpgsql as $$
        begin
            if old.lift_asked_by is null or new.lifted_by is null or old.lift_asked_by = new.lifted_by
               or new.lift_asked_by is distinct from old.lift_asked_by then
                raise exception 'this is lifted by two'
                    using errcode = 'check_violation', constraint = 'lifted_by_two';
            end if;
            return new;
        end $$""",
    # An exclusion of a need that somebody else may have acted on is lifted by two, not deleted by one.
    "exclusion_stays()": """returns trigger language plpgsql as $$
        begin
            if exists (select 1 from need n where n.id = old.need_id and n.state in ('open', 'paused')) then
                raise exception 'an exclusion is lifted by two'
                    using errcode = 'check_violation', constraint = 'exclusion_stays';
            end if;
            return old;
        end $$""",
}

EXCLUSION_TRIGGERS = tuple(
    f"create or replace trigger {name} before {when} for each row {condition} execute function {function}()"
    for name, when, condition, function in (
        (
            "placement_spares_the_excluded",
            "insert or update of stage, need_id, company_id on placement",
            "when (new.stage in ('proposed', 'released'))",
            "placement_spares_the_excluded",
        ),
        (
            "card_spares_the_excluded",
            "insert or update of consent_id, company_id on card",
            "",
            "card_spares_the_excluded",
        ),
        (
            "consent_needs_two",
            "insert or update of basis, request_id, approved_by on consent",
            "when (new.basis = 'necessity')",
            "consent_needs_two",
        ),
        (
            "case_lifted_by_two",
            "update of heightened on case_",
            "when (old.heightened and not new.heightened)",
            "lifted_by_two",
        ),
        *(
            (
                f"{table}_lifted_by_two",
                f"update of lifted_by on {table}",
                "when (new.lifted_by is not null and old.lifted_by is null)",
                "lifted_by_two",
            )
            for table in ("blocked_company", "excluded_staff")
        ),
        *(
            (f"{table}_stays", f"delete on {table}", "", "exclusion_stays")
            for table in ("blocked_company", "excluded_staff")
        ),
    )
)

NOT_FOR = "bostad_housing, bostad_door, bostad_report"
EXCLUSION_LIMITS = (
    f"revoke execute on function is_kept_from from {NOT_FOR}",
    f"revoke execute on function companies_closed_to from {NOT_FOR}",
)
"""What a need is closed to is answered to the board's own side and the worker alone."""

EXCLUSION_READS = ("excluded_staff", "blocked_company", "disclosure_request", "need", "case_", "placement", "home")
"""What the functions above read besides what the wall's own functions do."""
