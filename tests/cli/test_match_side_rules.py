"""`bostad match` with building caps and keep-apart pairs."""

import csv
import json
from pathlib import Path

import pytest

from bostad.cli import main
from bostad.cli.plan_text import summary
from bostad.matching.plan import Plan
from tests.cli.folders import LINE, a_folder, homes, table
from tests.matching.cases import a_problem

Captured = pytest.CaptureFixture[str]


def match(folder: Path, *options: str) -> int:
    return main(["match", str(folder), "--date", "2026-11-21", *options])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_side_rules_are_kept_and_said(tmp_path: Path, capsys: Captured) -> None:
    """Two who may not live in one municipality, in a folder of one municipality."""
    folder = a_folder(tmp_path / "in", apart="need_a,need_b,scope\nN2,N1,municipality\n")
    assert match(folder, "--out", str(tmp_path / "out"), "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["placed"], figures["proven"]) == (1, True)
    (row,) = rows(tmp_path / "out" / "unplaced.csv")
    assert (row["need"], row["reason"], json.loads(row["detail"])) == (
        "N2",
        "kept_apart",
        {"rules": ["apart:municipality"]},
    )
    assert match(folder) == 0
    assert "homes would fit, but she is to be kept apart from somebody who has one (municipality)" in " ".join(
        capsys.readouterr().out.split()
    )


def test_a_building_cap_is_kept(tmp_path: Path, capsys: Captured) -> None:
    capped = {**LINE, "building_cap": "1"}
    files = {"homes": homes({"building": "Björken"}, {"building": "björken"}), "lines": table([capped])}
    assert match(a_folder(tmp_path, **files), "--json") == 0
    assert json.loads(capsys.readouterr().out)["placed"] == 1


def test_what_is_not_proven_is_said() -> None:
    plan = Plan(placements=(), proven=False, misfit=0, kept=0)
    assert summary(a_problem(), plan).endswith("Who is placed is proven to be best, the sum of misfit is not.")
    unsettled = Plan(placements=(), proven=False, misfit=0, kept=0, unproven_from="N7")
    assert summary(a_problem(), unsettled).endswith("Not proven to be best from need N7 on, in the order of needs.")
