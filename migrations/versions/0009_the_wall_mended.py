"""The wall, mended: questions that told too much are asked no more."""

from alembic import op

revision = "0009"
down_revision = "0008"

# Policies that use them go with them, and are built anew at the end of the migration (bostad/adapters/wall.py).
ASKED_NO_MORE = ("hidden_in_months(uuid)", "card_is_hidden(uuid, uuid)", "withheld_cases()")


def upgrade() -> None:
    """Bring the schema here from the revision before."""
    for function in ASKED_NO_MORE:
        op.execute(f"drop function if exists {function} cascade")
    op.create_index("ix_case__board_id", "case_", ["board_id"])


def downgrade() -> None:
    """Take the schema back to the revision before; its own release builds its functions anew."""
    op.drop_index("ix_case__board_id", "case_")
    op.execute("drop trigger if exists placement_is_counted on placement")
    op.execute("drop trigger if exists placement_keeps_its_distance on placement")
