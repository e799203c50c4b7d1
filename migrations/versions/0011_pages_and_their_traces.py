"""The log: no move of a placement without its row; a question leads to its case; a sample of what managers did.

The first holds at the end of each transaction that makes a move (I06). What managers did themselves is one sample for a
board, without a unit, and the data-protection officer's to sign.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

# Whoever moves a placement may add to the log and mostly not read it; the function's owner may (bostad/adapters/wall*.py).
LOGGED = """
create function placement_event_is_logged() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if (select count(*) from audit_row r
        where r.subject_id = new.placement_id and r.action = 'placement.' || new.move) <> 1
    then
        raise exception 'a move has exactly one row of the log' using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end
$$
"""
HELD = """
create constraint trigger placement_event_is_logged after insert on placement_event
    deferrable initially deferred for each row execute function placement_event_is_logged()
"""
# As in 0004, and a question of what if leads to the case that it is about.
CASE = """
create or replace function audit_case(subject uuid) returns uuid language sql stable
    set search_path = pg_catalog, public, pg_temp as $$
    select coalesce(
        (select c.id from case_ c where c.id = subject),
        (select n.case_id from need n where n.id = subject),
        (select n.case_id from placement p join need n on n.id = p.need_id where p.id = subject),
        (select n.case_id from consent t join need n on n.id = t.need_id where t.id = subject),
        (select n.case_id from card d join consent t on t.id = d.consent_id join need n on n.id = t.need_id
            where d.id = subject),
        (select w.case_id from what_if w where w.id = subject))
$$
"""


def upgrade() -> None:
    """Bring the schema here from the revision before."""
    op.execute(LOGGED)
    op.execute(HELD)
    op.execute(CASE)
    op.alter_column("review_sample", "unit_id", nullable=True)
    op.create_index(
        "uq_review_sample_managers",
        "review_sample",
        ["board_id", "month"],
        unique=True,
        postgresql_where=sa.text("unit_id is null"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("uq_review_sample_managers", table_name="review_sample")
    op.execute("delete from review_sample where unit_id is null")
    op.alter_column("review_sample", "unit_id", nullable=False)
    op.execute(CASE.replace(",\n        (select w.case_id from what_if w where w.id = subject)", ""))
    op.execute("drop trigger placement_event_is_logged on placement_event")
    op.execute("drop function placement_event_is_logged()")
