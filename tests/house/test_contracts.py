"""Which way imports run: each contract is broken once on purpose, in a copy, to see that it is caught."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BREAKS = {
    "floors": ("errors.py", "import bostad.web"),
    "matching-is-arithmetic": ("matching/problem.py", "import sqlalchemy"),
    "rules-are-pure": ("needs/consent.py", "import sqlmodel"),
    "web-alone-knows-litestar": ("cli/__init__.py", "import litestar"),
    "screens-never-touch-tables": ("web/__init__.py", "import bostad.needs.tables"),
    "the-web-process-never-loads-the-solver": ("web/__init__.py", "import bostad.matching.solve"),
    "settings-are-read-at-the-top": ("adapters/database.py", "import bostad.settings"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the package and its contracts, to be spoiled."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_tried_here() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

    assert {contract["id"] for contract in contracts} == set(BREAKS)


@pytest.mark.slow
@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_contract_is_caught(contract: str, copy: Path) -> None:
    """ASVS V15.2.5."""
    before = _lint(copy, contract)
    file, line = BREAKS[contract]
    with (copy / "src" / "bostad" / file).open("a") as module:
        module.write(f"\n{line}\n")
    after = _lint(copy, contract)

    assert (before.returncode, "1 kept, 0 broken" in before.stdout) == (0, True), before.stdout
    assert (after.returncode, "0 kept, 1 broken" in after.stdout) == (1, True), after.stdout


@pytest.mark.slow
def test_a_module_without_a_floor_is_caught(copy: Path) -> None:
    (copy / "src" / "bostad" / "attic.py").write_text('"""A module that nobody gave a floor."""\n')

    assert "bostad.attic" in _lint(copy, "floors").stdout


def _lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--contract", contract]
    environment = os.environ | {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    return subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
