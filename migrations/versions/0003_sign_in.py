"""Nothing yet: a place kept for what is being built (sign_in)."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the schema here from the revision before."""


def downgrade() -> None:
    """Take the schema back to the revision before."""
