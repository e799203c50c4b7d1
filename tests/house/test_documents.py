"""What the documents name is there: files, links, commands, and the floors of the house."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PLACES = ("", "src", "src/bostad", "docs", "tests")
QUOTED = re.compile(r"`([^`\n]+)`")
A_PATH = re.compile(
    r"(?:[\w.-]+/)+[\w.-]*\.(?:py|html|md|csv|toml|yaml|txt|json)|(?:src|tests|docs|tools|migrations)/[\w/-]*"
)
MADE = {"dist/sbom.json"}
"""Files that a command makes."""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_file_that_a_document_names_is_there(document: Path) -> None:
    """E27: also where a link leads."""
    text = document.read_text()
    named = {word for word in QUOTED.findall(text) if A_PATH.fullmatch(word)} - MADE
    links = {link for link in re.findall(r"\]\(([^)#]+)", text) if not link.startswith("http")}

    assert [name for name in named if not any((ROOT / place / name).exists() for place in PLACES)] == []
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_make_that_a_document_names_can_be_made(document: Path) -> None:
    """E27."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:`|^    )make ([a-z-]+)", document.read_text(), re.MULTILINE)

    assert set(named) - targets == set()


def test_the_floors_in_the_document_are_those_of_the_contract() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors = [floor for rule in rules if rule.get("exhaustive") for floor in rule["layers"]]
    drawn = (
        (ROOT / "docs" / "architecture.md")
        .read_text()
        .partition("## Which way imports run")[2]
        .partition("A module")[0]
    )

    assert sorted(re.findall(r"\w+", drawn)) == sorted(re.findall(r"\w+", " ".join(floors)))
    assert [line.split()[0] for line in drawn.split("\n") if line.strip()] == [floor.split()[0] for floor in floors]


def test_every_room_of_the_house_stands_in_the_readme() -> None:
    rooms = {file.parent.name for file in (ROOT / "src" / "bostad").glob("*/__init__.py")}
    house = (ROOT / "README.md").read_text().partition("## The house")[2].partition("\n\n[docs")[0]

    assert rooms - set(re.findall(r"\w+", house)) == set()
