"""What boards that are matched together may find of each other, kept by the database itself (S31).

Who runs with whom is read here from the boards' own decisions and never from what a page says. A board's session is
answered about that board alone.
"""

from collections.abc import Mapping

from bostad.adapters.wall_people import ASKER
from bostad.zones.logins import WEB_LOGINS

_WEB = ", ".join(f"'{login}'" for login in WEB_LOGINS)
_GUESTS = """
    from placement p
    join need n on n.id = p.need_id
    join home h on h.id = p.home_id
    join quota_line l on l.id = h.line_id
    where p.board_id = who_organisation() and p.host_id is not null and n.case_id = any (open_cases())
"""
_OTHERS = """
    from county_member own
    join county_member other on other.run_id = own.run_id and other.left_at is null
    where own.board_id = board and own.left_at is null and may_ask_for(board)
"""

COUNTIES: Mapping[str, str] = {
    # A web role is answered about the board whose session it is; the worker asks about every board.
    "may_ask_for(board uuid)": f"""returns boolean language sql stable as $$
        select {ASKER} not in ({_WEB}) or coalesce(board = who_organisation(), false) $$""",
    # The boards whose needs and homes one run takes in: those that have joined and match jointly. None where it is off.
    "boards_together(board uuid, on_day date)": f"""returns uuid[] language sql stable as $$
        select coalesce(array_agg(j.board_id order by j.board_id), '{{}}') from joint_matching j
        where j.is_on and exists (select 1 from joint_matching o where o.board_id = board and o.is_on)
          and may_ask_for(board) and (j.board_id = board or j.board_id in (
              select other.board_id {_OTHERS} and exists (
                  select 1 from county_run r where r.id = own.run_id and r.valid_from <= on_day
                    and (r.valid_until is null or r.valid_until >= on_day)
              )
          )) $$""",
    # The boards that a board has joined, and the companies they have agreements with: consent is asked for by name, and
    # before the first day.
    "partners_together(board uuid)": f"""returns uuid[] language sql stable as $$
        select coalesce(array_agg(distinct found.id), '{{}}') from (
            select other.board_id id {_OTHERS}
            union
            select a.company_id from agreement a
            where a.state <> 'draft' and a.board_id in (select other.board_id {_OTHERS})
        ) found $$""",
    # What their published homes' districts and buildings are called: a name that is spelt wrong protects nobody.
    "names_together(board uuid, wanted text[])": f"""returns table (district text, building text)
        language sql stable as $$
        select distinct h.district, h.building from home h
        join quota_line l on l.id = h.line_id
        join agreement a on a.id = l.agreement_id and a.state <> 'draft'
        where h.municipality = any(wanted) and a.board_id in (select other.board_id {_OTHERS}) $$""",
    # Homes under another board's agreement that have been proposed to a case open to this person, or are just now.
    "homes_as_guests(going_on boolean)": f"""returns uuid[] language sql stable as $$
        select coalesce(array_agg(distinct h.id), '{{}}') {_GUESTS}
          and (not going_on or p.stage not in ('moved_in', 'closed')) $$""",
    # The lines that those homes are under, and no other of the same agreement.
    "lines_as_guests()": f"""returns uuid[] language sql stable as $$
        select coalesce(array_agg(distinct l.id), '{{}}') {_GUESTS} $$""",
    # The agreements that those homes are under.
    "agreements_as_guests()": f"""returns uuid[] language sql stable as $$
        select coalesce(array_agg(distinct l.agreement_id), '{{}}') {_GUESTS} $$""",
    # A placement says truly whose home it is, and begins across boards only where those are matched together.
    "placement_knows_its_host()": """returns trigger language plpgsql as $$
        begin
            if new.host_id is distinct from (
                select nullif(a.board_id, new.board_id) from home h
                join quota_line l on l.id = h.line_id
                join agreement a on a.id = l.agreement_id
                where h.id = new.home_id
            ) then
                raise exception 'a placement says whose home it is'
                    using errcode = 'check_violation', constraint = 'placement_knows_its_host';
            end if;
            if tg_op = 'INSERT' and new.host_id is not null
               and new.host_id <> all (boards_together(new.board_id, (new.proposed_at at time zone 'UTC')::date)) then
                raise exception 'these boards are not matched together'
                    using errcode = 'check_violation', constraint = 'placement_in_one_run';
            end if;
            return new;
        end $$""",
}

COUNTY_TRIGGERS = (
    """create or replace trigger placement_knows_its_host before insert or update of home_id, board_id, host_id
        on placement for each row execute function placement_knows_its_host()""",
)
COUNTY_LIMITS = tuple(
    f"revoke execute on function {name} from bostad_housing, bostad_door, bostad_report"
    for name in (
        "boards_together",
        "partners_together",
        "names_together",
        "homes_as_guests",
        "lines_as_guests",
        "agreements_as_guests",
    )
)
"""These are answered to the boards' own side and the worker alone."""

COUNTY_READS = ("county_run", "county_member", "joint_matching", "agreement", "quota_line", "home", "placement", "need")
"""What the functions above read besides what the wall's own functions do."""
