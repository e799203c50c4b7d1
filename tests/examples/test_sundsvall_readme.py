"""What the README of the example says of rules, plan and reasons is what the engine finds."""

import re
from datetime import date
from pathlib import Path

import pytest

from bostad.adapters.match_folder import read_folder
from bostad.matching.eligibility import RULES, failing_rules
from bostad.matching.explain import Reason, unplaced
from bostad.matching.solve import best_plan

FOLDER = Path(__file__).parents[2] / "examples" / "sundsvall"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
READ = read_folder(FOLDER, date(2026, 11, 21))
PROBLEM = READ.problem

PAIRS = [match.groups() for match in re.finditer(r"^\| (\w+) \| (N\d\d) \| (H\d\d) \|", README, re.MULTILINE)]
PLAN = [
    match.groups() for match in re.finditer(r"^\| (N\d\d) \| (H\d\d) \| ([\w-]+) \| (\d+|–) \|", README, re.MULTILINE)
]


def test_nothing_in_the_folder_needs_a_warning() -> None:
    assert READ.warnings == ()


def test_every_rule_has_a_pair_in_the_readme() -> None:
    assert {rule for rule, _, _ in PAIRS} == set(RULES)


@pytest.mark.parametrize(("rule", "need", "home"), PAIRS)
def test_the_rule_alone_keeps_the_home_from_the_need(rule: str, need: str, home: str) -> None:
    (the_need,) = (one for one in PROBLEM.needs if one.need == need)
    (the_home,) = (one for one in PROBLEM.homes if one.home == home)
    (its_line,) = (one for one in PROBLEM.lines if one.line == the_home.line)
    failing = failing_rules(the_need, the_home, its_line, PROBLEM.run_date, PROBLEM.declined)
    assert failing == (rule,)


def test_the_plan_is_the_one_in_the_readme() -> None:
    placements = best_plan(PROBLEM).placements
    found = {(one.need, one.home, one.line, "–" if one.misfit is None else str(one.misfit.total)) for one in placements}
    assert found == set(PLAN)


def test_the_reasons_are_those_of_the_readme() -> None:
    rows = re.findall(rf"^\| ({'|'.join(Reason)}) \| ([N\d, ]+) \|", README, re.MULTILINE)
    said = {need: reason for reason, needs in rows for need in needs.split(", ")}
    assert {one.need.need: str(one.reason) for one in unplaced(PROBLEM, best_plan(PROBLEM))} == said
