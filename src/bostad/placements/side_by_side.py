"""What depends on others than one's own: who lives beside whom, what is taken, what is full.

A run is told everything. Whoever places by hand finds her own cases alone, so the database answers her, by homes: it
sees everybody, and does not say for whom (`adapters/wall_neighbours.py`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, or_, select

from bostad.homes.tables import Home
from bostad.matching.problem import name_key
from bostad.needs.tables import Need
from bostad.placements.tables import KeptApart

Building = tuple[str, str]
"""Municipality, and the building's name as names are compared."""


def building_of(home: Home) -> Building | None:
    """Tell one building from another; an unknown one has no limit."""
    return (home.municipality, name_key(home.building)) if home.building else None


def pairs_of(db: Session, board_id: UUID, case_id: UUID | None = None) -> Sequence[KeptApart]:
    """Give the pairs of cases that a board keeps apart, or those that one case is in."""
    query = select(KeptApart).where(KeptApart.board_id == board_id)
    if case_id is not None:
        query = query.where(or_(KeptApart.case_id == case_id, KeptApart.other_id == case_id))
    return db.exec(query.order_by(col(KeptApart.id))).all()


def one_at_a_time(db: Session, need: Need, home: Home) -> None:
    """Let nobody else of the boards that count together here promise a home until this transaction ends.

    Two promises in one building have no row in common. It comes after needs and homes in the order of locks.
    """
    db.execute(text("select one_promise_at_a_time(:need, :homes)"), {"need": need.id, "homes": [home.id]})


def in_the_way(db: Session, need: Need, homes: Sequence[Home]) -> frozenset[UUID]:
    """Give the homes that a rule about others keeps from a need: a building's limit, or cases kept apart.

    The database answers, since whoever asks may not know of the others; it does not say which rule, nor for whom.
    """
    db.flush()
    query = text("select others_in_the_way(:need, :homes)")
    return frozenset(db.connection().execute(query, {"need": need.id, "homes": [home.id for home in homes]}).scalars())


def promised_homes(db: Session, board_id: UUID) -> frozenset[UUID]:
    """Give the homes that a board has put to households, whoever they are, and its own that others' are to have."""
    return frozenset(db.connection().execute(text("select homes_promised(:board)"), {"board": board_id}).scalars())


def month_is_full(db: Session, line_id: UUID, month: date) -> bool:
    """Tell whether a month has no room for one more: what is put to households counts, not only what they accepted."""
    query = text("select month_is_full(:line, :month)")
    return bool(db.connection().execute(query, {"line": line_id, "month": month}).scalar_one())


def make_way(db: Session, home_id: UUID, at: datetime) -> tuple[UUID, ...]:
    """Let a proposal for a home that nobody has been told of give way, and give its id; the caller logs it."""
    db.flush()
    query = text("select make_way(:home, :at)")
    return tuple(db.connection().execute(query, {"home": home_id, "at": at}).scalars())


def going_on_under(db: Session, agreement_id: UUID) -> dict[UUID, str | None]:
    """Give the stage of what goes on with each home under an agreement; None where a household of another board is."""
    query = text("select home_id, stage from going_on_under(:agreement)")
    rows = db.connection().execute(query, {"agreement": agreement_id}).all()
    return {row.home_id: row.stage for row in rows}
