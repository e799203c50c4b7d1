"""The columns of each file, as data: what a cell holds, and what an empty one means."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bostad.adapters.match_folder import cells
from bostad.adapters.match_folder.cells import AnyParser, list_of, one_of, set_of
from bostad.matching.problem import ABOVE_GROUND, CONTRACTS, FEATURES, RISKS, SCOPES

REQUIRED = object()


@dataclass(frozen=True)
class Column:
    """How a cell is read; `empty` is the value of an empty one, unless it must be filled in."""

    parse: AnyParser
    empty: Any = REQUIRED
    optional: bool = False


def _listed_feature(cell: str) -> str:
    if cell == ABOVE_GROUND:
        raise cells.BadCell(f"{cells.quoted(cell)} is read from the floor and never listed")
    return one_of(FEATURES)(cell)


_NOTHING: frozenset[Any] = frozenset()
_ID = Column(cells.text)

NEEDS: Mapping[str, Column] = MappingProxyType(
    {
        "need": _ID,
        "risk": Column(one_of(RISKS)),
        "waiting_since": Column(cells.day),
        "adults": Column(cells.above_zero),
        "couples": Column(cells.zero_or_more, empty=0),
        "child_ages": Column(list_of(cells.child_age), empty=()),
        "rooms_min": Column(cells.above_zero, empty=None),
        "rent_max": Column(cells.above_zero),
        "municipalities": Column(set_of(cells.municipality)),
        "avoid_districts": Column(set_of(cells.text), empty=_NOTHING),
        "avoid_buildings": Column(set_of(cells.text), empty=_NOTHING),
        "avoid_near": Column(set_of(cells.place), empty=_NOTHING),
        "blocked_companies": Column(set_of(cells.text), empty=_NOTHING),
        "must": Column(set_of(one_of(FEATURES)), empty=_NOTHING),
        "wish": Column(set_of(one_of(FEATURES)), empty=_NOTHING),
        "school_m_max": Column(cells.zero_or_more, empty=None),
        "move_in_from": Column(cells.day, empty=None),
        "move_in_by": Column(cells.day, empty=None),
        "contracts": Column(set_of(one_of(CONTRACTS)), empty=_NOTHING),
        "group": _ID,
        "consents": Column(set_of(cells.consent), empty=_NOTHING),
    }
)

HOMES: Mapping[str, Column] = MappingProxyType(
    {
        "home": _ID,
        "line": _ID,
        "company": _ID,
        "municipality": Column(cells.municipality),
        "district": Column(cells.text, empty=None),
        "building": Column(cells.text, empty=None),
        "lat": Column(cells.latitude, empty=None),
        "lon": Column(cells.longitude, empty=None),
        "rooms": Column(cells.above_zero),
        "area_m2": Column(cells.above_zero, empty=None),
        "rent": Column(cells.above_zero),
        "floor": Column(cells.whole, empty=None),
        "max_people": Column(cells.above_zero, empty=None),
        "has": Column(set_of(_listed_feature), empty=_NOTHING),
        "lacks": Column(set_of(_listed_feature), empty=_NOTHING),
        "school_m": Column(cells.zero_or_more, empty=None),
        "available_from": Column(cells.day),
        "offer_until": Column(cells.day, empty=None),
    }
)

LINES: Mapping[str, Column] = MappingProxyType(
    {
        "line": _ID,
        "agreement": _ID,
        "groups": Column(set_of(cells.text)),
        "contracts": Column(set_of(one_of(CONTRACTS)), empty=_NOTHING),
        "quota": Column(cells.zero_or_more),
        "agreement_cap": Column(cells.zero_or_more, empty=None),
        "valid_from": Column(cells.day),
        "valid_until": Column(cells.day, empty=None),
        "building_cap": Column(cells.above_zero, empty=None, optional=True),
    }
)

PAIRS: Mapping[str, Column] = MappingProxyType({"need": _ID, "home": _ID})

APART: Mapping[str, Column] = MappingProxyType({"need_a": _ID, "need_b": _ID, "scope": Column(one_of(SCOPES))})
