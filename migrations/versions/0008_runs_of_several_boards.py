"""Runs of several boards."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Bring the schema here from the revision before."""
