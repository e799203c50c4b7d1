"""The households' keys. Destroying one makes what it sealed unreadable, wherever it was copied to."""

from uuid import UUID

from sqlmodel import Field, SQLModel


class HouseholdKey(SQLModel, table=True):
    """One household's data key, wrapped by a key that is not in the database (S43)."""

    __tablename__ = "household_key"

    case_id: UUID = Field(primary_key=True, foreign_key="case_.id", ondelete="CASCADE")
    key_id: str = Field(max_length=8, index=True)
    """Which key wrapped it: what a rotation goes by (S44)."""
    wrapped: bytes
