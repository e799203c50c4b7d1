"""Nothing yet: a place kept for what is being built (protection)."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the schema here from the revision before."""


def downgrade() -> None:
    """Take the schema back to the revision before."""
