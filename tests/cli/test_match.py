"""`bostad match`: what it reads, prints and writes."""

import argparse
import csv
import json
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bostad.adapters.match_folder import write_plan
from bostad.cli import main
from bostad.cli.match import run
from bostad.matching.explain import placed, unplaced
from bostad.matching.plan import Plan
from bostad.matching.problem import Problem
from bostad.matching.solve import best_plan
from tests.cli.folders import HOME, LINE, NEED, a_folder, homes, lines, needs, table
from tests.matching.cases import a_home, a_line, a_need, a_problem

Captured = pytest.CaptureFixture[str]
GOOD = {
    "needs": needs({"risk": "acute"}, {}, {}, {"consents": ""}, {"rent_max": "7000"}),
    "homes": homes({"rent": "7900"}, {}, {}),
    "lines": lines({"quota": "2"}),
    "locked": "need,home\nN3,H3\n",
    "current": "need,home\nN1,H1\n",
}


def match(folder: Path, *options: str) -> int:
    return main(["match", str(folder), "--date", "2026-11-21", *options])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_files_hold_the_plan_in_the_order_of_needs(tmp_path: Path, capsys: Captured) -> None:
    folder = a_folder(tmp_path / "in", **GOOD)

    assert match(folder, "--out", str(tmp_path / "deep" / "out")) == 0

    assert (tmp_path / "deep" / "out" / "placements.csv").read_text() == (
        "need,home,line,locked,misfit,rooms,rent,wishes,school,days\nN1,H1,L1,,40,0,17,0,20,3\nN3,H3,L1,yes,,,,,,\n"
    )
    reasons = rows(tmp_path / "deep" / "out" / "unplaced.csv")
    assert [(row["need"], row["reason"]) for row in reasons] == [
        ("N2", "outranked"),
        ("N4", "no_consent"),
        ("N5", "no_home_fits"),
    ]
    assert json.loads(reasons[0]["detail"]) == {
        "homes_fit": 2,
        "held_by": 1,
        "full_quotas": ["L1"],
        "full_caps": [],
    }
    assert reasons[1]["detail"] == ""
    assert json.loads(reasons[2]["detail"])["if_waived"]["rent"] == {"homes": 2, "gets": 0}
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Plan for 2026-11-21: 2 of 5 needs placed, 1 of them promised before, 3 homes in all.")


