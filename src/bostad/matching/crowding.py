"""How many rooms a household needs."""

from collections.abc import Iterable

from bostad.matching.problem import Need

SHARES_ROOM_UNDER = 12


def rooms_needed(adults: int, couples: int, child_ages: Iterable[int]) -> int:
    """Return the smallest number of rooms, kitchen apart, in which nobody is crowded (Boverket 2020:21)."""
    ages = list(child_ages)
    if adults == 1 and not ages:
        return 1
    young = sum(age < SHARES_ROOM_UNDER for age in ages)
    bedrooms = couples + (adults - 2 * couples) + (young + 1) // 2 + (len(ages) - young)
    return bedrooms + 1


def rooms_for(need: Need) -> int:
    """Return the rooms a need calls for: its own number where one is given, else the crowding rule."""
    if need.rooms_min is not None:
        return need.rooms_min
    return rooms_needed(need.adults, need.couples, need.child_ages)
