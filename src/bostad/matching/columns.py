"""A problem as columns of numbers, shaped so that a rule can compare needs with homes in one expression.

Dates are day ordinals. Where there is no limit a column holds NONE, which is above every number of the input, and an
unknown distance holds NONE too: it meets "no demand" and nothing else.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

from bostad.matching.crowding import rooms_for
from bostad.matching.nearness import Circles
from bostad.matching.problem import CONTRACTS, FEATURES, Home, Line, Need, Problem, met_features, name_key
from bostad.matching.relation import Ints, Relation, Table

__all__ = ["NONE", "Facts", "HomeColumns", "Ints", "NeedColumns", "Pairs", "Seen", "Table", "bits", "facts_of"]

NONE = 2**40


@dataclass(frozen=True)
class _Columns:
    """Arrays of one length, one entry per need or per home."""

    row: Ints


@dataclass(frozen=True)
class NeedColumns(_Columns):
    """The numbers of needs; bits stand for features or contracts."""

    people: Ints
    has_children: Ints
    rooms: Ints
    rent_max: Ints
    must: Ints
    wish: Ints
    school_max: Ints
    from_day: Ints
    by_day: Ints
    contracts: Ints
    group: Ints


@dataclass(frozen=True)
class HomeColumns(_Columns):
    """The numbers of homes and of the lines they stand under; names are codes into the relations of `Facts`."""

    line: Ints
    company: Ints
    municipality: Ints
    district: Ints
    building: Ints
    rooms: Ints
    rent: Ints
    max_people: Ints
    met: Ints
    school: Ints
    from_day: Ints
    until_day: Ints
    contracts: Ints
    line_open: Ints


@dataclass(frozen=True)
class Facts:
    """All columns of a problem, and what rows of needs are related to."""

    needs: NeedColumns
    homes: HomeColumns
    run_day: int
    consented: Relation
    """companies"""
    blocked: Relation
    """companies"""
    lives_in: Relation
    """municipalities"""
    avoided_district: Relation
    """districts; the last code stands for an unknown one"""
    avoided_building: Relation
    """buildings; the last code stands for an unknown one"""
    served: Relation
    """a row per line: target groups"""
    circles: Circles
    declined: Relation
    """homes"""


class Seen:
    """Columns seen through row numbers: a column is looked up only when a rule asks for it."""

    def __init__(self, columns: NeedColumns | HomeColumns, rows: Ints) -> None:
        """Take the rows in the shape in which every column is to be seen."""
        self.columns, self.row = columns, rows

    def __getattr__(self, name: str) -> Ints:
        column: Ints = getattr(self.columns, name)
        return column[self.row]


@dataclass(frozen=True)
class Pairs:
    """Needs against homes: columns that broadcast to a table, or lie side by side as a list of pairs."""

    need: Seen
    home: Seen
    facts: Facts

    @classmethod
    def table(cls, facts: Facts, rows: Ints | None = None) -> Self:
        """Return every need (or the given ones) against every home."""
        rows = facts.needs.row if rows is None else rows
        return cls.listed(facts, rows[:, None], facts.homes.row[None, :])

    @classmethod
    def listed(cls, facts: Facts, need_rows: Ints, home_rows: Ints) -> Self:
        """Return one pair for each two row numbers."""
        return cls(Seen(facts.needs, need_rows), Seen(facts.homes, home_rows), facts)


def facts_of(problem: Problem) -> Facts:
    """Turn a problem into columns; rows are numbered in the order of the problem."""
    needs, homes = problem.needs, problem.homes
    companies = _codes(home.company for home in homes)
    municipalities = _codes(home.municipality for home in homes)
    districts = _codes(name_key(home.district) for home in homes if home.district)
    buildings = _codes(_building_key(home.municipality, home.building) for home in homes if home.building)
    groups = _codes(need.group for need in needs)
    need_row = {need.need: row for row, need in enumerate(needs)}
    home_row = {home.home: row for row, home in enumerate(homes)}
    return Facts(
        needs=_need_columns(needs, groups, problem.run_date),
        homes=_home_columns(homes, problem.lines, problem.run_date, (companies, municipalities, districts, buildings)),
        run_day=problem.run_date.toordinal(),
        consented=Relation.of([_live_companies(need, problem.run_date) for need in needs], companies),
        blocked=Relation.of([need.blocked_companies for need in needs], companies),
        lives_in=Relation.of([need.municipalities for need in needs], municipalities),
        avoided_district=Relation.of([_named(need.avoid_districts) for need in needs], districts, unknown=True),
        avoided_building=Relation.of([_buildings_to_avoid(need) for need in needs], buildings, unknown=True),
        served=Relation.of([line.groups for line in problem.lines], groups),
        circles=Circles.around([need.avoid_near for need in needs], homes),
        declined=Relation.from_keys(
            (need_row[need] * len(homes) + home_row[home] for need, home in problem.declined), len(homes)
        ),
    )


def bits(codes: Iterable[str], vocabulary: Sequence[str]) -> int:
    """Return the codes as bits, in the order of their vocabulary."""
    return sum(1 << vocabulary.index(code) for code in codes)


def _need_columns(needs: Sequence[Need], groups: dict[str, int], run_date: date) -> NeedColumns:
    return NeedColumns(
        row=np.arange(len(needs)),
        people=_ints(need.adults + len(need.child_ages) for need in needs),
        has_children=_ints(bool(need.child_ages) for need in needs),
        rooms=_ints(rooms_for(need) for need in needs),
        rent_max=_ints(need.rent_max for need in needs),
        must=_ints(bits(need.must, FEATURES) for need in needs),
        wish=_ints(bits(need.wish, FEATURES) for need in needs),
        school_max=_ints(_or_none(need.school_m_max) for need in needs),
        from_day=_ints((need.move_in_from or run_date).toordinal() for need in needs),
        by_day=_ints(_day(need.move_in_by) for need in needs),
        contracts=_ints(_contract_bits(need.contracts) for need in needs),
        group=_ints(groups[need.group] for need in needs),
    )


def _home_columns(
    homes: Sequence[Home], lines: Sequence[Line], run_date: date, codes: tuple[dict[str, int], ...]
) -> HomeColumns:
    companies, municipalities, districts, buildings = codes
    line_row = {line.line: row for row, line in enumerate(lines)}
    line_of = [line_row[home.line] for home in homes]
    is_open = [line.valid_from <= run_date and run_date.toordinal() <= _day(line.valid_until) for line in lines]
    building_keys = [home.building and _building_key(home.municipality, home.building) for home in homes]
    return HomeColumns(
        row=np.arange(len(homes)),
        line=_ints(line_of),
        company=_ints(companies[home.company] for home in homes),
        municipality=_ints(municipalities[home.municipality] for home in homes),
        district=_ints(districts.get(name_key(home.district or ""), len(districts)) for home in homes),
        building=_ints(buildings.get(key or "", len(buildings)) for key in building_keys),
        rooms=_ints(home.rooms for home in homes),
        rent=_ints(home.rent for home in homes),
        max_people=_ints(_or_none(home.max_people) for home in homes),
        met=_ints(bits(met_features(home), FEATURES) for home in homes),
        school=_ints(_or_none(home.school_m) for home in homes),
        from_day=_ints(home.available_from.toordinal() for home in homes),
        until_day=_ints(_day(home.offer_until) for home in homes),
        contracts=_ints(_contract_bits(lines[row].contracts) for row in line_of),
        line_open=_ints(is_open[row] for row in line_of),
    )


def _live_companies(need: Need, run_date: date) -> set[str]:
    return {company for company, until in need.consents if until >= run_date}


def _building_key(municipality: str, building: str) -> str:
    return f"{municipality}/{name_key(building)}"


def _buildings_to_avoid(need: Need) -> set[str]:
    """Name them by municipality too: she lists buildings of her own municipalities."""
    return {_building_key(code, name) for code in need.municipalities for name in need.avoid_buildings}


def _named(names: Collection[str]) -> set[str]:
    return {name_key(name) for name in names}


def _contract_bits(contracts: Collection[str]) -> int:
    return bits(contracts or CONTRACTS, CONTRACTS)


def _codes(names: Iterable[str]) -> dict[str, int]:
    return {name: code for code, name in enumerate(sorted(set(names)))}


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)


def _or_none(number: int | None) -> int:
    return NONE if number is None else number


def _day(day: date | None) -> int:
    return NONE if day is None else day.toordinal()
