"""Nothing yet: a place kept for what is being built (keys)."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the schema here from the revision before."""


def downgrade() -> None:
    """Take the schema back to the revision before."""
