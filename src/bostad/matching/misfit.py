"""How badly a home that fits still suits a need, in whole points; the weights are the board's policy."""

from datetime import date

import numpy as np

from bostad.matching.columns import Ints, Pairs, facts_of
from bostad.matching.plan import Misfit
from bostad.matching.problem import Home, Line, Need, Problem

ROOM_TOO_MANY = 12
RENT_SCALE = 20
WISH_NOT_MET = 6
SCHOOL_STEP_M, SCHOOL_MOST = 250, 20
DAYS_STEP, DAYS_MOST = 3, 30


def rooms(pairs: Pairs) -> Ints:
    """Charge for each room more than she needs."""
    return ROOM_TOO_MANY * (pairs.home.rooms - pairs.need.rooms)


def rent(pairs: Pairs) -> Ints:
    """Charge for the share of her highest rent that is used."""
    return (RENT_SCALE * pairs.home.rent) // pairs.need.rent_max


def wishes(pairs: Pairs) -> Ints:
    """Charge for each wish that is not known to be met."""
    unmet: Ints = np.bitwise_count(pairs.need.wish & ~pairs.home.met).astype(np.int64)
    return WISH_NOT_MET * unmet


def school(pairs: Pairs) -> Ints:
    """Charge households with children for the way to school, most where it is unknown."""
    return pairs.need.has_children * np.minimum(SCHOOL_MOST, pairs.home.school // SCHOOL_STEP_M)


def days(pairs: Pairs) -> Ints:
    """Charge for the wait until the home is free, from when she could move."""
    ready = np.maximum(pairs.facts.run_day, pairs.need.from_day)
    wait: Ints = np.maximum(0, pairs.home.from_day - ready)
    return np.minimum(DAYS_MOST, wait // DAYS_STEP)


PARTS = (rooms, rent, wishes, school, days)


def total(pairs: Pairs) -> Ints:
    """Return the misfit of each pair."""
    return rooms(pairs) + rent(pairs) + wishes(pairs) + school(pairs) + days(pairs)


def parts_of(pairs: Pairs) -> list[Misfit]:
    """Return the parts of the misfit of each pair in a list of pairs."""
    return [Misfit(*row) for row in np.stack([part(pairs) for part in PARTS], axis=-1).tolist()]


def parts(need: Need, home: Home, run_date: date) -> Misfit:
    """Return the parts of the misfit of one pair; it need not fit."""
    any_line = Line(line=home.line, agreement="", groups=frozenset({need.group}), quota=1, valid_from=run_date)
    facts = facts_of(Problem(needs=(need,), homes=(home,), lines=(any_line,), run_date=run_date))
    return parts_of(Pairs.listed(facts, facts.needs.row, facts.homes.row))[0]
