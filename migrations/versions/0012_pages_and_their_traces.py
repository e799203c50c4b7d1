"""No move of a placement without its row of the log: held at the end of each transaction that makes one (I06)."""

from alembic import op

revision = "0012"
down_revision = "0011"

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


def upgrade() -> None:
    """Bring the schema here from the revision before."""
    op.execute(LOGGED)
    op.execute(HELD)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.execute("drop trigger placement_event_is_logged on placement_event")
    op.execute("drop function placement_event_is_logged()")
