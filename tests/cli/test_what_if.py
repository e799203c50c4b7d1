"""`bostad what-if`: one change in thought."""

import json
from pathlib import Path

import pytest

from bostad.cli import main
from tests.cli.folders import a_folder, homes, needs

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hold two homes, the second too dear for the second need; a third need with no home."""
    files = {"needs": needs({"risk": "acute"}, {"rent_max": "8000"}, {"rent_max": "8000"})}
    return a_folder(tmp_path, **files, homes=homes({"rent": "7000"}, {"rent": "8500"}))


def what_if(folder: Path, *change: str) -> int:
    return main(["what-if", str(folder), "--date", "2026-11-21", *change])


def test_a_home_less_is_told_in_words(folder: Path, capsys: Captured) -> None:
    assert what_if(folder, "--without-home", "H1") == 0
    said = capsys.readouterr().out.splitlines()
    assert "need N2 would lose home H1" in said
    assert said[-1].startswith("1 would be placed, at a misfit of ")


def test_nothing_may_change_for_anybody(folder: Path, capsys: Captured) -> None:
    assert what_if(folder, "--without-need", "N3") == 0
    assert capsys.readouterr().out.startswith("nothing would change for anybody\n")


@pytest.mark.parametrize(
    ("change", "gains"),
    [
        (("--set", "N3", "rent_max", "20000"), {}),
        (("--set", "N3", "risk", "acute"), {"N3": "H1"}),
        (("--more-like", "H1", "1"), {"N3": "H1+1"}),
        (("--force", "N3", "H2"), {"N3": "H2"}),
    ],
)
def test_each_kind_of_change_can_be_asked_for(
    change: tuple[str, ...], gains: dict[str, str], folder: Path, capsys: Captured
) -> None:
    assert what_if(folder, "--json", *change) == 0
    figures = json.loads(capsys.readouterr().out)
    assert set(figures["gains"]) == set(gains)
    assert figures["placed"] + len(figures["loses"]) >= 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("--without-home", "H9"), "there is no home 'H9'"),
        (("--force", "N9", "H1"), "there is no need 'N9'"),
        (("--more-like", "H1", "some"), "'some' is not a number of months"),
        (("--set", "N1", "rent", "1"), "there is no column 'rent'"),
        (("--set", "N1", "rent_max", "x"), "'x' is not a whole number above 0"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(
    change: tuple[str, ...], message: str, folder: Path, capsys: Captured
) -> None:
    assert what_if(folder, *change) == 2
    assert capsys.readouterr().err.splitlines() == [message]


def test_a_promise_cannot_be_made_twice(tmp_path: Path, capsys: Captured) -> None:
    folder = a_folder(tmp_path, locked="need,home\nN1,H1\n")
    assert what_if(folder, "--force", "N2", "H1") == 2
    assert "promised already" in capsys.readouterr().err
