"""Which numbers may be told: none so small that it points at somebody, nor so large that what is left does (S07)."""

FEWEST = 5


def told(number: int, *, of: int) -> int | None:
    """Give a number out of so many, or None when it or what is left of them is under five."""
    return number if FEWEST <= number <= of - FEWEST else None
