"""The case zone's tables. The housing side never reads one of them, the card apart."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from bostad.needs.consent import Basis, GivenHow, Purpose
from bostad.needs.household import Risk
from bostad.needs.states import ClosedBecause, NeedState, PausedBecause
from bostad.needs.stays import AvoidKind, PlaceKind
from bostad.records import Record, type_moment, type_numbers, type_texts, word
from bostad.sealing.columns import Secrets, keyed_by, keyring_of, secret
from bostad.sealing.keyring import Keyring


class Case(Secrets, table=True):
    """A social services matter, known by its case number; who it is about stands in the case file, not here."""

    __tablename__ = "case_"
    __table_args__ = (
        # A heightened case keeps its number to itself: whoever registers the same one is not told of it.
        Index(
            "uq_case__board_id_case_number_hash",
            "board_id",
            "case_number_hash",
            unique=True,
            postgresql_where=text("not heightened"),
        ),
        Index("ix_case__heightened", "board_id", postgresql_where=text("heightened")),
        CheckConstraint("(closed_at is null) = (closed_because is null)", name="closed_with_reason"),
        CheckConstraint("lifted_by <> lift_asked_by", name="lifted_by_another"),
        CheckConstraint("not heightened or lifted_by is null", name="lifted_or_heightened"),
    )

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    unit_id: UUID = Field(foreign_key="unit.id", ondelete="RESTRICT", index=True)
    worker_id: UUID = Field(foreign_key="account.id", ondelete="RESTRICT", index=True)
    case_number: str = secret()
    case_number_hash: bytes = b""  # keyed, with a key of the board's own: the only way to look a number up (S45)
    sealed: bytes | None = Field(default=None, nullable=False)
    opened_at: datetime = Field(sa_type=type_moment)
    closed_at: datetime | None = Field(default=None, sa_type=type_moment)
    closed_because: ClosedBecause | None = Field(default=None, sa_type=word(ClosedBecause))
    heightened: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    lift_asked_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    lifted_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")

    kept_from_deletion: bool | None = None
    """Whether it is kept for research or another reason, as its worker has answered: no date of birth stands here."""
    extracted_at: datetime | None = Field(default=None, sa_type=type_moment)
    """When an extract was last taken to the case file."""

    begins_household: ClassVar[bool] = True

    def household(self, _db: Session) -> UUID:
        """Give its own id."""
        return self.id

    def index(self, keyring: Keyring) -> None:
        """Keep the number's keyed hash."""
        self.case_number_hash = keyring.hash_for(self.board_id, self.case_number)


