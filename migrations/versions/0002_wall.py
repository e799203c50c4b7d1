"""Nothing yet: a place kept for what is being built (wall)."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the schema here from the revision before."""


def downgrade() -> None:
    """Take the schema back to the revision before."""
