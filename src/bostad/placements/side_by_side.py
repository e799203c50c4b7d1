"""Rules about who lives beside whom, for one need and some homes: limits of buildings, and cases kept apart."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from bostad.agreements.tables import Agreement, QuotaLine
from bostad.homes.tables import Home
from bostad.matching.problem import name_key
from bostad.needs.tables import Need
from bostad.placements.lifecycle import Stage
from bostad.placements.run_states import Apart
from bostad.placements.tables import KeptApart, Placement

Building = tuple[str, str]
"""Municipality, and the building's name as names are compared."""


def building_of(home: Home) -> Building | None:
    """Tell one building from another; an unknown one has no limit."""
    return (home.municipality, name_key(home.building)) if home.building else None


def promises_of(db: Session, board_id: UUID) -> Sequence[tuple[Placement, Home]]:
    """Give what a board has put to households, and what came of it, with the homes: whoever lives there counts."""
    query = select(Placement, Home).join(Home, col(Home.id) == Placement.home_id)
    lives_there = col(Placement.put_at).is_not(None), col(Placement.stage) != Stage.CLOSED
    return db.exec(query.where(Placement.board_id == board_id, *lives_there)).all()


def limits_buildings(db: Session, board_id: UUID) -> bool:
    """Tell whether any of a board's quota lines limits how many homes lie in one building."""
    lines = select(QuotaLine.id).join(Agreement, col(Agreement.id) == QuotaLine.agreement_id)
    limited = lines.where(Agreement.board_id == board_id, col(QuotaLine.building_cap).is_not(None))
    return db.exec(limited.limit(1)).first() is not None


def pairs_of(db: Session, board_id: UUID, case_id: UUID | None = None) -> Sequence[KeptApart]:
    """Give the pairs of cases that a board keeps apart, or those that one case is in."""
    query = select(KeptApart).where(KeptApart.board_id == board_id)
    if case_id is not None:
        query = query.where(or_(KeptApart.case_id == case_id, KeptApart.other_id == case_id))
    return db.exec(query.order_by(col(KeptApart.id))).all()


def one_at_a_time(db: Session, board_id: UUID) -> None:
    """Let nobody else of a board promise a home until this transaction ends, where rules about others must be kept.

    It comes after needs and homes in the order of locks: two promises in one building have no row in common.
    """
    if limits_buildings(db, board_id) or pairs_of(db, board_id):
        db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(board_id), 0))))


def in_the_way(db: Session, need: Need, homes: Sequence[Home]) -> list[tuple[str, ...]]:
    """Name, for each home, the rules about others that keep it from the need: `building_cap`, `apart`."""
    pairs = pairs_of(db, need.board_id, need.case_id)
    limited = limits_buildings(db, need.board_id)
    if not pairs and not limited:
        return [() for _ in homes]
    promised = [(placement, home) for placement, home in promises_of(db, need.board_id) if placement.need_id != need.id]
    full = _full_buildings(db, homes, [home for _, home in promised]) if limited else frozenset()
    others = list(_homes_of_others(db, need, pairs, promised))
    return [
        (
            *(("building_cap",) if building_of(home) in full else ()),
            *(("apart",) if any(_together(scope, home, other) for scope, other in others) else ()),
        )
        for home in homes
    ]


def _full_buildings(db: Session, homes: Sequence[Home], promised: Sequence[Home]) -> frozenset[Building]:
    """Give the buildings that hold as many as the smallest limit of any line with a home in them."""
    lines = {home.line_id for home in (*homes, *promised)}
    found = db.exec(select(QuotaLine.id, QuotaLine.building_cap).where(col(QuotaLine.id).in_(lines))).all()
    cap_of: Mapping[UUID, int | None] = dict(found)
    limits: dict[Building, int] = {}
    for home in (*homes, *promised):
        building, cap = building_of(home), cap_of[home.line_id]
        if building and cap is not None:
            limits[building] = min(cap, limits.get(building, cap))
    held = Counter(building_of(home) for home in promised)
    return frozenset(building for building, limit in limits.items() if held[building] >= limit)


def _homes_of_others(
    db: Session, need: Need, pairs: Sequence[KeptApart], promised: Sequence[tuple[Placement, Home]]
) -> Iterator[tuple[Apart, Home]]:
    """Give the homes promised to the cases that this one is kept apart from."""
    scopes = {(pair.other_id if pair.case_id == need.case_id else pair.case_id, pair.scope) for pair in pairs}
    ids = [placement.need_id for placement, _ in promised]
    case_of = dict(db.exec(select(Need.id, Need.case_id).where(col(Need.id).in_(ids))).all())
    for placement, home in promised:
        for other, scope in scopes:
            if case_of[placement.need_id] == other:
                yield scope, home


def _together(scope: Apart, one: Home, other: Home) -> bool:
    """Say whether two homes lie in the same place; an unknown one is the same as every other of its municipality."""
    if one.municipality != other.municipality or scope is Apart.MUNICIPALITY:
        return one.municipality == other.municipality
    names = (one.district, other.district) if scope is Apart.DISTRICT else (one.building, other.building)
    return not all(names) or name_key(names[0] or "") == name_key(names[1] or "")
