"""The apartment number tells the floor."""

import pytest

from bostad.homes.apartment_number import floor_of, is_apartment_number, probably_meant


@pytest.mark.parametrize(
    ("number", "floor"), [("1001", 0), ("1101", 1), ("0902", -1), ("1304", 3), ("2599", 15), ("0801", -2)]
)
def test_the_floor_is_read_from_the_number(number: str, floor: int) -> None:
    """Domain.md 3.1."""
    assert floor_of(number) == floor


@pytest.mark.parametrize("text", ["", "1100", "110", "11011", "11a1", "1 101", "١١٠١"])
def test_anything_else_is_no_apartment_number(text: str) -> None:
    assert not is_apartment_number(text)
    with pytest.raises(ValueError, match=f"^{text}$"):
        floor_of(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("902", "0902"), ("11 02", "1102"), ("lgh 1102", "1102"), ("1100", ""), ("abc", ""), ("11022", "")],
)
def test_what_was_probably_meant_is_suggested(text: str, meant: str) -> None:
    assert probably_meant(text) == meant
