"""The apartment number: four digits that tell the floor, entrance floor 10, and the door's order on it."""

import re

ENTRANCE = 10
_NUMBER = re.compile(r"([0-9]{2})(0[1-9]|[1-9][0-9])")


def is_apartment_number(text: str) -> bool:
    """Tell whether this is one: two digits of floor, then the door's order from 01."""
    return _NUMBER.fullmatch(text) is not None


def floor_of(number: str) -> int:
    """Read the floor, 0 at the entrance and counting up: 1001 is 0, 1304 is 3, 0902 is -1. ValueError if it is none."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise ValueError(number)
    return int(found[1]) - ENTRANCE


def probably_meant(text: str) -> str:
    """Give the number somebody probably meant: a spreadsheet drops the first 0 of 0902, people add spaces; else ''."""
    digits = re.sub(r"\D", "", text).zfill(4)
    return digits if is_apartment_number(digits) else ""
