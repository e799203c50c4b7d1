"""Runs of several boards: each board has its own part of one, and a placement says whose home it is."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Bring the schema here from the revision before."""
    op.add_column("matching_run", sa.Column("lead_id", sa.Uuid(), nullable=True))
    _to("matching_run", "lead_id", "matching_run")
    op.create_index(
        "ix_matching_run_lead", "matching_run", ["lead_id"], postgresql_where=sa.text("lead_id is not null")
    )
    op.add_column("placement", sa.Column("host_id", sa.Uuid(), nullable=True))
    _to("placement", "host_id", "organisation")
    op.create_check_constraint(op.f("ck_placement_host_is_another"), "placement", "host_id <> board_id")
    elsewhere = sa.text("host_id is not null")
    op.create_index("ix_placement_host", "placement", ["host_id"], postgresql_where=elsewhere)
    op.create_index("ix_placement_guest", "placement", ["board_id"], postgresql_where=elsewhere)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_placement_guest", "placement")
    op.drop_index("ix_placement_host", "placement")
    op.execute("drop trigger if exists placement_knows_its_host on placement")
    op.drop_column("placement", "host_id")
    op.drop_index("ix_matching_run_lead", "matching_run")
    op.drop_column("matching_run", "lead_id")


def _to(table: str, column: str, other: str) -> None:
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, other, [column], ["id"], ondelete="RESTRICT")
