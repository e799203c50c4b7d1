"""What a run decides on: read once to think, and once more under lock to write."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.homes.states import HomeState
from bostad.homes.tables import Home
from bostad.matching import problem as matching
from bostad.needs.states import NeedState
from bostad.needs.tables import Need
from bostad.placements.fitting import never_again
from bostad.placements.lifecycle import Stage
from bostad.placements.picture import home_key, homes_of, line_of, lines_by_id, needs_of
from bostad.placements.tables import Placement


@dataclass(frozen=True, slots=True)
class Picture:
    """The problem, the rows behind its names, and the proposals that nobody has been told of."""

    problem: matching.Problem
    needs: dict[str, Need]
    homes: dict[str, Home]
    standing: tuple[Placement, ...]
    seen_needs: dict[str, matching.Need]
    seen_homes: dict[str, matching.Home]

    def fingerprint(self) -> str:
        """Hash the problem, which stands in the order of its content (I16)."""
        body = json.dumps(asdict(self.problem), sort_keys=True, default=_plain)
        return hashlib.sha256(body.encode()).hexdigest()


def look(db: Session, board_id: UUID, on: date, *, lock: bool = False) -> Picture:
    """Read what a run decides on; with `lock`, hold every need, proposal and home of it until the transaction ends.

    Locks are taken in the house's order: needs, placements, homes, each by id.
    """
    free = _free_homes(db, board_id)
    promised = _promised(db, board_id, {home.month for home in free})
    need_rows = _needs(db, board_id, [one.need_id for one in promised], lock=lock)
    standing = _standing(db, board_id, lock=lock)
    homes = _named(db, [home.id for home in free], promised, lock=lock)
    lines = lines_by_id(db, homes.values())
    seen_needs = needs_of(db, need_rows, on)
    seen_homes = homes_of(db, homes, {line_id: line for line_id, (line, _) in lines.items()})
    names = {row.id: seen.need for row, seen in zip(need_rows, seen_needs, strict=True)}
    keys = {row.id: key for key, row in homes.items()}
    problem = matching.Problem(
        needs=tuple(seen_needs),
        homes=tuple(seen_homes),
        lines=_lines(db, lines, homes.values()),
        run_date=on,
        locked=_pairs(promised, names, keys),
        declined=_declined(db, names),
        current=frozenset(_pairs(standing, names, keys)),
    )
    return Picture(
        problem,
        {names[row.id]: row for row in need_rows},
        homes,
        tuple(standing),
        {seen.need: seen for seen in seen_needs},
        {seen.home: seen for seen in seen_homes},
    )


def _free_homes(db: Session, board_id: UUID) -> Sequence[Home]:
    """Give the homes that count and are under an agreement of the board's in force."""
    query = (
        select(Home)
        .join(QuotaLine, col(QuotaLine.id) == Home.line_id)
        .join(Agreement, col(Agreement.id) == QuotaLine.agreement_id)
        .where(Agreement.board_id == board_id, Agreement.state == AgreementState.IN_FORCE)
        .where(Home.state == HomeState.PUBLISHED, col(Home.approved))
    )
    return db.exec(query).all()


def _promised(db: Session, board_id: UUID, months: Collection[date]) -> Sequence[Placement]:
    """Give what is promised in the months in question: put to a household, or further. It uses up quota."""
    query = (
        select(Placement)
        .join(Home, col(Home.id) == Placement.home_id)
        .where(Placement.board_id == board_id, col(Home.month).in_(months))
        .where(col(Placement.put_at).is_not(None), col(Placement.stage) != Stage.CLOSED)
    )
    return db.exec(query).all()


def _standing(db: Session, board_id: UUID, *, lock: bool) -> Sequence[Placement]:
    """Give the proposals that nobody outside social services' own pages has been told of."""
    query = select(Placement).where(
        Placement.board_id == board_id, Placement.stage == Stage.PROPOSED, col(Placement.put_at).is_(None)
    )
    query = query.order_by(col(Placement.id))
    return db.exec(query.with_for_update() if lock else query).all()


def _needs(db: Session, board_id: UUID, promised: Collection[UUID], *, lock: bool) -> Sequence[Need]:
    taking_part = (col(Need.state) == NeedState.OPEN) & col(Need.opted_in)
    query = select(Need).where(Need.board_id == board_id, taking_part | col(Need.id).in_(promised))
    query = query.order_by(col(Need.id)).execution_options(populate_existing=True)
    return db.exec(query.with_for_update() if lock else query).all()


def _named(db: Session, free: Collection[UUID], promised: Sequence[Placement], *, lock: bool) -> dict[str, Home]:
    """Give every home by its name: a promised one by its own id, since its flat may be published anew."""
    taken = {one.home_id for one in promised}
    query = select(Home).where(col(Home.id).in_({*free, *taken})).order_by(col(Home.id))
    query = query.execution_options(populate_existing=True)
    rows = db.exec(query.with_for_update() if lock else query).all()
    return {str(row.id) if row.id in taken else home_key(row): row for row in rows}


def _lines(
    db: Session, lines: dict[UUID, tuple[QuotaLine, Agreement]], homes: Collection[Home]
) -> tuple[matching.Line, ...]:
    months = {(home.line_id, home.month) for home in homes}
    rows = db.exec(select(LineMonth).where(col(LineMonth.line_id).in_(lines))).all()
    return tuple(line_of(*lines[row.line_id], row) for row in rows if (row.line_id, row.month) in months)


def _pairs(placements: Sequence[Placement], names: dict[UUID, str], keys: dict[UUID, str]) -> tuple[matching.Pair, ...]:
    known = [one for one in placements if one.need_id in names and one.home_id in keys]
    return tuple((names[one.need_id], keys[one.home_id]) for one in known)


def _declined(db: Session, names: dict[UUID, str]) -> frozenset[matching.Pair]:
    found = never_again(db, list(names))
    return frozenset((names[need_id], key) for need_id, declined in found.items() for key in declined)


def _plain(value: object) -> object:
    """Write sets in order and days as text, so that the same problem hashes the same."""
    return sorted(value, key=str) if isinstance(value, frozenset) else str(value)
