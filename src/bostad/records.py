"""The ground that every table stands on: names of constraints, the base record, sessions and the clock."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, DateTime, Enum, Integer, String, func, select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Field, Session, SQLModel

from bostad.here import HERE
from bostad.words import Word

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

type_texts: Any = ARRAY(String)
type_numbers: Any = ARRAY(Integer)
type_moment: Any = DateTime(timezone=True)

Sessions = sessionmaker[Session]


class Record(SQLModel):
    """A row with a random identity, so that an address tells nothing."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)


def word(kind: type[Word]) -> Any:
    """Give the column type that stores a closed list as text with a CHECK."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=True,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


_NOW = select(func.clock_timestamp())


def clock(sessions: Sessions) -> datetime:
    """Read the database's clock, the only one that deadlines go by (I12), in Swedish time: its date is today here."""
    with sessions() as db:
        return clock_in(db)


def clock_in(db: Session) -> datetime:
    """Read the same clock in a transaction that goes on."""
    moment: datetime = db.execute(_NOW).scalar_one()
    return moment.astimezone(HERE)
