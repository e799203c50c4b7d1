"""Pages and their traces."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Bring the schema here from the revision before."""
