"""Homes, their features, and the school register."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from bostad.homes.features import Feature
from bostad.homes.states import FeatureSource, FeatureState, HomeState, WithdrawnBecause
from bostad.records import Record, type_moment, type_texts, word


class Home(Record, table=True):
    """A flat published under a quota line for a month. A flat that comes back later is published anew."""

    __table_args__ = (
        Index(
            "uq_home_live",
            "company_id",
            "object_number",
            unique=True,
            postgresql_where=text("state in ('published', 'paused')"),
        ),
        Index("ix_home_line_month", "line_id", "month"),
        CheckConstraint("rooms > 0 and rent > 0 and (area_m2 is null or area_m2 > 0)", name="sizes"),
        CheckConstraint("(lat is null) = (lon is null)", name="place_whole"),
        CheckConstraint("extract(day from month) = 1", name="month_starts"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_because is not null)", name="withdrawn_with_reason"),
        CheckConstraint("apartment_number is null or apartment_number ~ '^[0-9]{4}$'", name="apartment_number"),
    )

    company_id: UUID = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    line_id: UUID = Field(foreign_key="quota_line.id", ondelete="RESTRICT")
    month: date
    state: HomeState = Field(default=HomeState.PUBLISHED, sa_type=word(HomeState))
    withdrawn_because: WithdrawnBecause | None = Field(default=None, sa_type=word(WithdrawnBecause))
    published_at: datetime = Field(sa_type=type_moment)
    version: int = 1

    object_number: str = Field(max_length=40)
    address: str = Field(max_length=120)
    apartment_number: str | None = Field(default=None, max_length=4)
    municipality: str = Field(max_length=4)
    district: str | None = Field(default=None, max_length=120)
    building: str | None = Field(default=None, max_length=120)
    lat: float | None = None
    lon: float | None = None
    rooms: int
    area_m2: int | None = None
    rent: int
    floor: int | None = None
    max_people: int | None = None
    school_m: int | None = None
    available_from: date
    offer_until: date | None = None
    approved: bool = False
    shortfalls: list[str] = Field(default_factory=list, sa_type=type_texts)


class HomeFeature(Record, table=True):
    """One safety or access feature of a home: met, not met or unknown, who says so and since when."""

    __tablename__ = "home_feature"
    __table_args__ = (UniqueConstraint("home_id", "feature"),)

    home_id: UUID = Field(foreign_key="home.id", ondelete="CASCADE")
    feature: Feature = Field(sa_type=word(Feature))
    state: FeatureState = Field(sa_type=word(FeatureState))
    source: FeatureSource = Field(sa_type=word(FeatureSource))
    on: date = Field(sa_column_kwargs={"name": "stated_on"})


class School(Record, table=True):
    """A school unit of the imported register; distances are measured here, nothing is looked up outside."""

    __table_args__ = (UniqueConstraint("code"), Index("ix_school_municipality", "municipality"))

    code: str = Field(max_length=12)
    municipality: str = Field(max_length=4)
    name: str = Field(max_length=120)
    active: bool = True
    lat: float
    lon: float
