"""A problem that does not hang together is refused; what was declined or proposed long ago is no harm."""

from typing import Any

import pytest

from tests.matching.cases import a_home, a_line, a_need, a_problem


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"needs": (a_need(), a_need())}, "a need stands twice"),
        ({"homes": (a_home(), a_home())}, "a home stands twice"),
        ({"lines": (a_line(), a_line())}, "a line stands twice"),
        ({"lines": ()}, "a home is published under a line that is not"),
        ({"locked": (("N1", "H9"),)}, "a locked pair names a need or a home that is not"),
        ({"homes": (a_home(), a_home("H2")), "locked": (("N1", "H1"), ("N1", "H2"))}, "a locked need stands twice"),
        ({"lines": (a_line(), a_line("L2", agreement_cap=3))}, "two lines of one agreement disagree"),
    ],
)
def test_a_problem_with_loose_ends_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        a_problem(**changes)


def test_pairs_that_name_what_has_gone_are_left_out() -> None:
    pairs = frozenset({("N1", "H1"), ("N1", "H9"), ("N9", "H1")})
    problem = a_problem(declined=pairs, current=pairs)
    assert problem.declined == problem.current == {("N1", "H1")}


def test_problems_with_rows_in_another_order_are_equal() -> None:
    needs = (a_need("N2"), a_need("N1"))
    assert a_problem(needs=needs) == a_problem(needs=needs[::-1])