class Deputy(Record, table=True):
    """A colleague who stands in for a case until a day."""

    __table_args__ = (UniqueConstraint("case_id", "user_id"),)

    case_id: UUID = Field(foreign_key="case_.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="account.id", ondelete="RESTRICT", index=True)
    until: date


class Need(Record, table=True):
    """What one household needs of a home. Everything may be empty while it is a draft, and nothing vital after."""

    __table_args__ = (
        Index("uq_need_live", "case_id", unique=True, postgresql_where=text("state not in ('housed', 'closed')")),
        Index("ix_need_board_state", "board_id", "state"),
        CheckConstraint("adults >= 1 and couples >= 0 and 2 * couples <= adults", name="couples_are_adults"),
        CheckConstraint("rent_max > 0 and rooms_min >= 1 and school_m_max >= 0", name="sizes"),
        CheckConstraint("move_in_by is null or move_in_from is null or move_in_from <= move_in_by", name="dates"),
        CheckConstraint(
            "state in ('draft', 'closed') or (risk is not null and waiting_since is not null and adults is not null"
            " and ages_true_on is not null and rent_max is not null and cardinality(municipalities) > 0)",
            name="complete_when_open",
        ),
        CheckConstraint("(state = 'paused') = (paused_because is not null)", name="paused_with_reason"),
    )

    case_id: UUID = Field(foreign_key="case_.id", ondelete="RESTRICT", index=True)
    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    state: NeedState = Field(default=NeedState.DRAFT, sa_type=word(NeedState))
    paused_because: PausedBecause | None = Field(default=None, sa_type=word(PausedBecause))
    opted_in: bool = False
    started_at: datetime = Field(sa_type=type_moment)
    opened_at: datetime | None = Field(default=None, sa_type=type_moment)
    sections_done: list[str] = Field(default_factory=list, sa_type=type_texts)
    version: int = 1

    risk: Risk | None = Field(default=None, sa_type=word(Risk))
    waiting_since: date | None = None
    adults: int | None = None
    couples: int = 0
    child_ages: list[int] = Field(default_factory=list, sa_type=type_numbers)
    ages_true_on: date | None = None
    rooms_min: int | None = None
    rent_max: int | None = None
    municipalities: list[str] = Field(default_factory=list, sa_type=type_texts)
    move_in_from: date | None = None
    move_in_by: date | None = None
    contracts: list[str] = Field(default_factory=list, sa_type=type_texts)
    target_group: str = Field(default="violence", max_length=40)
    must: list[str] = Field(default_factory=list, sa_type=type_texts)
    wish: list[str] = Field(default_factory=list, sa_type=type_texts)
    school_m_max: int | None = None


class AvoidArea(Secrets, table=True):
    """A district, a building or a circle around a place where no home may be; where that is stands sealed."""

    __tablename__ = "avoid_area"

    need_id: UUID = Field(foreign_key="need.id", ondelete="CASCADE", index=True)
    kind: AvoidKind = Field(sa_type=word(AvoidKind))
    municipality: str = secret()
    name: str = secret()
    lat: float | None = secret()
    lon: float | None = secret()
    metres: int | None = secret()
    sealed: bytes | None = Field(default=None, nullable=False)

    def household(self, db: Session) -> UUID:
        """Give the case of its need."""
        return case_of_need(db, self.need_id)


class ShelterPlace(Record, table=True):
    """A place in the board's shelter or one of its support flats, known by a code and never by an address."""

    __tablename__ = "shelter_place"
    __table_args__ = (UniqueConstraint("board_id", "code"),)

    board_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    kind: PlaceKind = Field(sa_type=word(PlaceKind))
    code: str = Field(max_length=20)


class ShelterStay(Record, table=True):
    """Where the household lives while it waits, since when, and since when it is ready to move."""

    __tablename__ = "shelter_stay"
    __table_args__ = (
        Index("uq_shelter_stay_open", "case_id", unique=True, postgresql_where=text("until is null")),
        Index(
            "uq_shelter_stay_place",
            "place_id",
            unique=True,
            postgresql_where=text("until is null and place_id is not null"),
        ),
        CheckConstraint("until is null or until >= since", name="ends_after_start"),
    )

    case_id: UUID = Field(foreign_key="case_.id", ondelete="CASCADE")
    kind: PlaceKind = Field(sa_type=word(PlaceKind))
    place_id: UUID | None = Field(default=None, foreign_key="shelter_place.id", ondelete="RESTRICT")
    since: date
    until: date | None = None
    ready_since: date | None = None


class Consent(Record, table=True):
    """What lets one company see some groups of facts until a day: the household's consent, or necessity (S10)."""

    __table_args__ = (
        Index("uq_consent_live", "need_id", "company_id", unique=True, postgresql_where=text("revoked_at is null")),
        CheckConstraint("ends_on >= given_on and ends_on <= given_on + 180", name="ends_in_time"),
        CheckConstraint("cardinality(field_groups) > 0", name="covers_something"),
        CheckConstraint("(basis = 'consent') = (given_how is not null)", name="given_somehow"),
        CheckConstraint(
            "(basis = 'necessity') = (request_id is not null) and (request_id is null) = (approved_by is null)",
            name="necessity_is_granted",
        ),
        CheckConstraint("approved_by <> recorded_by", name="approved_by_another"),
    )

    need_id: UUID = Field(foreign_key="need.id", ondelete="RESTRICT", index=True)
    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    purpose: Purpose = Field(default=Purpose.FIND_HOME, sa_type=word(Purpose))
    field_groups: list[str] = Field(sa_type=type_texts)
    given_on: date
    basis: Basis = Field(default=Basis.CONSENT, sa_type=word(Basis), sa_column_kwargs={"server_default": "consent"})
    given_how: GivenHow | None = Field(default=None, sa_type=word(GivenHow))
    language: str = Field(default="sv", max_length=20)
    interpreter: bool = False
    ends_on: date
    recorded_by: UUID = Field(foreign_key="account.id", ondelete="RESTRICT")
    recorded_at: datetime = Field(sa_type=type_moment)
    revoked_at: datetime | None = Field(default=None, sa_type=type_moment)
    request_id: UUID | None = Field(default=None, foreign_key="disclosure_request.id", ondelete="RESTRICT")
    approved_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")


class Card(Record, table=True):
    """The pseudonymous need card: what one company sees of one household under one consent.

    It is also the ledger of disclosures: a card is withdrawn, never deleted.
    """

    __table_args__ = (UniqueConstraint("code"), Index("ix_card_company", "company_id"))

    code: str = Field(max_length=12)
    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    consent_id: UUID = Field(foreign_key="consent.id", ondelete="RESTRICT", index=True)
    content: dict[str, Any] = Field(sa_type=JSONB)
    reservation: str | None = Field(default=None, max_length=20)
    written_at: datetime = Field(sa_type=type_moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=type_moment)


class Place(Record, table=True):
    """A place in a municipality that a circle can be drawn around; imported, so that nothing is looked up outside."""

    __table_args__ = (UniqueConstraint("municipality", "name"),)

    municipality: str = Field(max_length=4)
    name: str = Field(max_length=120)
    lat: float
    lon: float


def case_of_need(db: Session, need_id: UUID) -> UUID:
    """Give the case whose key seals what is said about a need, be it in the database yet or on its way."""
    with db.no_autoflush:
        waiting = (row for row in db.new if isinstance(row, Need) and row.id == need_id)
        return (next(waiting, None) or db.get_one(Need, need_id)).case_id


def with_number(db: Session, board_id: UUID, case_number: str) -> ColumnElement[bool]:
    """Give the condition on Case that it has exactly this number at this board."""
    return col(Case.case_number_hash) == keyring_of(db).hash_for(board_id, case_number)


keyed_by(Case, col(Case.id))
keyed_by(AvoidArea, col(Need.case_id), where=col(Need.id) == col(AvoidArea.need_id))
