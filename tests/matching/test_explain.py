"""Reasons are true: each number is held against every plan there is."""

from dataclasses import replace

import pytest

from bostad.matching.empty_homes import empty_homes
from bostad.matching.explain import Reason, Unplaced, placed, unplaced
from bostad.matching.problem import Problem
from bostad.matching.solve import best_plan
from tests.matching.cases import a_home, a_line, a_need, a_problem, day, random_problem
from tests.matching.exhaustive import best, every_choice, fitting_pairs, plan_of


def reasons(problem: Problem) -> dict[str, Unplaced]:
    return {row.need.need: row for row in unplaced(problem, best_plan(problem))}


@pytest.mark.parametrize("number", range(100))
def test_who_holds_what_an_outranked_need_could_have_is_counted_right(number: int) -> None:
    """Those who would let her in by leaving, each held against every plan."""
    problem = random_problem(number)
    choices = every_choice(problem, fitting_pairs(problem))
    housed, _ = best(problem, choices)
    possible = {frozenset(choice) for choice in choices}

    for need, row in reasons(problem).items():
        if row.reason is Reason.OUTRANKED:
            holders = {other for other in housed if frozenset({*housed, need} - {other}) in possible}
            assert row.detail["held_by"] == len(holders)
            assert row.detail["homes_fit"] == sum(need == other for other, _ in fitting_pairs(problem))


@pytest.mark.parametrize("number", range(100))
def test_what_a_waived_rule_would_give_her_is_counted_right(number: int) -> None:
    problem = random_problem(number, most_needs=4, most_homes=4)
    pairs = fitting_pairs(problem)

    for need, row in reasons(problem).items():
        if row.reason is not Reason.NO_HOME_FITS:
            continue
        asked = next(other for other in problem.needs if other.need == need)
        easier = replace(asked, rent_max=10**9)
        opened = (
            fitting_pairs(replace(problem, needs=tuple(easier if n is asked else n for n in problem.needs))) - pairs
        )
        gets = [pair for pair in opened if need in best(problem, every_choice(problem, pairs | {pair}))[0]]
        assert row.detail["if_waived"]["rent"] == {"homes": len(opened), "gets": len(gets)}


def test_the_random_cases_hold_every_reason() -> None:
    seen = [row for number in range(100) for row in reasons(random_problem(number)).values()]
    assert {row.reason for row in seen} == {Reason.NO_CONSENT, Reason.NO_HOME_FITS, Reason.OUTRANKED}
    assert any(row.detail["held_by"] > 1 for row in seen if row.reason is Reason.OUTRANKED)
    waived = [row.detail["if_waived"]["rent"] for row in seen if row.reason is Reason.NO_HOME_FITS]
    assert any(counts["gets"] for counts in waived)
    assert any(counts["homes"] > counts["gets"] for counts in waived)


def test_consent_with_a_company_without_a_home_in_the_run_is_no_consent() -> None:
    need = a_need(consents=frozenset({("fabelhus", day(30))}))
    assert reasons(a_problem(needs=(need,)))["N1"].reason is Reason.NO_CONSENT


def test_each_must_feature_is_waived_by_itself_and_consent_never() -> None:
    need = a_need(must=frozenset({"lift", "pets"}))
    homes = (
        a_home("H1", has=frozenset({"lift"})),
        a_home("H2", has=frozenset({"pets"})),
        a_home("H3", has=frozenset({"pets"}), rent=9999),
        a_home("H4"),
    )

    detail = reasons(a_problem(needs=(need,), homes=homes))["N1"].detail["if_waived"]

    assert {rule: counts for rule, counts in detail.items() if counts["homes"]} == {
        "must:lift": {"homes": 1, "gets": 1},
        "must:pets": {"homes": 1, "gets": 1},
    }
    assert detail.keys().isdisjoint({"consent", "declined", "must"})


def test_a_full_quota_and_a_full_cap_are_named() -> None:
    lines = (a_line("L1", quota=0), a_line("L2", agreement="A2", agreement_cap=1), a_line("L3"))
    homes = (a_home("H1", line="L1"), a_home("H2", line="L2"), a_home("H3", line="L2"))
    problem = a_problem(needs=(a_need("N1"), a_need("N2")), homes=homes, lines=lines)

    assert reasons(problem)["N2"].detail == {
        "homes_fit": 3,
        "held_by": 1,
        "full_quotas": ["L1"],
        "full_caps": ["A2"],
    }


def test_a_quota_used_up_by_promises_holds_nothing_for_anybody() -> None:
    problem = a_problem(
        needs=(a_need("N1"), a_need("N2")),
        homes=(a_home("H1"), a_home("H2")),
        lines=(a_line(quota=1),),
        locked=(("N2", "H2"),),
    )
    assert reasons(problem)["N1"].detail == {"homes_fit": 1, "held_by": 0, "full_quotas": ["L1"], "full_caps": []}


def test_what_a_placed_need_got_is_told_with_what_is_missing() -> None:
    need = a_need(wish=frozenset({"pets", "lift", "above_ground_floor"}), move_in_by=day(-1))
    problem = a_problem(needs=(need,), homes=(a_home(has=frozenset({"lift"})),))

    (row,) = placed(problem, best_plan(problem))

    assert row.wishes_unmet == ("above_ground_floor", "pets")
    assert row.overdue


@pytest.mark.parametrize("block", range(5))
def test_the_runner_up_costs_what_the_best_plan_with_it_costs(block: int) -> None:
    """Held against every plan that houses the same: no other home of hers would have cost less."""
    seen = 0
    for number in range(block * 40, block * 40 + 40):
        problem = random_problem(number)
        choices = every_choice(problem, fitting_pairs(problem))
        who, least = best(problem, choices)
        plan = best_plan(problem)
        costs = [(choice, cost_of(problem, choice)) for choice in choices if choice.keys() == who]
        for row in placed(problem, plan):
            if row.runner_up is None:
                continue
            seen += 1
            with_it = [cost for choice, cost in costs if choice[row.need.need] == row.runner_up.home]
            assert row.runner_up.extra_misfit == min(with_it) - least
            assert row.runner_up.exact
    assert seen > 5


def cost_of(problem: Problem, choice: dict[str, str]) -> int:
    plan = plan_of(problem, choice)
    return plan.misfit - 5 * plan.kept


def test_an_empty_home_says_how_many_fail_which_rule_and_no_more() -> None:
    needs = (a_need("N1", rent_max=7000, must=frozenset({"lift"})), a_need("N2", rooms_min=9), a_need("N3"))
    homes = (a_home("H1"), a_home("H2"))
    problem = a_problem(needs=needs, homes=homes)
    plan = best_plan(problem)
    (row,) = empty_homes(problem, plan)
    assert {rule: count for rule, count in row.failing.items() if count} == {"rent": 1, "must": 1, "rooms": 1}
    assert row.fits == 1
    assert not any(name in repr(row) for name in ("N1", "N2", "N3"))
