"""Signing in, hardened."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Bring the schema here from the revision before."""
