"""What could have housed a need that has no home, and what stood between."""

from dataclasses import replace

from bostad.bench.instances import instance
from bostad.matching.check import faults
from bostad.matching.considered import Obstacle, considered
from bostad.matching.eligibility import failing_rules
from bostad.matching.problem import Problem, met_features
from bostad.matching.solve import best_plan


def _with_every_home_taken_away_but(problem: Problem, count: int) -> Problem:
    return replace(problem, homes=problem.homes[:count])


def test_every_home_that_fits_or_fails_one_rule_is_told_of_with_what_stands_between() -> None:
    """U32: held against the rules one by one, for every need without a home and every home."""
    problem = instance("S", 3)
    plan = best_plan(problem)
    found = considered(problem, plan)
    needs, lines = {need.need: need for need in problem.needs}, {line.line: line for line in problem.lines}
    assert found.keys() == needs.keys() - {placement.need for placement in plan.placements}
    told = {(need, one.home): one.because for need, homes in found.items() for one in homes}
    for need in found:
        for home in problem.homes:
            rules = failing_rules(needs[need], home, lines[home.line], problem.run_date, set())
            because = told.get((need, home.home))
            missing = sorted(needs[need].must - met_features(home))
            rules = tuple(rule for rule in rules if rule != "must") + tuple(f"must:{one}" for one in missing)
            if not rules:
                assert because in set(Obstacle)
            elif set(rules) & {"consent", "declined"} or len(rules) > 1:
                assert because is None
            else:
                assert because == rules[0]


def test_a_home_that_would_be_hers_is_hers_when_the_rule_goes() -> None:
    problem = instance("S", 3)
    plan = best_plan(problem)
    rents = [(need, one) for need, homes in considered(problem, plan).items() for one in homes if one.because == "rent"]
    assert {one.hers for _, one in rents} == {True, False}
    for need, one in rents:
        home = next(home for home in problem.homes if home.home == one.home)
        asked = next(row for row in problem.needs if row.need == need)
        richer = replace(asked, rent_max=max(asked.rent_max, home.rent))
        other = replace(problem, needs=tuple(richer if row.need == need else row for row in problem.needs))
        given = {placement.need for placement in best_plan(other).placements}
        assert not one.hers or need in given


def test_a_full_quota_is_named_and_never_who_used_it() -> None:
    """S42: what is told names homes and rules."""
    problem = instance("S", 3)
    lines = tuple(replace(line, quota=0) for line in problem.lines)
    nobody = replace(problem, lines=lines)
    plan = best_plan(nobody)
    assert faults(nobody, plan) == []
    fitting = [one for homes in considered(nobody, plan).values() for one in homes if one.because in set(Obstacle)]
    assert {one.because for one in fitting} == {Obstacle.QUOTA}
