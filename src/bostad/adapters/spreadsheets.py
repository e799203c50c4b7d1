"""Tables as offices keep them, CSV or XLSX, read to rows that know which line of the file they stand on.

`read_sheet(content, columns)` takes the bytes of a file, and for our name of each column the headers that people write
over it. What a file is, is told by its content, never by its name. Refusals are `Invalid` with the field `file`.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bostad.adapters.workbooks import MAX_COLUMNS, MAX_ROWS, MAX_TEXT, TooLarge, Unreadable, read_workbook
from bostad.errors import Invalid
from bostad.words import say

MAX_BYTES = 5_000_000
SEPARATORS = ";\t,"

Columns = Mapping[str, Collection[str]]
Lines = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file it begins on, and its cells by our names; an empty cell is ''."""

    line: int
    cells: Mapping[str, str]
    overflow: bool = False
    """It holds more cells than the header: a separator inside a text, most likely."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: its rows, the header it has over each of our columns, and the headers nobody knows."""

    rows: tuple[Row, ...]
    headers: Mapping[str, str]
    ignored: tuple[str, ...]


def read_sheet(content: bytes, columns: Columns, *, required: Collection[str] = ()) -> Sheet:
    """Read a file. `columns` gives the headers each column may have; case, spaces and punctuation do not matter."""
    if len(content) > MAX_BYTES:
        raise _refused("The file is larger than %(megabytes)s MB. Split it into several.", megabytes=MAX_BYTES // 10**6)
    lines = [(line, cells) for line, cells in _lines(content, columns) if any(cells)]
    if not lines:
        raise _refused("The file is empty.")
    if len(lines) - 1 > MAX_ROWS:
        raise _refused("The file has more than %(rows)s rows. Split it into several.", rows=MAX_ROWS)
    (_, header), *body = lines
    if len(header) > MAX_COLUMNS:
        raise _too_large()
    names = _named(header, columns)
    _require(names, header, columns, required)
    return Sheet(
        rows=tuple(_row(line, cells, names) for line, cells in body),
        headers={name: head for name, head in zip(names, header, strict=True) if name},
        ignored=tuple(head for name, head in zip(names, header, strict=True) if head and not name),
    )


def header_key(header: str) -> str:
    """Give what is compared of a header: its letters and digits."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", header).casefold()))


def _lines(content: bytes, columns: Columns) -> Lines:
    if content.startswith(b"PK\x03\x04"):
        return [(line, [_clean(cell) for cell in cells]) for line, cells in _workbook(content)]
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused("The file is an old or a locked Excel file. Save it as .xlsx without a password, or as CSV.")
    text = _decoded(content)
    return list(_csv_lines(text, _separator(text, columns)))


def _workbook(content: bytes) -> Lines:
    try:
        return read_workbook(content)
    except TooLarge:
        raise _too_large() from None
    except Unreadable:
        raise _refused("The Excel file cannot be opened. Save it anew as .xlsx, or as CSV.") from None


def _decoded(content: bytes) -> str:
    """Decode UTF-8, UTF-16 where a mark says so, or Windows-1252, which Swedish Excel writes."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused("The file is not a table. Choose a CSV file or an Excel file (.xlsx).")


def _separator(text: str, columns: Columns) -> str:
    """Choose the separator that makes most sense of the header: known columns first, then any columns."""
    header = next((line for line in text.splitlines() if line.strip() and not _says_separator(line)), "")
    known = _known(columns)

    def sense(separator: str) -> tuple[int, int]:
        heads = header.split(separator, MAX_COLUMNS)
        return sum(header_key(head.strip('"')) in known for head in heads), len(heads)

    return max(SEPARATORS, key=sense)


def _says_separator(line: str) -> bool:
    """Excel's own first line, which says what separates and nothing else."""
    return bool(re.fullmatch(r'"?sep=.?"?', line.strip(), re.IGNORECASE))


def _csv_lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if not (begins == 1 and _says_separator(separator.join(cells))):
                yield begins, [_clean(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        raise _refused(
            'Line %(line)s cannot be read. A quotation mark (") may be missing or stand alone there.', line=begins
        ) from None


def _clean(cell: str) -> str:
    """Trim, compose letters, and make every kind of blank an ordinary space; a cell's end is cut at the cap."""
    return " ".join(unicodedata.normalize("NFC", cell).replace("\ufeff", "").split())[:MAX_TEXT]


def _known(columns: Columns) -> dict[str, str]:
    return {header_key(alias): name for name, aliases in columns.items() for alias in (name, *aliases)}


def _named(header: list[str], columns: Columns) -> list[str]:
    """Give our name of each column, or '' for one we do not know; two headers for one column are an error."""
    known = _known(columns)
    names = [known.get(header_key(head), "") for head in header]
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            heads = ", ".join(head for head, named in zip(header, names, strict=True) if named == name)
            raise _refused("Two columns say the same thing: %(headers)s. Remove one.", headers=heads)
    return names


def _require(names: list[str], header: list[str], columns: Columns, required: Collection[str]) -> None:
    missing = [_first(columns, name) for name in columns if name in required and name not in names]
    if not missing:
        return
    unknown = {header_key(head): head for head, name in zip(header, names, strict=True) if head and not name}
    near = [unknown[key] for head in missing for key in get_close_matches(header_key(head), unknown, n=1)]
    facts = {"columns": ", ".join(missing), "near": ", ".join(near)}
    if near:
        raise _refused("Columns are missing: %(columns)s. Did you mean these: %(near)s?", **facts)
    raise _refused("Columns are missing: %(columns)s. The first row must hold the names of the columns.", **facts)


def _first(columns: Columns, name: str) -> str:
    return next(iter(columns[name]), name)


def _row(line: int, cells: list[str], names: list[str]) -> Row:
    padded = cells + [""] * (len(names) - len(cells))
    named = {name: cell for name, cell in zip(names, padded, strict=False) if name}
    return Row(line, named, overflow=any(cells[len(names) :]))


def escaped(cells: Iterable[object]) -> list[object]:
    """Make cells safe to open: what a spreadsheet would take for a formula gets an apostrophe before it (S60)."""
    return [f"'{cell}" if isinstance(cell, str) and cell[:1] in set("=+-@\t\r") else cell for cell in cells]


def _too_large() -> Invalid:
    return _refused(
        "The file holds more than a table of %(rows)s rows and %(columns)s columns, or a very long text.",
        rows=MAX_ROWS,
        columns=MAX_COLUMNS,
    )


def _refused(msgid: str, **facts: object) -> Invalid:
    return Invalid({"file": say(msgid, **facts)})
