"""Nothing yet: a place kept for what is being built (runs)."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Bring the schema here from the revision before."""


def downgrade() -> None:
    """Take the schema back to the revision before."""
