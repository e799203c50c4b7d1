"""The ledger, kept by the database: who may count what, and what one person at a company sees of the sums (I03, S05).

A company's role has no grant on `line_month`: a sum would tell somebody who must not hear of a household that there is
one. Promises and contracts are counted where a placement changes its stage, whoever changes it; the company counts its
own homes through `count_homes`, and reads each month as it would stand without the placements that are not there for
her. The arithmetic is that of `agreements/quota.py`, which reckons the months that nobody has touched.
"""

from collections.abc import Mapping

from bostad.adapters.wall_people import ASKER

LEDGER: Mapping[str, str] = {
    # What is agreed for a month: nothing outside the agreement's time.
    "agreed_in(wanted date, per_month integer, begins date, ends date)": """returns integer language sql immutable as $$
        select case when ends < wanted or (wanted + interval '1 month')::date <= begins then 0 else per_month end $$""",
    # What a month has from what the month before it left; nothing is known of the time before the first.
    "carried_into(wanted date, left_over integer, carry_over text, carry_limit integer)": """returns integer
        language sql immutable as $$
        select case
            when left_over is null or carry_over = 'none' then 0
            when carry_over = 'within_year' and extract(month from wanted) = 1 then 0
            else least(greatest(left_over, 0), carry_limit)
        end $$""",
    # Counts in one month of a line, with every lock that it takes: what is promised takes from the months after it.
    "keep_ledger(line uuid, wanted date, counter text, change integer, anew boolean)": """returns void
        language plpgsql as $$
        declare
            own quota_line;
            bound agreement;
            kept line_month;
            shifts boolean := anew or counter = 'released';
            is_it boolean;
            left_over integer;
        begin
            select * into strict own from quota_line where id = line;
            select * into strict bound from agreement where id = own.agreement_id;
            perform 1 from quota_line where agreement_id = bound.id order by id for no key update;
            insert into line_month (id, line_id, month, agreed, carried, delivered, approved, released, signed)
            select gen_random_uuid(), line, one::date,
                   agreed_in(one::date, own.per_month, bound.valid_from, bound.valid_until), 0, 0, 0, 0, 0
            from (
                select least(min(month), wanted)::timestamp as first, greatest(max(month), wanted)::timestamp as last
                from line_month where line_id = line
            ) span, generate_series(span.first, span.last, interval '1 month') one
            where not exists (select 1 from line_month where line_id = line and month = one::date);
            shifts := shifts or found;
            for kept in select * from line_month where line_id = line order by month loop
                is_it := kept.month = wanted;
                if anew and kept.month >= wanted then
                    kept.agreed := agreed_in(kept.month, own.per_month, bound.valid_from, bound.valid_until);
                end if;
                if shifts then
                    kept.carried := carried_into(kept.month, left_over, own.carry_over, own.carry_limit);
                end if;
                kept.released := kept.released + case when is_it and counter = 'released' then change else 0 end;
                left_over := kept.agreed + kept.carried - kept.released;
                update line_month set
                    agreed = kept.agreed, carried = kept.carried, released = kept.released,
                    delivered = delivered + case when is_it and counter = 'delivered' then change else 0 end,
                    approved = approved + case when is_it and counter = 'approved' then change else 0 end,
                    signed = signed + case when is_it and counter = 'signed' then change else 0 end
                where id = kept.id and (shifts or is_it);
            end loop;
            if counter = 'released' and change > 0 and bound.monthly_cap < (
                select sum(m.released) from line_month m join quota_line l on l.id = m.line_id
                where l.agreement_id = bound.id and m.month = wanted
            ) then
                raise exception 'the agreement''s quota is used up'
                    using errcode = 'check_violation', constraint = 'ck_line_month_quota_kept';
            end if;
        end $$""",
    # A company counts its own homes, a board those under its agreements, and neither what it is not theirs to count.
    "count_homes(line uuid, wanted date, counter text, change integer)": f"""returns void language plpgsql as $$
        begin
            if {ASKER} = 'bostad_housing' and (counter not in ('delivered', 'approved') or not exists (
                select 1 from quota_line l join agreement a on a.id = l.agreement_id
                where l.id = line and a.company_id = who_organisation()
            )) or {ASKER} = 'bostad_social' and not exists (
                select 1 from quota_line l join agreement a on a.id = l.agreement_id
                where l.id = line and a.board_id = who_organisation()
            ) then
                raise exception 'this is not for you to count' using errcode = 'insufficient_privilege';
            end if;
            perform keep_ledger(line, wanted, counter, change, false);
        end $$""",
    # Gives a line's months from this one on what the line now says.
    "ledger_anew(line uuid, wanted date)": f"""returns void language plpgsql as $$
        begin
            if {ASKER} = 'bostad_social' and not exists (
                select 1 from quota_line l join agreement a on a.id = l.agreement_id
                where l.id = line and a.board_id = who_organisation()
            ) then
                raise exception 'this is not for you to count' using errcode = 'insufficient_privilege';
            end if;
            perform keep_ledger(line, wanted, null, 0, true);
        end $$""",
    # A promise and a contract are counted as the placement's stage says, whoever changes it.
    "placement_is_counted()": """returns trigger language plpgsql as $$
        declare
            at_home home;
            promised text[] := array['released', 'reserved', 'signed', 'moved_in'];
            bound text[] := array['signed', 'moved_in'];
            promises integer := (new.stage = any(promised))::integer - (old.stage = any(promised))::integer;
            contracts integer := (new.stage = any(bound))::integer - (old.stage = any(bound))::integer;
        begin
            select * into strict at_home from home where id = new.home_id;
            if promises > 0 then
                perform keep_ledger(at_home.line_id, at_home.month, 'released', promises, false);
            end if;
            if contracts <> 0 then
                perform keep_ledger(at_home.line_id, at_home.month, 'signed', contracts, false);
            end if;
            if promises < 0 then
                perform keep_ledger(at_home.line_id, at_home.month, 'released', promises, false);
            end if;
            return null;
        end $$""",
    # The months of a company's lines as they would stand without the placements that are not there for a person.
    "ledger_shown(lines uuid[], reader uuid)": f"""returns setof line_month language plpgsql stable as $$
        declare
            kept record;
            shown line_month;
            before line_month;
        begin
            for kept in
                select m as month, l.carry_over, l.carry_limit, hidden.released, hidden.signed
                from line_month m
                join quota_line l on l.id = m.line_id
                join agreement a on a.id = l.agreement_id and a.state <> 'draft'
                left join lateral (
                    select count(*)::integer as released,
                           (count(*) filter (where p.stage in ('signed', 'moved_in')))::integer as signed
                    from home h join placement p on p.home_id = h.id
                    where h.line_id = m.line_id and h.month = m.month
                      and p.stage in ('released', 'reserved', 'signed', 'moved_in')
                      and not card_is_open(p.card_id, reader, (now() at time zone 'Europe/Stockholm')::date)
                      and not card_is_bound(p.card_id, reader)
                ) hidden on true
                where m.line_id = any(lines) and may_ask_about(reader)
                  and ({ASKER} <> 'bostad_housing' or a.company_id = who_organisation())
                order by m.line_id, m.month
            loop
                shown := kept.month;
                if before.line_id = shown.line_id then
                    shown.carried := carried_into(
                        shown.month, before.agreed + before.carried - before.released, kept.carry_over, kept.carry_limit
                    );
                end if;
                shown.released := shown.released - kept.released;
                shown.signed := shown.signed - kept.signed;
                before := shown;
                return next shown;
            end loop;
        end $$""",
}

LEDGER_TRIGGERS = (
    """create or replace trigger placement_is_counted after update of stage on placement for each row
        when (old.stage is distinct from new.stage) execute function placement_is_counted()""",
)
LEDGER_LIMITS = (
    "revoke execute on function keep_ledger from bostad_social, bostad_housing, bostad_door, bostad_report",
    "revoke execute on function count_homes, ledger_shown from bostad_door, bostad_report",
    "revoke execute on function ledger_anew from bostad_housing, bostad_door, bostad_report",
)
LEDGER_READS = ("agreement", "home")
LEDGER_CHANGES = ("line_month", "quota_line")
