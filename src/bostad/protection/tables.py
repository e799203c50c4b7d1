"""What protects a household beyond consent. All but the acknowledgement belongs to the case zone."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from bostad.needs.tables import Need, case_of_need
from bostad.records import Record, type_moment, type_texts
from bostad.sealing.columns import Secrets, keyed_by, secret


class BlockedCompany(Record, table=True):
    """A company that must not hear of this household; it notices nothing. Two lift it (S24), and the row stays."""

    __tablename__ = "blocked_company"
    __table_args__ = (
        UniqueConstraint("need_id", "company_id"),
        CheckConstraint("lifted_by <> lift_asked_by", name="lifted_by_another"),
    )

    need_id: UUID = Field(foreign_key="need.id", ondelete="CASCADE")
    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    lift_asked_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    lifted_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")


class ExcludedStaff(Record, table=True):
    """A person at a company who must not hear of a household, by the name that the social worker knows her by.

    Nothing ties the row to an account: whoever signs in under such a name, today or when she is hired next year, is
    meant (`is_named_alike` in the database).
    """

    __tablename__ = "excluded_staff"
    __table_args__ = (
        UniqueConstraint("need_id", "company_id", "name"),
        CheckConstraint("lifted_by <> lift_asked_by", name="lifted_by_another"),
    )

    need_id: UUID = Field(foreign_key="need.id", ondelete="CASCADE")
    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    name: str = Field(max_length=120)
    lift_asked_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    lifted_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")


class DisclosureRequest(Secrets, table=True):
    """A wish to disclose without consent because the board's own task needs it: asked by one, decided by another."""

    __tablename__ = "disclosure_request"
    __table_args__ = (
        Index(
            "uq_disclosure_request_open",
            "need_id",
            "company_id",
            unique=True,
            postgresql_where=text("decided_at is null"),
        ),
        CheckConstraint("decided_by <> asked_by", name="decided_by_another"),
        CheckConstraint(
            "(decided_at is null) = (decided_by is null) and (decided_at is null) = (granted is null)", name="decided"
        ),
        CheckConstraint("ends_on >= asked_on and ends_on <= asked_on + 180", name="ends_in_time"),
        CheckConstraint("cardinality(field_groups) > 0", name="covers_something"),
    )

    need_id: UUID = Field(foreign_key="need.id", ondelete="RESTRICT", index=True)
    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    field_groups: list[str] = Field(sa_type=type_texts)
    because: str = secret()
    sealed: bytes | None = Field(default=None, nullable=False)
    ends_on: date
    asked_by: UUID = Field(foreign_key="account.id", ondelete="RESTRICT")
    asked_on: date
    asked_at: datetime = Field(sa_type=type_moment)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    decided_at: datetime | None = Field(default=None, sa_type=type_moment)
    granted: bool | None = None

    def household(self, db: Session) -> UUID:
        """Give the case of its need."""
        return case_of_need(db, self.need_id)


class Acknowledgement(Record, table=True):
    """One person's word that she has read the reservation a card was disclosed under (OSL 10:14)."""

    __table_args__ = (UniqueConstraint("card_id", "user_id"),)

    card_id: UUID = Field(foreign_key="card.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="account.id", ondelete="RESTRICT", index=True)
    reservation: str = Field(max_length=20)
    at: datetime = Field(sa_type=type_moment)


class CaseSearch(Record, table=True):
    """How often one person has looked for a case by its number within a short time; never which number."""

    __tablename__ = "case_search"
    __table_args__ = (UniqueConstraint("user_id", "window_start"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    window_start: datetime = Field(sa_type=type_moment)
    times: int = 1


keyed_by(DisclosureRequest, col(Need.case_id), where=col(Need.id) == col(DisclosureRequest.need_id))
