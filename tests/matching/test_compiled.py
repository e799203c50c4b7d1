"""Compiled code is kept for one version of the sources and no other. Each in a process of its own, with real numba."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from bostad.matching.compiled import HERE, folder_in, version_of

CALLEE = """
from typing import NamedTuple
from bostad.matching.compiled import compiled

class Pair(NamedTuple):
    one: int
    other: int

@compiled
def told(pair):
    return pair.one * {times}
"""
CALLER = """
from bostad.matching.callee import Pair, told
from bostad.matching.compiled import compiled

@compiled
def ask(pair):
    return told(pair)

print(ask(Pair(1, 2)), sum(ask.stats.cache_hits.values()))
"""


class Tree:
    """A copy of the package with a caller and a callee in two files."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache"
        self.sources = folder / "bostad" / "matching"
        copytree(HERE, self.sources, ignore=lambda _, names: [name for name in names if name != "compiled.py"])
        (self.sources.parent / "__init__.py").touch()
        (self.sources / "__init__.py").touch()
        (self.sources / "caller.py").write_text(CALLER)
        self.times(2)

    def times(self, times: int) -> None:
        (self.sources / "callee.py").write_text(CALLEE.format(times=times))

    def start(self) -> "subprocess.Popen[str]":
        env = os.environ | {
            "PYTHONPATH": str(self.sources.parents[1]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NUMBA_CACHE_DIR": str(self.cache),
        }
        command = [sys.executable, "-m", "bostad.matching.caller"]
        return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)

    def run(self) -> tuple[int, ...]:
        """Return what the callee told, and how much of the caller was taken from the folder."""
        return said_by(self.start())


def said_by(process: "subprocess.Popen[str]") -> tuple[int, ...]:
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return tuple(int(number) for number in said.split())


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_what_was_compiled_is_used_again_until_any_file_changes(tree: Tree) -> None:
    """The caller's own file stays as it is; numba alone would go on with what the callee was before."""
    assert tree.run() == (2, 0)
    assert tree.run() == (2, 1)
    tree.times(3)
    assert tree.run() == (3, 0)


def test_the_folder_of_another_version_goes_when_a_new_one_is_made(tree: Tree) -> None:
    tree.run()
    (tree.cache / "somebody-elses").mkdir()
    before = version_of(tree.sources)
    tree.times(3)
    assert {folder.name for folder in tree.cache.iterdir()} == {before, "somebody-elses"}
    tree.run()
    assert version_of(tree.sources) != before
    assert {folder.name for folder in tree.cache.iterdir()} == {version_of(tree.sources), "somebody-elses"}


def test_a_tuple_may_move_to_another_file(tree: Tree) -> None:
    """What numba kept names the tuple by its module, and could not be read when that is gone."""
    tree.run()
    (tree.sources / "callee.py").rename(tree.sources / "moved.py")
    (tree.sources / "caller.py").write_text(CALLER.replace(".callee", ".moved"))
    assert tree.run() == (2, 0)


def test_two_processes_may_begin_at_once(tree: Tree) -> None:
    both = [tree.start(), tree.start()]
    assert [said_by(process)[0] for process in both] == [2, 2]
    assert tree.run() == (2, 1)


def test_the_first_place_that_can_be_written_to_is_taken_and_without_one_nothing_is_kept(tmp_path: Path) -> None:
    no_folder, place = tmp_path / "file", tmp_path / "place"
    no_folder.touch()
    assert folder_in([no_folder, place], "bostad-00000001") == place / "bostad-00000001"
    assert folder_in([no_folder], "bostad-00000001") is None
