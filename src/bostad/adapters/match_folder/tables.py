"""One CSV file as rows of values, each with its physical line number."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bostad.adapters.match_folder.cells import BadCell, quoted
from bostad.adapters.match_folder.columns import REQUIRED, Column
from bostad.adapters.match_folder.problems import Findings


@dataclass(frozen=True)
class Row:
    """The values of one row by column, without those that could not be read; `line` is where the row begins."""

    line: int
    values: Mapping[str, Any]


def read_table(path: Path, columns: Mapping[str, Column], findings: Findings) -> list[Row]:
    """Read a file whose first row names its columns; what is wrong goes to the findings."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        findings.cannot_read(path.name, None, "the file is missing")
        return []
    except OSError as error:
        findings.cannot_read(path.name, None, f"the file cannot be read: {error.strerror}")
        return []
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        findings.cannot_read(path.name, line, "the text is not UTF-8")
        return []
    return _rows(path.name, content, columns, findings)


def _rows(file: str, content: str, columns: Mapping[str, Column], findings: Findings) -> list[Row]:
    records = _records(file, content, findings)
    line, header = next(records, (1, []))
    if not header:
        findings.cannot_read(file, line, "there is no header row")
        return []
    if not _header_is_good(file, line, header, columns, findings):
        return []
    rows = []
    for line, cells in records:
        if len(cells) == len(header):
            rows.append(_row(file, line, dict(zip(header, cells, strict=True)), columns, findings))
        elif any(cells):
            findings.cannot_read(file, line, f"the row has {len(cells)} cells, the header {len(header)}")
    return [row for row in rows if row.values]


def _records(file: str, content: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record begins and its trimmed cells; a cell may hold newlines."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=_separator(content), strict=True)
    begins = 1
    try:
        for record in reader:
            if record:
                yield begins, [unicodedata.normalize("NFC", cell.strip()) for cell in record]
            begins = reader.line_num + 1
    except csv.Error as error:
        findings.cannot_read(file, begins, f"the row cannot be read: {error}")


def _separator(content: str) -> str:
    header = content.lstrip("\r\n").partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _header_is_good(
    file: str, line: int, header: Sequence[str], columns: Mapping[str, Column], findings: Findings
) -> bool:
    missing = [name for name, column in columns.items() if name not in header and not column.optional]
    twice = [name for name in columns if header.count(name) > 1]
    for name in missing:
        findings.cannot_read(file, line, f"{name}: the column is missing")
    for name in twice:
        findings.cannot_read(file, line, f"{name}: the column stands {header.count(name)} times")
    for name in dict.fromkeys(header):
        if name not in columns:
            findings.warn(f"{file}: the column {quoted(name)} is not known and is ignored")
    return not missing and not twice


def _row(file: str, line: int, cells: Mapping[str, str], columns: Mapping[str, Column], findings: Findings) -> Row:
    if not any(cells.values()):
        return Row(line, {})
    values: dict[str, Any] = {}
    for name, column in columns.items():
        cell = cells.get(name, "")
        try:
            values[name] = _value(cell, column)
        except BadCell as wrong:
            findings.complain(file, line, f"{name}: {wrong}")
    return Row(line, values)


def _value(cell: str, column: Column) -> Any:
    if cell:
        return column.parse(cell)
    if column.empty is REQUIRED:
        raise BadCell("the cell is empty")
    return column.empty
