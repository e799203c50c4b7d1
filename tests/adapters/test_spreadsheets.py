"""Tables as offices keep them: every shape that is read, every shape that is refused, and why."""

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bostad.adapters.spreadsheets import MAX_BYTES, escaped, read_sheet
from bostad.adapters.workbooks import MAX_ROWS
from bostad.errors import Invalid

COLUMNS = {"number": ("Objektsnummer", "Object number"), "rent": ("Hyra kr/mån", "Rent"), "district": ("Område",)}
EXAMPLE = Path(__file__).parents[2] / "examples" / "sundsvall"


def workbook(*rows: list[Any]) -> bytes:
    """Write an XLSX file as a spreadsheet program would."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(line, column, cell, day)
                else:
                    sheet.write(line, column, cell)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Give the same workbook with one part of it replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for other in old.namelist():
            new.writestr(other, part if other == name else old.read(other))
    return out.getvalue()


def refusal(content: bytes, required: tuple[str, ...] = ()) -> str:
    """Read a file that cannot be read and give the sentence about it."""
    with pytest.raises(Invalid) as refused:
        read_sheet(content, COLUMNS, required=required)
    return str(refused.value.fields["file"])


def columns_or_refusal(content: bytes) -> set[str]:
    """Give the columns that were read, or the field that the refusal is about."""
    try:
        return set(read_sheet(content, COLUMNS).headers)
    except Invalid as refused:
        return set(refused.fields)


GOOD_WORKBOOK = workbook(["Objektsnummer", "Rent"], ["1-1", 7_500], ["1-2", 8_500])
TEXT = "Objektsnummer;Hyra kr/mån;Område\n1-1;8 640,00;Vättemon\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace("8 640,00", '"8 640,00"').replace(";", ",").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        ("sep=;\n" + TEXT).encode(),
        TEXT.replace("Objektsnummer", "  OBJECT_number ").encode(),
        TEXT.replace("ä", "a\u0308").replace("å", "a\u030a").replace("8 6", "8\u00a06").encode(),
        workbook(["Objektsnummer", "Hyra kr/mån", "Område"], ["1-1", "8 640,00", "Vättemon"]),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16", "tab", "comma", "crlf", "sep", "english", "composed", "xlsx"],
)
def test_the_same_table_in_every_dress_reads_the_same(content: bytes) -> None:
    """E11."""
    (row,) = read_sheet(content, COLUMNS, required=tuple(COLUMNS)).rows
    assert row.cells == {"number": "1-1", "rent": "8 640,00", "district": "Vättemon"}


def test_rows_know_the_line_of_the_file_they_begin_on() -> None:
    content = b'Object number,Rent\n\n"1\n-1",5\n,\n1-2,6\n'
    assert [(row.line, row.cells["number"]) for row in read_sheet(content, COLUMNS).rows] == [(3, "1 -1"), (6, "1-2")]


def test_rows_of_a_workbook_know_their_row_too() -> None:
    content = workbook(["Rent", "Object number"], [], [7_500, "1-1"])
    assert [(row.line, dict(row.cells)) for row in read_sheet(content, COLUMNS).rows] == [
        (3, {"rent": "7500", "number": "1-1"})
    ]


def test_a_workbook_gives_dates_numbers_and_truth_values_as_text() -> None:
    content = workbook(["Rent", "Object number", "Område"], [8640.5, dt.date(2027, 1, 1), True])
    (row,) = read_sheet(content, COLUMNS).rows
    assert row.cells == {"rent": "8640.5", "number": "2027-01-01", "district": "yes"}


def test_unknown_columns_are_named_and_left_alone() -> None:
    sheet = read_sheet(b"Object number;Rent;Granne\n1;2;3\n", COLUMNS)
    assert sheet.ignored == ("Granne",)
    assert sheet.headers == {"number": "Object number", "rent": "Rent"}


def test_a_row_with_more_cells_than_the_header_says_so() -> None:
    rows = read_sheet(b"Object number;Rent\n1;2;3\n1;2;;\n", COLUMNS).rows
    assert [row.overflow for row in rows] == [True, False]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n;;\n", "is empty"),
        (b"\0\0\0\1", "not a table"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or a locked Excel file"),
        (b"PK\x03\x04 and then nothing", "cannot be opened"),
        (b'Object number;Rent\n1;"two\n', "Line 2 cannot be read"),
        (b"Rent;Hyra kr/m\xe5n\n1;2\n", "Two columns say the same"),
        (b"x" * (MAX_BYTES + 1), "larger than 5 MB"),
        (b"Rent\n" + b"1\n" * (MAX_ROWS + 1), "more than 5000 rows"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content: bytes, words: str) -> None:
    """S60."""
    assert words in refusal(content)


def test_missing_columns_are_named_with_what_was_probably_meant() -> None:
    assert "Objektsnummer. Did you mean these: Objektnr?" in refusal(b"Objektnr;Rent\n1;2\n", ("number",))
    assert "The first row must hold" in refusal(b"1;2\n1;2\n", ("number", "rent"))


def test_a_zip_bomb_is_not_unpacked() -> None:
    """S60. ASVS V5.2.3."""
    bomb = with_part(workbook(["Rent"], [1]), "xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert len(bomb) < 100_000
    assert "holds more than" in refusal(bomb)


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="1">' + "<c><v>1</v></c>" * 200 + "</row>",
        '<row r="1"><c t="inlineStr"><is><t>' + "x" * 3_000 + "</t></is></c></row>",
    ],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(sheet: str) -> None:
    """S60."""
    part = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    content = with_part(
        workbook(["Rent"], [1]), "xl/worksheets/sheet1.xml", f"{part}{sheet}</sheetData></worksheet>".encode()
    )
    assert "holds more than" in refusal(content)


def test_entities_in_a_sheet_are_refused() -> None:
    """ASVS V1.5.1."""
    part = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>'
    assert "cannot be opened" in refusal(with_part(workbook(["Rent"], [1]), "xl/worksheets/sheet1.xml", part))


def test_another_kind_of_zip_is_refused() -> None:
    """ASVS V5.2.2."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "cannot be opened" in refusal(out.getvalue())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_text_that_looks_like_a_formula_is_escaped(text: str) -> None:
    """S60. ASVS V1.2.10."""
    assert escaped([text, "plain", 5]) == [f"'{text}", "plain", 5]


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"Rent;Object number\n"]))
def test_no_bytes_make_the_reader_crash(content: bytes, start: bytes) -> None:
    """U42."""
    assert columns_or_refusal(start + content) <= {*COLUMNS, "file"}


