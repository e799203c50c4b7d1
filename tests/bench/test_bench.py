"""The bench: other people's cases come out right, and the other methods agree with ours."""

import json
from pathlib import Path

import numpy as np
import pytest

from bostad.bench.arena import arena_of
from bostad.bench.instances import instance
from bostad.bench.orlib import least_total, planted, read_orlib
from bostad.bench.peers import flow_levels, scipy_dense, scipy_sparse
from bostad.bench.peers import networkx as networkx_flow
from bostad.bench.running import Row
from bostad.bench.table import table
from bostad.cli import main
from bostad.matching.candidates import open_pairs
from bostad.matching.check import faults
from bostad.matching.network import network_of
from bostad.matching.solve import best_plan, solve
from bostad.matching.tight import cost_in, current_of

DENSE = "3\n4 1 3\n2 0 5\n3 2 2\n"
SPARSE = "3\n1 1 4\n1 2 1\n2 1 2\n2 2 0\n3 3 2\n"


@pytest.mark.parametrize(("text", "least"), [(DENSE, 5), (SPARSE, 5)])
def test_files_in_both_forms_are_solved(
    text: str, least: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "assign.txt"
    file.write_text(text)
    assert main(["bench", "--orlib", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"orlib": {"assign.txt": least}}


@pytest.mark.parametrize("text", ["3\n1 2\n", "x\n", "2\n1 1 5\n2 1 5\n"])
def test_a_file_that_is_no_such_problem_is_refused(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "assign.txt"
    file.write_text(text)
    assert main(["bench", "--orlib", str(file)]) == 2
    assert "assign.txt" in capsys.readouterr().err


@pytest.mark.parametrize("seed", range(5))
def test_dense_costs_are_those_of_another_solver(seed: int, tmp_path: Path) -> None:
    from scipy.optimize import linear_sum_assignment

    cost = np.random.default_rng(seed).integers(0, 100, (40, 40))
    file = tmp_path / "assign.txt"
    file.write_text("40\n" + " ".join(map(str, cost.ravel())))
    assert least_total(*read_orlib(file)) == cost[linear_sum_assignment(cost)].sum()


@pytest.mark.parametrize(("size", "seed"), [(1, 0), (30, 1), (500, 2), (3_000, 3)])
def test_a_planted_answer_is_recovered_exactly(size: int, seed: int) -> None:
    lists, cost, least = planted(size, per_need=8, seed=seed)
    assert least_total(lists, cost) == least


@pytest.mark.parametrize("peer", [flow_levels, scipy_sparse, scipy_dense, networkx_flow])
def test_other_methods_find_the_same(peer: "object") -> None:
    problem = instance("M")
    candidates, network = open_pairs(problem), network_of(problem)
    cost = cost_in(candidates, current_of(problem))
    arena = arena_of(network, candidates, cost)
    ours = solve(network.copy(), candidates, cost).network.home_of
    theirs = peer(arena)  # type: ignore[operator]
    places = np.flatnonzero(ours >= 0)
    assert np.array_equal(places, np.flatnonzero(theirs >= 0))
    assert cost(places, ours[places]).sum() == cost(places, theirs[places]).sum()


def test_an_instance_is_the_same_each_time_and_its_plan_proves_itself() -> None:
    problem = instance("M")
    assert problem == instance("M")
    plan = best_plan(problem)
    assert len(plan.placements) > 150
    assert faults(problem, plan) == []


@pytest.mark.slow
def test_side_rules_at_the_size_of_a_region_are_settled_need_by_need() -> None:
    problem = instance("M", side_rules=True)
    plan = best_plan(problem)
    assert plan.proven
    assert problem.apart
    assert faults(problem, plan) == []


def test_the_command_runs_each_method_in_a_process_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--sizes", "S", "--methods", "bostad,flow-levels,greedy-household", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["method"], row["exact"]) for row in rows][:2] == [("bostad", True), ("flow-levels", True)]
    assert list(rows[0]) == ["size", "method", "exact", "solve_s", "total_s", "peak_mib", "objective"]


def test_reasons_declines_and_side_rules_are_measured_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--besides", "--sizes", "S"]) == 0
    printed = capsys.readouterr().out
    assert "| S | " in printed
    assert "S, side rules: who is housed is proven up to place 50 of 50" in printed
    assert "0 faults" in printed


def test_what_did_not_finish_is_said_in_the_table() -> None:
    extra = {"pairs": 3, "stages": {"solve": 0.1}, "solve_peak_mib": 9, "placed": 2}
    mine = Row("S", "bostad", exact=True, solve_s=0.1, total_s=0.2, peak_mib=9, objective=4, extra=extra)
    assert "| highs | - | did not finish |" in table([mine, Row("S", "highs", exact=False)])


def test_a_size_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["bench", "--sizes", "S,HUGE"])
    assert stopped.value.code == 2
    assert "'HUGE' is not one of S, M, L, XL, XXL" in capsys.readouterr().err
