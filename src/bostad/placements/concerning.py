"""What concerns the boards of a run: placements of their needs, and of homes under their agreements. Worker only."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bostad.agreements.tables import Agreement, QuotaLine
from bostad.homes.tables import Home
from bostad.needs.tables import Need
from bostad.placements.lifecycle import Stage
from bostad.placements.tables import KeptApart, Placement


def concerning(boards: Collection[UUID]) -> ColumnElement[bool]:
    """Give the condition on Placement that one of these boards' needs, or of their homes, is in it."""
    return col(Placement.board_id).in_(boards) | col(Placement.host_id).in_(boards)


def promises_of(db: Session, boards: Collection[UUID]) -> Sequence[tuple[Placement, Home]]:
    """Give what was put to households, and what came of it, with the homes: whoever lives there counts."""
    query = select(Placement, Home).join(Home, col(Home.id) == Placement.home_id)
    lives_there = col(Placement.put_at).is_not(None), col(Placement.stage) != Stage.CLOSED
    return db.exec(query.where(concerning(boards), *lives_there)).all()


def limits_buildings(db: Session, boards: Collection[UUID]) -> bool:
    """Tell whether any of the boards' quota lines limits how many homes lie in one building."""
    lines = select(QuotaLine.id).join(Agreement, col(Agreement.id) == QuotaLine.agreement_id)
    limited = lines.where(col(Agreement.board_id).in_(boards), col(QuotaLine.building_cap).is_not(None))
    return db.exec(limited.limit(1)).first() is not None


def pairs_of(db: Session, boards: Collection[UUID]) -> Sequence[KeptApart]:
    """Give the pairs of cases that are kept apart: each of one board's own."""
    return db.exec(select(KeptApart).where(col(KeptApart.board_id).in_(boards)).order_by(col(KeptApart.id))).all()


def standing_proposals(db: Session, boards: Collection[UUID], *, lock: bool = False) -> Sequence[Placement]:
    """Give the proposals that nobody outside social services' own pages has been told of."""
    query = select(Placement).where(concerning(boards), Placement.stage == Stage.PROPOSED)
    query = query.where(col(Placement.put_at).is_(None)).order_by(col(Placement.id))
    return db.exec(query.with_for_update() if lock else query).all()


def hold_standing(db: Session, boards: Collection[UUID], free: Collection[UUID] = ()) -> Sequence[Placement]:
    """Lock those proposals with what they stand on, and the free homes, in the house's order; give the proposals.

    Among them are those of a board that was in the run when they were made and is so no more.
    """
    ids = [placement.need_id for placement in standing_proposals(db, boards)]
    db.exec(select(Need).where(col(Need.id).in_(ids)).order_by(col(Need.id)).with_for_update()).all()
    standing = standing_proposals(db, boards, lock=True)
    homes = {*free, *(placement.home_id for placement in standing)}
    query = select(Home).where(col(Home.id).in_(homes)).order_by(col(Home.id))
    db.exec(query.with_for_update().execution_options(populate_existing=True)).all()
    return standing