def test_json_is_one_object_alone(tmp_path: Path) -> None:
    """Run as people run it, so that nothing else can reach standard output."""
    folder = a_folder(tmp_path / "in", **GOOD)
    command = [sys.executable, "-m", "bostad.cli", "match", str(folder), "--date", "2026-11-21", "--json"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    figures = json.loads(done.stdout)
    seconds = figures.pop("seconds")
    assert figures == {
        "placed": 2,
        "locked": 1,
        "placed_by_risk": {"acute": 1, "high": 1, "standard": 0},
        "unplaced": 3,
        "misfit": 40,
        "kept": 1,
        "eligible_pairs": 4,
        "proven": True,
    }
    assert list(seconds) == ["read", "eligibility", "solve", "explain", "write"]
    assert all(second >= 0 for second in seconds.values())


def test_the_plan_is_printed_with_reasons_in_words(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    assert match(a_folder(tmp_path, **GOOD)) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 90
    assert [line.split()[0] for line in text.splitlines() if line.startswith("N")] == ["N1", "N3", "N2", "N4", "N5"]
    words = " ".join(text.split())
    assert "N1 acute H1 L1 40 rent 7900 of at most 9000 (+17); way to school unknown (+20)" in words
    assert "N3 high H3 L1 - promised before" in words
    assert "2 homes would fit; 1 need before this one in the order hold what could be had" in words
    assert "full: quota L1" in words
    assert "no live consent for any company" in words
    assert "what alone stands in the way: the rent (2 homes, of which none would then be hers)" in words


def test_nothing_to_place_is_printed_too(tmp_path: Path, capsys: Captured) -> None:
    empty = {"needs": ",".join(NEED) + "\n", "homes": ",".join(HOME) + "\n", "lines": ",".join(LINE) + "\n"}
    assert match(a_folder(tmp_path, **empty)) == 0
    assert capsys.readouterr().out == "Plan for 2026-11-21: 0 of 0 needs placed, 0 homes in all. Misfit 0.\n"


def shuffled(text: str, separator: str, dice: random.Random) -> str:
    table_rows = list(csv.DictReader(text.splitlines()))
    names = dice.sample(list(table_rows[0]), len(table_rows[0]))
    return table([{name: row[name] for name in names} for row in dice.sample(table_rows, len(table_rows))], separator)


@pytest.mark.parametrize("number", range(5))
def test_rows_columns_and_separators_in_any_order_give_the_same_files(number: int, tmp_path: Path) -> None:
    dice = random.Random(number)  # noqa: S311 - not for secrets
    match(a_folder(tmp_path / "one", **GOOD), "--out", str(tmp_path / "out-one"))
    other = {name: "\ufeff" + shuffled(text, ";", dice).replace("\n", "\r\n") for name, text in GOOD.items()}
    match(a_folder(tmp_path / "other", **other), "--out", str(tmp_path / "out-other"))

    for name in ("placements.csv", "unplaced.csv"):
        assert (tmp_path / "out-one" / name).read_bytes() == (tmp_path / "out-other" / name).read_bytes()


def test_cells_are_trimmed_and_names_compared_without_case_or_form(tmp_path: Path, capsys: Captured) -> None:
    """An o with its dots as a letter of its own is the same name."""
    files = {
        "needs": needs({"need": " N1 ", "avoid_districts": " Hojden|HO\u0308JDEN "}),
        "homes": homes({"district": "h\u00f6jden"}),
    }
    assert match(a_folder(tmp_path, **files), "--json") == 0
    assert json.loads(capsys.readouterr().out)["eligible_pairs"] == 0


def test_what_is_ignored_is_said(tmp_path: Path, capsys: Captured) -> None:
    files = {
        "needs": table([{**NEED, "remarks": "anything"}]),
        "current": "need,home\nN1,H1\nN9,H1\nN1,H9\n",
    }
    assert match(a_folder(tmp_path / "in", **files), "--out", str(tmp_path / "out")) == 0
    assert capsys.readouterr().err.splitlines()[:-1] == [
        "needs.csv: the column 'remarks' is not known and is ignored",
        "current.csv:3: need: 'N9' is not in needs.csv; the row is ignored",
        "current.csv:4: home: 'H9' is not in homes.csv; the row is ignored",
    ]


def test_rows_of_empty_cells_are_no_rows(tmp_path: Path, capsys: Captured) -> None:
    """Spreadsheets leave them behind, with and without separators."""
    folder = a_folder(tmp_path, needs=needs({}) + "\n" + "," * (len(NEED) - 1) + "\n,,\n")
    assert match(folder, "--json") == 0
    assert json.loads(capsys.readouterr().out)["placed"] == 1


def test_a_need_that_several_rules_keep_from_every_home_is_told_so(tmp_path: Path, capsys: Captured) -> None:
    assert match(a_folder(tmp_path, needs=needs({"rent_max": "1", "must": "lift"}))) == 0
    assert "no home fits, and no single rule is the reason" in capsys.readouterr().out


def test_the_run_date_is_today_unless_given(tmp_path: Path, capsys: Captured) -> None:
    assert main(["match", str(a_folder(tmp_path, **GOOD))]) == 0
    assert capsys.readouterr().out.startswith("Plan for 20")


def a_result() -> tuple[Problem, Plan]:
    problem = a_problem(needs=(a_need("N1"), a_need("N2")), homes=(a_home(),), lines=(a_line(),))
    return problem, best_plan(problem)


def test_a_second_run_replaces_both_files_and_leaves_others_alone(tmp_path: Path) -> None:
    problem, plan = a_result()
    (tmp_path / "notes.txt").write_text("mine")
    for _ in range(2):
        write_plan(tmp_path, placed(problem, plan), unplaced(problem, plan))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "placements.csv", "unplaced.csv"]


@pytest.mark.parametrize("before", ["as before", None])
def test_files_are_written_both_or_neither(before: str | None, tmp_path: Path, capsys: Captured) -> None:
    """The second file cannot take its place, so the first goes back to what it was."""
    out = tmp_path / "out"
    (out / "unplaced.csv").mkdir(parents=True)
    if before:
        (out / "placements.csv").write_text(before)

    assert match(a_folder(tmp_path / "in", **GOOD), "--out", str(out)) == 2

    assert {path.name: path.read_text() for path in out.iterdir() if path.is_file()} == (
        {"placements.csv": before} if before else {}
    )
    assert [path for path in out.iterdir() if path.is_dir()] == [out / "unplaced.csv"]
    assert "cannot be written" in capsys.readouterr().err


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "out").write_text("mine")
    assert match(a_folder(tmp_path / "in", **GOOD), "--out", str(tmp_path / "out")) == 2
    assert (tmp_path / "out").read_text() == "mine"
    assert "cannot be written" in capsys.readouterr().err


def test_a_plan_that_fails_the_checker_is_never_written(tmp_path: Path, capsys: Captured) -> None:
    """I14."""
    folder, out = a_folder(tmp_path / "in", **GOOD), tmp_path / "out"
    options = argparse.Namespace(folder=folder, date=date(2026, 11, 21), out=out, json=True)

    assert run(options, judge=lambda _, plan: [f"{plan.placements[0].need} is where she may not be"]) == 3

    assert not out.exists()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "the plan did not pass the checker, so nothing was written:",
        "N1 is where she may not be",
    ]


def test_everything_but_the_solver_loads_without_or_tools() -> None:
    """The web asks the rules and the reasons, and must not pay for the solver."""
    modules = "candidates, check, columns, crowding, eligibility, misfit, nearness, plan, priority, problem, reasons"
    program = (
        f"from bostad.matching import {modules}; import bostad.cli.match, sys; "
        "assert not {'ortools', 'numba'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
