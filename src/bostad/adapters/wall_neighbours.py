"""What stands in the way of a home, asked by somebody who may not know why: the database sees everybody (I05).

A worker's session finds her own cases. Whether a home is taken, a month full, a building as full as its agreement
allows, or somebody too near who must be kept apart, depends on cases she may not know of. So the keeper's functions
look, and answer by homes and places alone: never for whom, and never by which of the rules about neighbours.
"""

from collections.abc import Mapping

from bostad.adapters.wall_people import ASKER

OF_THE_BOARD = f"({ASKER} <> 'bostad_social' or {{board}} = who_organisation())"
PROMISED = "put_at is not null and stage <> 'closed'"
"""Put to a household, and what came of it: whoever lives there counts."""

NEIGHBOURS: Mapping[str, str] = {
    # A name of a district or a building in the form in which the matching compares them (`name_key`).
    "place_name(said text)": r"""returns text language sql immutable as $$
        select nullif(replace(lower(normalize(regexp_replace(said, '^\s+|\s+$', '', 'g'), NFC)), 'ß', 'ss'), '') $$""",
    # Whether two homes lie in the same place; an unknown one is the same as every other of its municipality.
    "lie_together(scope text, one home, other home)": """returns boolean language sql immutable as $$
        select one.municipality = other.municipality and coalesce(case scope
            when 'district' then place_name(one.district) = place_name(other.district)
            when 'building' then place_name(one.building) = place_name(other.building)
        end, true) $$""",
    # Whose households a building's limit counts beside a need, as a run does: its board's, those of the boards that are
    # matched with it, and of those whose homes these are. A web role asks about its own board.
    "boards_counted(wanted uuid, homes uuid[])": """returns uuid[] language sql stable as $$
        select array(
            select n.board_id from need n where n.id = wanted
            union
            select unnest(boards_together(n.board_id, (now() at time zone 'UTC')::date)) from need n where n.id = wanted
            union
            select a.board_id from home h
            join quota_line l on l.id = h.line_id
            join agreement a on a.id = l.agreement_id
            where h.id = any(homes)
        ) $$""",
    # Those of some homes that a rule about others keeps from a need: a building's limit, or cases kept apart. They are
    # households of those boards, and guests in their homes.
    "others_in_the_way(wanted uuid, homes uuid[])": f"""returns setof uuid language sql stable as $$
        with boards as materialized (
            select boards_counted(wanted, homes) as ids
        ), me as (
            select n.id, n.case_id, boards.ids as boards from boards, need n
            where n.id = wanted and ({ASKER} <> 'bostad_social' or n.case_id = any(open_cases())) and (
                exists (select 1 from kept_apart k where n.case_id in (k.case_id, k.other_id))
                or exists (
                    select 1 from agreement a join quota_line l on l.agreement_id = a.id
                    where a.board_id = any(boards.ids) and l.building_cap is not null
                )
            )
        ), promised as materialized (
            select o.case_id, h as home from me
            join placement p on (p.board_id = any(me.boards) or p.host_id = any(me.boards)) and p.need_id <> me.id
            join need o on o.id = p.need_id
            join home h on h.id = p.home_id
            where {PROMISED.replace("stage", "p.stage").replace("put_at", "p.put_at")}
        ), asked as materialized (
            select h as home from me join home h on h.id = any(homes)
        ), buildings as (
            select (home).municipality, place_name((home).building) as named, min(l.building_cap) as most
            from (select home from asked union all select home from promised) one
            join quota_line l on l.id = (home).line_id
            group by 1, 2
        )
        select (a.home).id from asked a
        join buildings b on b.municipality = (a.home).municipality and b.named = place_name((a.home).building)
        where b.most <= (
            select count(*) from promised p
            where (p.home).municipality = b.municipality and place_name((p.home).building) = b.named
        )
        union
        select (a.home).id from asked a
        cross join me
        join kept_apart k on me.case_id in (k.case_id, k.other_id)
        join promised p on p.case_id in (k.case_id, k.other_id) and p.case_id <> me.case_id
        where lie_together(k.scope, a.home, p.home) $$""",
    # Lets two promises of boards whose households count together be made one after the other.
    "one_promise_at_a_time(wanted uuid, homes uuid[])": """returns void language sql as $$
        select pg_advisory_xact_lock(hashtextextended(one::text, 0))
        from (select unnest(boards_counted(wanted, homes)) one order by 1) boards $$""",
    # No promise against those rules, by whatever way it comes.
    "placement_keeps_its_distance()": """returns trigger language plpgsql as $$
        begin
            if new.put_at is not null then
                perform one_promise_at_a_time(new.need_id, array[new.home_id]);
            end if;
            if exists (select 1 from others_in_the_way(new.need_id, array[new.home_id])) then
                raise exception 'this home cannot be promised to this household'
                    using errcode = 'check_violation', constraint = 'placement_keeps_its_distance';
            end if;
            return new;
        end $$""",
    # The homes that a board has put to households, and its own that a run keeps for households of other boards.
    "homes_promised(board uuid)": f"""returns setof uuid language sql stable as $$
        select home_id from placement
        where (board_id = board and {PROMISED} or host_id = board and stage <> 'closed')
          and {OF_THE_BOARD.format(board="board")} $$""",
    # Whether a month of a line has room for one more: what is put to households counts, not only what they accepted.
    "month_is_full(line uuid, wanted date)": f"""returns boolean language sql stable as $$
        select m.agreed + m.carried <= m.released + (
            select count(*) from placement p join home h on h.id = p.home_id
            where h.line_id = line and h.month = wanted and p.stage = 'proposed' and p.put_at is not null
        ) from line_month m join quota_line l on l.id = m.line_id join agreement a on a.id = l.agreement_id
        where m.line_id = line and m.month = wanted and {OF_THE_BOARD.format(board="a.board_id")} $$""",
    # Lets a proposal for a home that nobody has been told of give way; gives its id, for the log.
    "make_way(wanted uuid, moment timestamptz)": f"""returns setof uuid language sql as $$
        with gone as (
            update placement
            set stage = 'closed', stage_since = moment, deadline = null, closed_because = 'better_plan'
            where home_id = wanted and stage = 'proposed' and put_at is null
              and {OF_THE_BOARD.format(board="board_id")}
            returning id
        ), noted as (
            insert into placement_event (id, placement_id, at, move, stage, because, side)
            select gen_random_uuid(), id, moment, 'preempt', 'closed', 'better_plan', 'neither' from gone
        )
        select id from gone $$""",
    # What goes on with the homes under an agreement, for whoever ends it: no need, no case; and of other boards'
    # households no stage either.
    "going_on_under(wanted uuid)": f"""returns table (home_id uuid, stage text) language sql stable as $$
        select p.home_id, case when p.host_id is null then p.stage end from placement p
        join home h on h.id = p.home_id
        join quota_line l on l.id = h.line_id
        join agreement a on a.id = l.agreement_id
        where a.id = wanted and p.stage not in ('moved_in', 'closed')
          and {OF_THE_BOARD.format(board="a.board_id")} $$""",
    # The places of a board's shelter and support flats where somebody lives.
    "places_taken(board uuid)": f"""returns setof uuid language sql stable as $$
        select s.place_id from shelter_stay s join shelter_place p on p.id = s.place_id
        where p.board_id = board and s.until is null and {OF_THE_BOARD.format(board="board")} $$""",
}

NEIGHBOUR_TRIGGERS = (
    """create or replace trigger placement_keeps_its_distance
        before insert or update of stage, put_at, home_id, need_id on placement
        for each row when (new.stage in ('proposed', 'released')) execute function placement_keeps_its_distance()""",
)
NOT_ASKED_BY = "bostad_housing, bostad_door, bostad_report"
NEIGHBOUR_LIMITS = (
    f"revoke execute on function boards_counted from {NOT_ASKED_BY}, bostad_social, bostad_worker",
    *(
        f"revoke execute on function {name} from {NOT_ASKED_BY}"
        for name in (
            "one_promise_at_a_time",
            "others_in_the_way",
            "homes_promised",
            "month_is_full",
            "make_way",
            "going_on_under",
            "places_taken",
        )
    ),
)
NEIGHBOUR_READS = ("kept_apart", "agreement", "quota_line", "line_month", "shelter_stay", "shelter_place")
NEIGHBOUR_CHANGES = ("placement", "placement_event")
