"""The wall, mended."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring the schema here from the revision before."""
