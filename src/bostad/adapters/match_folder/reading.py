"""Read a folder into a problem, or say everything that is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bostad.adapters.match_folder.cells import quoted
from bostad.adapters.match_folder.columns import APART, HOMES, LINES, NEEDS, PAIRS, Column
from bostad.adapters.match_folder.problems import BadFolder, Findings
from bostad.adapters.match_folder.tables import Row, read_table
from bostad.matching.problem import Apart, Home, Line, Need, Problem

REQUIRED_FILES: Mapping[str, Mapping[str, Column]] = {"needs.csv": NEEDS, "homes.csv": HOMES, "lines.csv": LINES}
OPTIONAL_FILES: Mapping[str, Mapping[str, Column]] = {
    "locked.csv": PAIRS,
    "declined.csv": PAIRS,
    "current.csv": PAIRS,
    "apart.csv": APART,
}
FILES = {**REQUIRED_FILES, **OPTIONAL_FILES}

Tables = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Folder:
    """What a folder holds, and what a person should know about it."""

    problem: Problem
    warnings: tuple[str, ...]


def read_folder(folder: Path, run_date: date) -> Folder:
    """Read the files of a folder; raises BadFolder with every bad cell if there is one."""
    if not folder.is_dir():
        raise BadFolder([f"{folder}: there is no such folder"])
    findings = Findings()
    tables = {
        file: read_table(folder / file, columns, findings)
        for file, columns in FILES.items()
        if file in REQUIRED_FILES or (folder / file).exists()
    }
    tables |= {file: [] for file in FILES if file not in tables}
    for check in (_ids_once, _needs_agree, _homes_agree, _lines_agree, _locked_once, _pairs_known, _apart_known):
        check(tables, findings)
    findings.stop_if_any(FILES)
    return Folder(_problem(tables, run_date), tuple(findings.warnings))


def _problem(tables: Tables, run_date: date) -> Problem:
    def pairs(file: str) -> list[tuple[str, str]]:
        return [(row.values["need"], row.values["home"]) for row in tables[file]]

    return Problem(
        needs=tuple(Need(**row.values) for row in tables["needs.csv"]),
        homes=tuple(Home(**row.values) for row in tables["homes.csv"]),
        lines=tuple(Line(**row.values) for row in tables["lines.csv"]),
        run_date=run_date,
        locked=tuple(pairs("locked.csv")),
        declined=frozenset(pairs("declined.csv")),
        current=frozenset(pairs("current.csv")),
        apart=tuple(Apart(**row.values) for row in tables["apart.csv"]),
    )


def _ids_once(tables: Tables, findings: Findings) -> None:
    for file, column in (("needs.csv", "need"), ("homes.csv", "home"), ("lines.csv", "line")):
        _complain_twice(file, column, tables[file], findings)


def _needs_agree(tables: Tables, findings: Findings) -> None:
    for row in tables["needs.csv"]:
        value = row.values.get
        adults, couples = value("adults"), value("couples")
        if adults is not None and couples is not None and 2 * couples > adults:
            findings.complain("needs.csv", row.line, f"couples: '{couples}' couples are more than {adults} adults")
        earliest, latest = value("move_in_from"), value("move_in_by")
        if earliest and latest and earliest > latest:
            findings.complain("needs.csv", row.line, f"move_in_by: '{latest}' is before move_in_from {earliest}")


def _homes_agree(tables: Tables, findings: Findings) -> None:
    lines = _ids(tables["lines.csv"], "line")
    for row in tables["homes.csv"]:
        line = row.values.get("line")
        if line is not None and line not in lines and "lines.csv" not in findings.in_doubt:
            findings.complain("homes.csv", row.line, f"line: {quoted(line)} is not in lines.csv")
        for one, other in (("lat", "lon"), ("lon", "lat")):
            if row.values.get(one, 0) is None and row.values.get(other) is not None:
                findings.complain("homes.csv", row.line, f"{one}: the cell is empty though {other} is not")
        for feature in sorted(row.values.get("has", frozenset()) & row.values.get("lacks", frozenset())):
            findings.complain("homes.csv", row.line, f"lacks: '{feature}' stands in has too")


def _lines_agree(tables: Tables, findings: Findings) -> None:
    said: dict[str, tuple[int | None, int]] = {}
    for row in tables["lines.csv"]:
        if not {"agreement", "agreement_cap"} <= row.values.keys():
            continue
        agreement, cap = row.values["agreement"], row.values["agreement_cap"]
        before, line = said.setdefault(agreement, (cap, row.line))
        if cap != before:
            findings.complain(
                "lines.csv",
                row.line,
                f"agreement_cap: {_cap(cap)} for agreement {quoted(agreement)}, but {_cap(before)} on line {line}",
            )


def _cap(cap: int | None) -> str:
    return "no cap" if cap is None else f"'{cap}'"


def _locked_once(tables: Tables, findings: Findings) -> None:
    for column in ("need", "home"):
        _complain_twice("locked.csv", column, tables["locked.csv"], findings)


def _pairs_known(tables: Tables, findings: Findings) -> None:
    """Refuse unknown ids, except in proposals that nobody has been told of: those are only left out."""
    sources = {"need": "needs.csv", "home": "homes.csv"}
    for file, row, about in _unknown(("locked.csv", "declined.csv"), sources, tables, findings):
        findings.complain(file, row.line, about)
    for file, row, about in _unknown(("current.csv",), sources, tables, findings):
        findings.warn(f"{file}:{row.line}: {about}; the row is ignored")


def _apart_known(tables: Tables, findings: Findings) -> None:
    for file, row, about in _unknown(("apart.csv",), {"need_a": "needs.csv", "need_b": "needs.csv"}, tables, findings):
        findings.complain(file, row.line, about)
    seen: dict[tuple[frozenset[str], str], int] = {}
    for row in tables["apart.csv"]:
        if not APART.keys() <= row.values.keys():
            continue
        pair, scope = frozenset((row.values["need_a"], row.values["need_b"])), row.values["scope"]
        if len(pair) == 1:
            findings.complain("apart.csv", row.line, f"need_b: {quoted(row.values['need_b'])} is need_a itself")
        before = seen.setdefault((pair, scope), row.line)
        if before != row.line:
            findings.complain("apart.csv", row.line, f"need_b: the same two stand already on line {before}")


def _unknown(
    files: Sequence[str], columns: Mapping[str, str], tables: Tables, findings: Findings
) -> Iterator[tuple[str, Row, str]]:
    """Find ids that do not stand in the file they should come from, unless a part of that file could not be read."""
    known = {source: _ids(tables[source], source.removesuffix("s.csv")) for source in columns.values()}
    for file in files:
        for row in tables[file]:
            for column, source in columns.items():
                found = row.values.get(column)
                if found is not None and found not in known[source] and source not in findings.in_doubt:
                    yield file, row, f"{column}: {quoted(found)} is not in {source}"


def _ids(rows: Sequence[Row], column: str) -> set[str]:
    return {row.values[column] for row in rows if column in row.values}


def _complain_twice(file: str, column: str, rows: Sequence[Row], findings: Findings) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if column in row.values:
            before = seen.setdefault(row.values[column], row.line)
            if before != row.line:
                findings.complain(
                    file, row.line, f"{column}: {quoted(row.values[column])} stands already on line {before}"
                )
