"""What a run decides on: read once to think, and once more under lock to write. It may span several boards."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.homes.states import HomeState
from bostad.homes.tables import Home
from bostad.matching import problem as matching
from bostad.matching.as_text import fingerprint_of, text_of
from bostad.needs.states import NeedState
from bostad.needs.tables import Need
from bostad.placements.concerning import hold_standing, limits_buildings, pairs_of, promises_of, standing_proposals
from bostad.placements.fitting import never_again
from bostad.placements.picture import Line, home_key, homes_of, line_of, lines_by_id, needs_of, promised_need
from bostad.placements.side_by_side import building_of
from bostad.placements.tables import KeptApart, Placement
from bostad.placements.telling import Part


@dataclass(frozen=True, slots=True)
class Picture:
    """The problem, the rows behind its names, whose homes they are, and the proposals that nobody has been told of."""

    problem: matching.Problem
    needs: dict[str, Need]
    homes: dict[str, Home]
    lines: dict[UUID, Line]
    standing: tuple[Placement, ...]
    seen_needs: dict[str, matching.Need]
    seen_homes: dict[str, matching.Home]

    def fingerprint(self) -> str:
        """Hash the problem, which stands in the order of its content (I16)."""
        return fingerprint_of(text_of(self.problem))

    def board_of(self, home: str) -> UUID:
        """Give the board whose agreement a home is under."""
        return self.lines[self.homes[home].line_id][1].board_id

    def parts(self, boards: Collection[UUID]) -> dict[UUID, Part]:
        """Give what of it is each board's; a promise of a board that is no longer in the run is nobody's part."""
        needs: dict[UUID, set[str]] = {board_id: set() for board_id in boards}
        homes: dict[UUID, set[str]] = {board_id: set() for board_id in boards}
        for name, need in self.needs.items():
            needs.get(need.board_id, set()).add(name)
        for name in self.homes:
            homes.get(self.board_of(name), set()).add(name)
        return {board_id: Part(frozenset(needs[board_id]), frozenset(homes[board_id])) for board_id in sorted(boards)}


def look(db: Session, boards: Collection[UUID], on: date, *, lock: bool = False) -> Picture:
    """Read what a run of these boards decides on, in a fixed number of queries however many they are.

    With `lock`, hold every need, proposal and home of it until the transaction ends.
    """
    if lock:
        _hold(db, boards)
    free, pairs = _free_homes(db, boards), pairs_of(db, boards)
    promised = _promised(db, boards, free, pairs)
    need_rows = _needs(db, boards, [one.need_id for one in promised], lock=False)
    standing = standing_proposals(db, boards)
    homes = _named(db, [home.id for home in free], promised)
    lines = lines_by_id(db, homes.values())
    seen = _seen(db, need_rows, {one.need_id for one in promised}, on)
    seen_homes = homes_of(db, homes, {line_id: line for line_id, (line, _) in lines.items()})
    names = {row.id: need.need for row, need in seen}
    keys = {row.id: key for key, row in homes.items()}
    problem = matching.Problem(
        needs=tuple(need for _, need in seen),
        homes=tuple(seen_homes),
        lines=_lines(db, lines, homes.values()),
        run_date=on,
        locked=_pairs(promised, names, keys),
        declined=_declined(db, names),
        current=frozenset(_pairs(standing, names, keys)),
        apart=tuple(_apart(pairs, {row.case_id: names[row.id] for row in need_rows})),
    )
    return Picture(
        problem,
        {names[row.id]: row for row in need_rows},
        homes,
        lines,
        tuple(standing),
        {need.need: need for _, need in seen},
        {home.home: home for home in seen_homes},
    )


def _hold(db: Session, boards: Collection[UUID]) -> None:
    """Take the locks in the house's order: needs, placements, homes, each by id.

    What was read on the way may be old by the time that the last lock is there, so the caller reads again (I16).
    """
    free = _free_homes(db, boards)
    promised = _promised(db, boards, free, pairs_of(db, boards))
    standing = standing_proposals(db, boards)
    _needs(db, boards, [one.need_id for one in (*promised, *standing)], lock=True)
    hold_standing(db, boards, [home.id for home in free] + [one.home_id for one in promised])


def _seen(db: Session, rows: Sequence[Need], promised: Collection[UUID], on: date) -> list[tuple[Need, matching.Need]]:
    """Give needs as the matching sees them; of those with a promise it sees that they are there."""
    open_rows = [row for row in rows if row.id not in promised]
    taking_part = zip(open_rows, needs_of(db, open_rows, on), strict=True)
    return [*taking_part, *((row, promised_need(row, on)) for row in rows if row.id in promised)]


def _apart(pairs: Sequence[KeptApart], name_of: Mapping[UUID, str]) -> Iterator[matching.Apart]:
    """Give the pairs whose cases are both in the run."""
    for pair in pairs:
        if pair.case_id in name_of and pair.other_id in name_of:
            yield matching.Apart(need_a=name_of[pair.case_id], need_b=name_of[pair.other_id], scope=pair.scope.value)


def _free_homes(db: Session, boards: Collection[UUID]) -> Sequence[Home]:
    """Give the homes that count and are under an agreement of the boards' in force."""
    query = (
        select(Home)
        .join(QuotaLine, col(QuotaLine.id) == Home.line_id)
        .join(Agreement, col(Agreement.id) == QuotaLine.agreement_id)
        .where(col(Agreement.board_id).in_(boards), Agreement.state == AgreementState.IN_FORCE)
        .where(Home.state == HomeState.PUBLISHED, col(Home.approved))
    )
    return db.exec(query).all()


def _promised(
    db: Session, boards: Collection[UUID], free: Sequence[Home], pairs: Sequence[KeptApart]
) -> Sequence[Placement]:
    """Give what is promised and bears on the run: put to a household, or further.

    What was promised in the months in question uses up quota; whoever lives in a building that has a limit counts
    against it, whenever she came, and so does a case that another is kept apart from.
    """
    months = {home.month for home in free}
    buildings = {building_of(home) for home in free} - {None} if limits_buildings(db, boards) else set()
    cases = {case_id for pair in pairs for case_id in (pair.case_id, pair.other_id)}
    needs = set(db.exec(select(Need.id).where(col(Need.case_id).in_(cases))).all())
    return [
        placement
        for placement, home in promises_of(db, boards)
        if home.month in months or building_of(home) in buildings or placement.need_id in needs
    ]


def _needs(db: Session, boards: Collection[UUID], promised: Collection[UUID], *, lock: bool) -> Sequence[Need]:
    taking_part = (col(Need.state) == NeedState.OPEN) & col(Need.opted_in) & col(Need.board_id).in_(boards)
    query = select(Need).where(taking_part | col(Need.id).in_(promised))
    query = query.order_by(col(Need.id)).execution_options(populate_existing=True)
    return db.exec(query.with_for_update() if lock else query).all()


def _named(db: Session, free: Collection[UUID], promised: Sequence[Placement]) -> dict[str, Home]:
    """Give every home by its name: a promised one by its own id, since its flat may be published anew."""
    taken = {one.home_id for one in promised}
    query = select(Home).where(col(Home.id).in_({*free, *taken})).order_by(col(Home.id))
    rows = db.exec(query.execution_options(populate_existing=True)).all()
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
