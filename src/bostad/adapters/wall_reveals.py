"""How many households somebody has had before her within an hour: a question about her own rows of the log (S58)."""

from collections.abc import Mapping

REVEALS: Mapping[str, str] = {
    # Distinct cases among her own readings of the hour before a moment, when the first of them is an hour old, and
    # whether a manager has let her go on meanwhile.
    "my_reveals(moment timestamptz, out cases bigint, out ends_at timestamptz, out lifted boolean)": """
        language sql stable as $$
        select count(*), min(latest) + interval '1 hour', exists (
            select 1 from audit_row l where l.subject_id = who_user() and l.action = 'reading.limit_lifted'
              and l.at > moment - interval '1 hour' and l.at <= moment)
        from (
            select max(r.at) as latest from audit_row r
            where r.actor_id = who_user() and r.case_id is not null
              and r.at > moment - interval '1 hour' and r.at <= moment
              and split_part(r.action, '.', 2) in ('read', 'printed', 'extracted')
            group by r.case_id
        ) mine $$""",
}
