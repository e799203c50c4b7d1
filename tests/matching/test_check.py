"""The checker finds every way to spoil a plan: one test for each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bostad.matching.check import faults
from bostad.matching.plan import Misfit, Placement, Plan
from bostad.matching.problem import Apart, Home, Line, Need, Place, Problem
from tests.matching.cases import a_home, a_line, a_need, a_problem, day
from tests.matching.exhaustive import plan_of

GOOD = a_problem(
    needs=(a_need("N1", risk="acute"), a_need("N2"), a_need("N3"), a_need("N4", risk="standard")),
    homes=(a_home("H1"), a_home("H2"), a_home("H3"), a_home("H4", line="L2")),
    lines=(a_line("L1", agreement_cap=4), a_line("L2", agreement_cap=4)),
    locked=(("N3", "H3"),),
    current=frozenset({("N1", "H1"), ("N2", "H4")}),
)
PLAN = plan_of(GOOD, {"N1": "H1", "N2": "H2"})


def test_a_good_plan_has_no_faults() -> None:
    assert [placement.need for placement in PLAN.placements] == ["N1", "N2", "N3"]
    assert faults(GOOD, PLAN) == []


def pair_spoiled(**changes: Any) -> tuple[Problem, Plan]:
    """Return the plan of one pair in which the need, the home or the line has been changed, sums as they should be."""
    need: Need = replace(a_need(), **changes.get("need", {}))
    home: Home = replace(a_home(), **changes.get("home", {}))
    line: Line = replace(a_line(), **changes.get("line", {}))
    problem = a_problem(needs=(need,), homes=(home,), lines=(line,), declined=changes.get("declined", frozenset()))
    return problem, plan_of(problem, {"N1": "H1"})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"need": {"consents": frozenset({("sagobo", day(-1))})}}, "no consent"),
        ({"need": {"consents": frozenset({("fabelhus", day(9))})}}, "no consent"),
        ({"declined": frozenset({("N1", "H1")})}, "declined before"),
        ({"line": {"valid_from": day(1)}}, "the line is not valid"),
        ({"line": {"valid_until": day(-1)}}, "the line is not valid"),
        ({"line": {"groups": frozenset({"social"})}}, "the line is for other groups"),
        ({"home": {"municipality": "9902"}}, "another municipality"),
        ({"need": {"blocked_companies": frozenset({"sagobo"})}}, "a blocked company"),
        (
            {"need": {"contracts": frozenset({"social"})}, "line": {"contracts": frozenset({"guarantee"})}},
            "no contract in common",
        ),
        (
            {"need": {"avoid_districts": frozenset({"ÅSEN"})}, "home": {"district": "åsen"}},
            "an avoided or unknown district",
        ),
        ({"need": {"avoid_districts": frozenset({"ÅSEN"})}}, "an avoided or unknown district"),
        (
            {"need": {"avoid_buildings": frozenset({"Älgen"})}, "home": {"building": "ÄLGEN"}},
            "an avoided or unknown building",
        ),
        ({"need": {"avoid_buildings": frozenset({"Älgen"})}}, "an avoided or unknown building"),
        (
            {"need": {"avoid_near": frozenset({Place(62.0, 18.5, 1113)})}, "home": {"lat": 62.01, "lon": 18.5}},
            "too near a place to avoid",
        ),
        ({"need": {"avoid_near": frozenset({Place(62.0, 18.5, 1)})}}, "too near a place to avoid"),
        ({"need": {"must": frozenset({"lift"})}}, "a feature she must have"),
        ({"need": {"must": frozenset({"above_ground_floor"})}, "home": {"floor": 0}}, "a feature she must have"),
        ({"need": {"rooms_min": 4}}, "too few rooms"),
        ({"need": {"child_ages": (12, 13)}}, "too few rooms"),
        ({"home": {"max_people": 2}}, "too many people"),
        ({"home": {"rent": 9001}}, "too high a rent"),
        ({"need": {"school_m_max": 500}, "home": {"school_m": 501}}, "too far to school"),
        ({"need": {"school_m_max": 500}}, "too far to school"),
        ({"need": {"move_in_by": day(9)}}, "not free in time"),
        ({"home": {"offer_until": day(-1)}}, "no longer to be had"),
    ],
)
def test_a_pair_that_breaks_a_rule_is_found(changes: dict[str, Any], why: str) -> None:
    assert faults(*pair_spoiled(**changes)) == [f"need N1 in home H1: {why}"]


def placements(change: Callable[[list[Placement]], list[Placement]]) -> Plan:
    """Return the good plan with other placements and sums to match."""
    changed = tuple(change(list(PLAN.placements)))
    new = [row for row in changed if not row.locked]
    kept = sum((row.need, row.home) in GOOD.current for row in new)
    return replace(PLAN, placements=changed, misfit=sum(row.misfit.total for row in new if row.misfit), kept=kept)


FIRST, SECOND, PROMISE = PLAN.placements
BAD_PARTS = Misfit(0, 17, 0, 20, 2)


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        (placements(lambda rows: [replace(FIRST, need="N9"), *rows[1:]]), "need N9 is not in the problem"),
        (placements(lambda rows: [replace(FIRST, home="H9"), *rows[1:]]), "home H9 is not in the problem"),
        (
            placements(lambda rows: [FIRST, replace(FIRST, home="H4", line="L2"), *rows[1:]]),
            "need N1 was given 2 homes",
        ),
        (placements(lambda _: [FIRST, replace(SECOND, home="H1"), PROMISE]), "home H1 was given 2 times"),
        (placements(lambda rows: rows[:2]), "the promise of home H3 to need N3 is not in the plan"),
        (
            placements(lambda rows: [replace(FIRST, locked=True, misfit=None), *rows[1:]]),
            "need N1 and home H1 are marked as locked but were never promised",
        ),
        (
            placements(lambda rows: [*rows[:2], replace(PROMISE, misfit=BAD_PARTS)]),
            "need N3 in home H3: a promise made already has no misfit",
        ),
        (
            placements(lambda rows: [replace(FIRST, line="L2"), *rows[1:]]),
            "need N1 in home H1: the home is published under line L1, not L2",
        ),
        (
            placements(lambda rows: [replace(FIRST, misfit=None), *rows[1:]]),
            "need N1 in home H1: the misfit is missing",
        ),
        (
            placements(lambda rows: [replace(FIRST, misfit=BAD_PARTS), *rows[1:]]),
            "need N1 in home H1: the parts of the misfit are (0, 17, 0, 20, 3)",
        ),
        (placements(lambda _: [SECOND, FIRST, PROMISE]), "need N1 stands after need N2, who comes later in the order"),
        (replace(PLAN, misfit=PLAN.misfit + 1), "the misfit is said to be 81, but the parts add up to 80"),
        (replace(PLAN, kept=2), "2 proposals are said to be kept, but 1 are"),
    ],
)
def test_a_spoiled_plan_is_found(plan: Plan, fault: str) -> None:
    assert faults(GOOD, plan) == [fault]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ({"quota": 2, "agreement_cap": None}, "the quota of line L1 is 2, but the plan holds 3"),
        ({"quota": 0, "agreement_cap": None}, "the quota of line L1 is 0, but the plan holds 3"),
        ({"agreement_cap": 2}, "the cap of agreement A1 is 2, but the plan holds 3"),
        ({"agreement_cap": 0}, "the cap of agreement A1 is 0, but the plan holds 3"),
    ],
)
def test_a_quota_or_cap_that_is_passed_is_found(lines: dict[str, Any], fault: str) -> None:
    problem = replace(GOOD, lines=tuple(replace(line, **lines) for line in GOOD.lines))
    assert faults(problem, PLAN) == [fault]


def test_promises_alone_may_pass_a_quota_and_a_cap() -> None:
    problem = replace(GOOD, lines=tuple(replace(line, quota=0, agreement_cap=0) for line in GOOD.lines))
    assert faults(problem, plan_of(problem, {})) == []


SPREAD = replace(
    GOOD, homes=tuple(replace(home, building="Älgen", district="Åsen") for home in GOOD.homes), current=frozenset()
)


def test_a_building_that_holds_too_many_is_found() -> None:
    def capped(cap: int) -> Problem:
        return replace(SPREAD, lines=tuple(replace(line, building_cap=cap) for line in SPREAD.lines))

    assert faults(capped(3), plan_of(capped(3), {"N1": "H1", "N2": "H2"})) == []
    assert faults(capped(2), plan_of(capped(2), {"N1": "H1", "N2": "H2"})) == [
        "the limit of building älgen is 2, but the plan holds 3"
    ]
    assert faults(capped(1), plan_of(capped(1), {})) == [], "promises alone may pass it"


@pytest.mark.parametrize("scope", ["building", "district", "municipality"])
def test_two_who_are_to_be_kept_apart_are_found(scope: str) -> None:
    for one, other in (("N1", "N2"), ("N1", "N3")):
        problem = replace(SPREAD, apart=(Apart(need_a=one, need_b=other, scope=scope),))
        assert faults(problem, plan_of(problem, {"N1": "H1", "N2": "H2"})) == [
            f"needs {one} and {other} are to be kept apart, but get the same {scope}"
        ]


def test_an_unknown_district_counts_as_the_same_and_another_municipality_never() -> None:
    def problem(**changes: Any) -> Problem:
        homes = tuple(replace(home, **changes) if home.home == "H2" else home for home in SPREAD.homes)
        apart = (Apart(need_a="N1", need_b="N2", scope="district"),)
        needs = tuple(replace(need, municipalities=frozenset({"9901", "9902"})) for need in SPREAD.needs)
        return replace(SPREAD, needs=needs, homes=homes, apart=apart)

    for changes, found in (({"district": None}, 1), ({"district": "Björken"}, 0), ({"municipality": "9902"}, 0)):
        changed = problem(**changes)
        assert len(faults(changed, plan_of(changed, {"N1": "H1", "N2": "H2"}))) == found