@given(st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), min_size=1, max_size=12))
def test_no_damaged_workbook_makes_the_reader_crash(damage: list[tuple[int, int]]) -> None:
    """U42."""
    content = bytearray(with_part(GOOD_WORKBOOK, "xl/styles.xml", b"<styleSheet/>"))
    for place, byte in damage:
        content[place % len(content)] = byte
    assert columns_or_refusal(bytes(content)) <= {*COLUMNS, "file"}


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(32, 126)), min_size=1, max_size=6))
def test_no_damaged_sheet_makes_the_reader_crash(damage: list[tuple[int, int]]) -> None:
    """U42."""
    with zipfile.ZipFile(io.BytesIO(GOOD_WORKBOOK)) as book:
        part = bytearray(book.read("xl/worksheets/sheet1.xml"))
    for place, byte in damage:
        part[place % len(part)] = byte
    content = with_part(GOOD_WORKBOOK, "xl/worksheets/sheet1.xml", bytes(part))
    assert columns_or_refusal(content) <= {*COLUMNS, "file"}


def test_a_company_s_own_list_is_read() -> None:
    columns = {"number": ("Objektsnummer",), "rent": ("Hyra kr/mån",)}
    sheet = read_sheet((EXAMPLE / "company-homes.csv").read_bytes(), columns)
    assert [row.line for row in sheet.rows] == list(range(2, 9))
    assert sheet.rows[0].cells == {"number": "7001-0702", "rent": "8 640,00"}
