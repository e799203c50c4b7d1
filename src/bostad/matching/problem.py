"""What a matching run is given: needs, homes, quota lines, and what was promised or declined before."""

import unicodedata
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

RISKS = ("acute", "high", "standard")
CONTRACTS = ("first_hand", "guarantee", "social")
SCOPES = ("building", "district", "municipality")
FEATURES = (
    "above_ground_floor",
    "not_reachable_from_ground",
    "door_code",
    "intercom",
    "security_door",
    "peephole",
    "lift",
    "step_free",
    "second_way_out",
    "lockable_room",
    "pets",
    "balcony",
    "parking",
    "bathtub",
    "laundry_in_home",
)
ABOVE_GROUND = "above_ground_floor"

Pair = tuple[str, str]


class Place(NamedTuple):
    """A circle to keep out of: decimal degrees and a radius in metres."""

    lat: float
    lon: float
    metres: int


@dataclass(frozen=True, kw_only=True)
class Need:
    """What one household must have, may not have and would like; empty and None mean none or unknown."""

    need: str
    risk: str
    waiting_since: date
    adults: int
    rent_max: int
    municipalities: frozenset[str]
    group: str
    couples: int = 0
    child_ages: tuple[int, ...] = ()
    rooms_min: int | None = None
    avoid_districts: frozenset[str] = frozenset()
    avoid_buildings: frozenset[str] = frozenset()
    avoid_near: frozenset[Place] = frozenset()
    blocked_companies: frozenset[str] = frozenset()
    must: frozenset[str] = frozenset()
    wish: frozenset[str] = frozenset()
    school_m_max: int | None = None
    move_in_from: date | None = None
    move_in_by: date | None = None
    contracts: frozenset[str] = frozenset()
    consents: frozenset[tuple[str, date]] = frozenset()
    """(company, last day) of each consent."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """One home published under a quota line; None means unknown, or no limit."""

    home: str
    line: str
    company: str
    municipality: str
    rooms: int
    rent: int
    available_from: date
    district: str | None = None
    building: str | None = None
    lat: float | None = None
    lon: float | None = None
    area_m2: int | None = None
    floor: int | None = None
    max_people: int | None = None
    has: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    school_m: int | None = None
    offer_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A quota line of an agreement: who it is for, how many it holds and when it is valid."""

    line: str
    agreement: str
    groups: frozenset[str]
    quota: int
    valid_from: date
    contracts: frozenset[str] = frozenset()
    agreement_cap: int | None = None
    valid_until: date | None = None
    building_cap: int | None = None


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Two needs that never get homes in the same building, district or municipality."""

    need_a: str
    need_b: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Everything a run decides on, in content order, so that the order of rows cannot matter.

    Pairs are (need id, home id); declined and current ones that name what is not there are left out.
    Raises ValueError for ids given twice, lines or locked pairs that name what is not there, and caps that disagree.
    """

    needs: tuple[Need, ...]
    homes: tuple[Home, ...]
    lines: tuple[Line, ...]
    run_date: date
    locked: tuple[Pair, ...] = ()
    declined: frozenset[Pair] = frozenset()
    current: frozenset[Pair] = frozenset()
    apart: tuple[Apart, ...] = ()

    def __post_init__(self) -> None:
        """Put everything in content order and refuse what does not hang together."""
        _put(self, "needs", tuple(sorted(self.needs, key=lambda need: need.need)))
        _put(self, "homes", tuple(sorted(self.homes, key=lambda home: home.home)))
        _put(self, "lines", tuple(sorted(self.lines, key=lambda line: line.line)))
        _put(self, "locked", tuple(sorted(self.locked)))
        _put(self, "apart", tuple(sorted(self.apart, key=lambda rule: (rule.need_a, rule.need_b, rule.scope))))
        needs = _unique("need", (need.need for need in self.needs))
        homes = _unique("home", (home.home for home in self.homes))
        for field in ("declined", "current"):
            pairs: frozenset[Pair] = getattr(self, field)
            _put(self, field, frozenset(pair for pair in pairs if pair[0] in needs and pair[1] in homes))
        self._refuse_loose_ends(needs, homes)

    def also_declined(self, need: str, home: str) -> "Problem":
        """Return the problem in which one pair more is never to be; nothing else is read again."""
        after = copy(self)
        _put(after, "declined", self.declined | {(need, home)})
        return after

    def _refuse_loose_ends(self, needs: set[str], homes: set[str]) -> None:
        lines = _unique("line", (line.line for line in self.lines))
        if any(home.line not in lines for home in self.homes):
            raise ValueError("a home is published under a line that is not in the problem")
        locked_needs = _unique("locked need", (need for need, _ in self.locked))
        locked_homes = _unique("locked home", (home for _, home in self.locked))
        if not (locked_needs <= needs and locked_homes <= homes):
            raise ValueError("a locked pair names a need or a home that is not in the problem")
        caps = {(line.agreement, line.agreement_cap) for line in self.lines}
        if len(caps) > len({agreement for agreement, _ in caps}):
            raise ValueError("two lines of one agreement disagree on its cap")


def name_key(name: str) -> str:
    """Return the form in which names of districts and buildings are compared."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def met_features(home: Home) -> frozenset[str]:
    """Return the features known to be met; above the ground floor is read from the floor."""
    above = home.floor is not None and home.floor >= 1
    return home.has | {ABOVE_GROUND} if above else home.has - {ABOVE_GROUND}


def _put(problem: Problem, field: str, value: object) -> None:
    object.__setattr__(problem, field, value)


def _unique(kind: str, ids: Iterable[str]) -> set[str]:
    listed = list(ids)
    found = set(listed)
    if len(found) < len(listed):
        message = f"a {kind} stands twice in the problem"
        raise ValueError(message)
    return found
