"""The example's plan, found a second time by another solver in another way."""

import json
from datetime import date
from pathlib import Path

import pytest
from ortools.sat.python import cp_model

from bostad.adapters.match_folder import read_folder
from bostad.cli import main
from bostad.matching.eligibility import RULES, failing_rules
from bostad.matching.explain import Reason, unplaced
from bostad.matching.misfit import parts
from bostad.matching.problem import Problem
from bostad.matching.solve import best_plan
from bostad.resources import resource
from tests.matching.exhaustive import fitting_pairs, in_order

RUN_DATE = date(2026, 11, 21)


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(str(resource("examples"))) / "sundsvall"


@pytest.fixture(scope="module")
def problem(folder: Path) -> Problem:
    return read_folder(folder, RUN_DATE).problem


def solved_whole(problem: Problem) -> tuple[set[str], int]:
    """Solve with CP-SAT in one model: a need's weight is above all that comes after her."""
    model = cp_model.CpModel()
    chosen = {pair: model.new_bool_var("/".join(pair)) for pair in sorted(fitting_pairs(problem))}
    line_of = {home.home: home.line for home in problem.homes}
    promised = [line_of[home] for _, home in problem.locked]
    for name in {need for need, _ in chosen} | {home for _, home in chosen}:
        model.add_at_most_one(variable for pair, variable in chosen.items() if name in pair)
    for line in problem.lines:
        under = [variable for (_, home), variable in chosen.items() if line_of[home] == line.line]
        model.add(sum(under) <= max(0, line.quota - promised.count(line.line)))
        siblings = {other.line for other in problem.lines if other.agreement == line.agreement}
        if line.agreement_cap is not None:
            taken = sum(name in siblings for name in promised)
            under = [variable for (_, home), variable in chosen.items() if line_of[home] in siblings]
            model.add(sum(under) <= max(0, line.agreement_cap - taken))
    needs, homes = {need.need: need for need in problem.needs}, {home.home: home for home in problem.homes}
    cost = {
        (need, home): parts(needs[need], homes[home], RUN_DATE).total - 5 * ((need, home) in problem.current)
        for need, home in chosen
    }
    weight = {need.need: 10_000 << step for step, need in enumerate(reversed(in_order(problem)))}
    model.maximize(sum((weight[pair[0]] - cost[pair]) * variable for pair, variable in chosen.items()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    picked = [pair for pair, variable in chosen.items() if solver.boolean_value(variable)]
    return {need for need, _ in picked}, sum(cost[pair] for pair in picked)


def test_another_solver_finds_the_same(problem: Problem) -> None:
    """I14."""
    plan = best_plan(problem)
    new = {placement.need for placement in plan.placements if not placement.locked}
    assert (new, plan.misfit - 5 * plan.kept) == solved_whole(problem)
    assert len(new) > 5


def test_every_rule_keeps_somebody_from_some_home(problem: Problem) -> None:
    lines = {line.line: line for line in problem.lines}
    alone = {
        broken[0]
        for need in problem.needs
        for home in problem.homes
        if len(broken := failing_rules(need, home, lines[home.line], RUN_DATE, problem.declined)) == 1
    }
    assert alone == set(RULES)


def test_the_example_holds_every_reason(problem: Problem) -> None:
    reasons = {row.reason for row in unplaced(problem, best_plan(problem))}
    assert reasons == {Reason.NO_CONSENT, Reason.NO_HOME_FITS, Reason.OUTRANKED}


def test_the_command_says_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", str(folder), "--date", "2026-11-21", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["placed"] + figures["unplaced"] == 30
    assert figures["placed_by_risk"]["acute"] == 4
    assert main(["match", str(folder), "--date", "2026-11-21"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert all(f"\n{need}  " in said.out for need in ("N01", "N30"))
