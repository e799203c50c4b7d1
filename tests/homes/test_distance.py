"""As the crow flies, to the nearest."""

from bostad.homes.distance import nearest_m

HOME = (62.00108, 18.50345)


def test_the_nearest_of_several_is_measured() -> None:
    assert nearest_m(HOME, [(61.9, 18.4), (62.00405, 18.49521), (62.1, 18.6)]) == 542


def test_without_a_place_or_a_school_there_is_no_distance() -> None:
    assert nearest_m(None, [HOME]) is None
    assert nearest_m(HOME, []) is None
