"""docs/security.md says nothing that the suite does not hold."""

import ast
import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text()
ADVERSARIES = (
    "housing company",
    "mailbox",
    "colleague",
    "another board",
    "database administrator",
    "backup",
    "laptop",
    "outside",
)
STATES = ("tested", "held", "operator", "later", "missing", "na")
TOTALS = {"1": 70, "2": 183, "3": 92}
"""How many requirements ASVS 5.0 has at each level."""
_TEST = re.compile(r"`(test_\w+)`")


def test_every_adversary_has_a_row_and_every_row_tests_that_exist() -> None:
    """S01."""
    table = DOCUMENT.partition("## The threat model")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]

    assert [who for who in ADVERSARIES if not any(who in row.split("|")[1] for row in rows)] == []
    assert [row.split("|")[1] for row in rows if not _TEST.findall(row.split("|")[4])] == []


def test_every_test_that_is_named_exists() -> None:
    """S01."""
    assert sorted({*_TEST.findall(DOCUMENT), *(row["test"] for row in _asvs() if row["test"])} - _tests()) == []


def test_every_requirement_of_asvs_has_one_state_and_what_belongs_to_it() -> None:
    rows = _asvs()

    assert Counter(row["level"] for row in rows) == TOTALS
    assert len({row["id"] for row in rows}) == len(rows)
    assert [row["id"] for row in rows if row["state"] not in STATES] == []
    assert [row["id"] for row in rows if bool(row["test"]) != (row["state"] == "tested")] == []
    assert [row["id"] for row in rows if bool(row["why"]) == (row["state"] == "tested")] == []


def test_every_test_that_proves_a_requirement_names_it() -> None:
    """A test is looked for by its name, and the id stands in its own words."""
    words = {name: text for file in (ROOT / "tests").rglob("test_*.py") for name, text in _in_words(file)}
    silent = [row["id"] for row in _asvs() if row["test"] and not _named(row["id"], words[row["test"]])]

    assert silent == []


def test_the_counts_in_the_document_are_those_of_the_file() -> None:
    applies = [row for row in _asvs() if row["state"] != "na"]
    for level in (*TOTALS, "all"):
        mine = Counter(row["state"] for row in applies if level in {row["level"], "all"})
        counts = " | ".join(str(mine[state]) for state in STATES[:-1])
        assert f"| {level} | {mine.total()} | {counts} |" in DOCUMENT


def test_what_is_said_of_the_counts_follows_from_the_file() -> None:
    """The sentences under the table, and the names of all that is missing."""
    applies = [row for row in _asvs() if row["state"] != "na"]
    all_levels = Counter(row["state"] for row in applies)
    lower = Counter(row["state"] for row in applies if row["level"] != "3")
    third = Counter(row["state"] for row in applies if row["level"] == "3")
    share = round(100 * all_levels["tested"] / len(applies))

    assert f"{all_levels['tested']} of {len(applies)} ({share} %)" in DOCUMENT
    assert f"{lower['tested'] + lower['held']} of {lower.total()} are tested or held, {_rest(lower)}" in DOCUMENT
    assert f"{third['tested'] + third['held']} of {third.total()} are tested or held" in DOCUMENT
    assert _rest(third) in DOCUMENT
    assert [row["id"] for row in applies if row["state"] == "missing" and row["id"] not in DOCUMENT] == []


def _rest(counts: Counter[str]) -> str:
    are = "is" if counts["missing"] == 1 else "are"
    return (
        f"{counts['operator']} are the installation's, {counts['later']} come with an identity provider,"
        f" {counts['missing']} {are} missing"
    )


def _asvs() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _in_words(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, ast.get_docstring(node) or ""


def _named(requirement: str, text: str) -> bool:
    return bool(re.search(rf"\b{re.escape(requirement)}(?!\.?\d)", text))


def _tests() -> set[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    return {
        name for file in files for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE)
    }
