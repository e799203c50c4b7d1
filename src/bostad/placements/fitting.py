"""Whether one need and one home fit, by the matching's own rules: for a click, a hand placement, a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from bostad.agreements.tables import LineMonth
from bostad.homes.tables import Home
from bostad.matching import problem as matching
from bostad.matching.eligibility import failing_rules
from bostad.needs.tables import Need
from bostad.placements.picture import home_key, homes_of, line_of, lines_by_id, needs_of
from bostad.placements.side_by_side import in_the_way, one_at_a_time
from bostad.placements.tables import NeverAgain
from bostad.words import Sentence, say

RULES: Mapping[str, Sentence] = {
    "consent": say("there is no consent to this company"),
    "declined": say("this home was declined before"),
    "line": say("the agreement is not valid today"),
    "group": say("the home is meant for another group"),
    "municipality": say("it is in a municipality where they cannot live"),
    "company": say("the company must not hear of them"),
    "contract": say("no contract form suits both"),
    "district": say("the district is to be avoided, or not known"),
    "building": say("the building is to be avoided, or not known"),
    "near": say("it is too near a place to avoid, or its place is not known"),
    "must": say("something the home must have is missing or not known"),
    "rooms": say("it has too few rooms"),
    "people": say("it is let to fewer people"),
    "rent": say("the rent is above their ceiling"),
    "school": say("it is too far from a school, or the distance is not known"),
    "dates": say("the dates do not suit"),
    "others": say("a limit for the building, or a rule about who lives near whom, stands in the way"),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """One home beside one need as the matching sees them, and the rules that keep it from the need: none, it fits."""

    need: matching.Need
    home: matching.Home
    failing: tuple[str, ...]


def beside(db: Session, need: Need, homes: Sequence[Home], *, on: date) -> list[Beside]:
    """Put homes beside one need, in their order and in a fixed number of queries."""
    lines = lines_by_id(db, homes)
    seen = needs_of(db, [need], on)[0]
    named = {home_key(home): home for home in homes}
    homes_seen = homes_of(db, named, {line_id: line for line_id, (line, _) in lines.items()})
    declined = {(seen.need, key) for key in never_again(db, [need.id]).get(need.id, ())}
    tallies = _tallies(db, homes)
    others = in_the_way(db, need, homes)
    found = []
    for home, home_seen in zip(homes, homes_seen, strict=True):
        line, agreement = lines[home.line_id]
        tally = tallies.get((home.line_id, home.month)) or LineMonth(line_id=line.id, month=home.month, agreed=0)
        own = failing_rules(seen, home_seen, line_of(line, agreement, tally), on, declined)
        found.append(Beside(seen, home_seen, (*own, "others") if home.id in others else own))
    return found


def why_it_does_not_fit(db: Session, need: Need, home: Home, *, on: date) -> Sentence | None:
    """Say in words what keeps one home from one need, or None when it fits; asked where something is to be promised."""
    one_at_a_time(db, need, home)
    rules = beside(db, need, [home], on=on)[0].failing
    return RULES[rules[0]] if rules else None


def never_again(db: Session, need_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Give for each need the homes that are not to be proposed to it again, by the matching's names for homes."""
    rows = db.exec(select(NeverAgain).where(col(NeverAgain.need_id).in_(need_ids))).all()
    found: dict[UUID, set[str]] = {}
    for row in rows:
        found.setdefault(row.need_id, set()).add(f"{row.company_id}/{row.object_number}")
    return found


def pair_of(db: Session, need: Need, home: Home, *, on: date) -> tuple[matching.Need, matching.Home]:
    """Give a need and a home as the matching sees them."""
    line, _ = lines_by_id(db, [home])[home.line_id]
    return needs_of(db, [need], on)[0], homes_of(db, {home_key(home): home}, {line.id: line})[0]


def _tallies(db: Session, homes: Sequence[Home]) -> dict[tuple[UUID, date], LineMonth]:
    wanted = {home.line_id for home in homes}
    rows = db.exec(select(LineMonth).where(col(LineMonth.line_id).in_(wanted))).all()
    return {(row.line_id, row.month): row for row in rows}
