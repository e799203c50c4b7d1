"""Which home a need may have. One function per rule; each returns True where the rule holds."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

import numpy as np

from bostad.matching.columns import Ints, Pairs, Table, facts_of
from bostad.matching.problem import Home, Line, Need, Pair, Problem

Rule = Callable[[Pairs], Table]


def consent(pairs: Pairs) -> Table:
    """Check that the home's company may be told of her today."""
    return pairs.facts.consented.holds(pairs.need.row, pairs.home.company)


def declined(pairs: Pairs) -> Table:
    """Check that neither side has said no to the other before."""
    return ~pairs.facts.declined.holds(pairs.need.row, pairs.home.row)


def line(pairs: Pairs) -> Table:
    """Check that the quota line is valid on the run date."""
    return np.broadcast_to(pairs.home.line_open == 1, np.broadcast_shapes(pairs.need.row.shape, pairs.home.row.shape))


def group(pairs: Pairs) -> Table:
    """Check that the quota line is for her target group."""
    return pairs.facts.served.holds(pairs.home.line, pairs.need.group)


def municipality(pairs: Pairs) -> Table:
    """Check that the home lies in a municipality she can live in."""
    return pairs.facts.lives_in.holds(pairs.need.row, pairs.home.municipality)


def company(pairs: Pairs) -> Table:
    """Check that she has not blocked the company."""
    return ~pairs.facts.blocked.holds(pairs.need.row, pairs.home.company)


def contract(pairs: Pairs) -> Table:
    """Check that she and the line share a kind of contract."""
    shared: Table = (pairs.need.contracts & pairs.home.contracts) != 0
    return shared


def district(pairs: Pairs) -> Table:
    """Check that the district is known and not avoided, unless she avoids none."""
    return ~pairs.facts.avoided_district.holds(pairs.need.row, pairs.home.district)


def building(pairs: Pairs) -> Table:
    """Check that the building is known and not avoided, unless she avoids none."""
    return ~pairs.facts.avoided_building.holds(pairs.need.row, pairs.home.building)


def near(pairs: Pairs) -> Table:
    """Check that the home lies outside each circle she keeps out of."""
    return pairs.facts.circles.clear(pairs.need.row, pairs.home.row)


def must(pairs: Pairs) -> Table:
    """Check that every feature she must have is known to be met."""
    nothing_missing: Table = missing_musts(pairs) == 0
    return nothing_missing


def rooms(pairs: Pairs) -> Table:
    """Check that the home has the rooms she needs."""
    return pairs.home.rooms >= pairs.need.rooms


def people(pairs: Pairs) -> Table:
    """Check that the landlord's limit on people holds."""
    return pairs.need.people <= pairs.home.max_people


def rent(pairs: Pairs) -> Table:
    """Check that the rent is within what she can pay."""
    return pairs.home.rent <= pairs.need.rent_max


def school(pairs: Pairs) -> Table:
    """Check that a school is known to be near enough, unless there is no demand."""
    return pairs.home.school <= pairs.need.school_max


def dates(pairs: Pairs) -> Table:
    """Check that the home is free in time, unless her last day has passed, and can still be accepted."""
    overdue = pairs.need.by_day < pairs.facts.run_day
    return ((pairs.home.from_day <= pairs.need.by_day) | overdue) & (pairs.home.until_day >= pairs.facts.run_day)


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        consent,
        declined,
        line,
        group,
        municipality,
        company,
        contract,
        district,
        building,
        near,
        must,
        rooms,
        people,
        rent,
        school,
        dates,
    )
}


def missing_musts(pairs: Pairs) -> Ints:
    """Return the features she must have that the home is not known to have, as bits."""
    return pairs.need.must & ~pairs.home.met


def fits(problem: Problem) -> Table:
    """Return True where every rule holds: needs down, homes across. Slow and plain; `open_pairs` is for long lists."""
    facts = facts_of(problem)
    pairs = Pairs.table(facts)
    table = np.ones((len(facts.needs.row), len(facts.homes.row)), dtype=np.bool_)
    for rule in RULES.values():
        table &= rule(pairs)
    return table


def failing_rules(
    need: Need, home: Home, line: Line, run_date: date, declined: Collection[Pair] = ()
) -> tuple[str, ...]:
    """Return the rules that keep one home from one need, in the order of RULES; none means that it fits.

    `declined` may hold other pairs too.
    """
    problem = Problem(needs=(need,), homes=(home,), lines=(line,), run_date=run_date, declined=frozenset(declined))
    pair = Pairs.table(facts_of(problem))
    return tuple(name for name, rule in RULES.items() if not rule(pair).all())
