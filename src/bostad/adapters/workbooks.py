"""Reading the first sheet of an XLSX file without trusting what it says about its own size (S60)."""

import io
import re
import zipfile
import zlib
from datetime import date, datetime
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

MAX_UNPACKED = 40_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_TEXT = 2_000
# Text, numbers and their formats. Macros, pictures, links and who wrote the file are never unpacked.
_WANTED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels"
    r"|xl/(workbook|styles|sharedStrings)\.xml|xl/worksheets/[^/]+\.xml"
)
_CHUNK = 1 << 16
# All that a damaged archive, a locked one, or damaged XML makes the libraries raise.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    CalamineError,
    expat.ExpatError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)


class Unreadable(Exception):
    """This is not a workbook that can be read."""


class TooLarge(Exception):
    """The workbook holds more than a list of homes or cases ever does."""


def read_workbook(content: bytes) -> list[tuple[int, list[str]]]:
    """Give the first sheet's rows as text, each with its row number."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_repacked(content))) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except _BROKEN as broken:
        raise Unreadable from broken
    return [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)]


def _repacked(content: bytes) -> bytes:
    """Unpack the parts we want, counting every byte, and pack them anew: sizes in the copy are true."""
    copy, left = io.BytesIO(), MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(copy, "w") as stored:
        for name in dict.fromkeys(filter(_WANTED.fullmatch, packed.namelist())):
            part = _unpacked(packed, name, left)
            left -= len(part)
            _Guard(part)
            stored.writestr(name, part)
    return copy.getvalue()


def _unpacked(packed: zipfile.ZipFile, name: str, at_most: int) -> bytes:
    part = bytearray()
    with packed.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            part += chunk
            if len(part) > at_most:
                raise TooLarge
    return bytes(part)


class _Guard:
    """Reads a part's XML and refuses one cell far away, or one long text that every cell may use.

    Either would fill the memory once the sheet is laid out. A document type is refused whole: entities come with it.
    """

    def __init__(self, part: bytes) -> None:
        self.rows = self.columns = self.letters = 0
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self.document_type
        parser.Parse(part, True)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Keep the furthest row and column that any cell has been put in."""
        kind, place = tag.rpartition(":")[2], attributes.get("r", "")
        if kind == "row":
            self.rows, self.columns = max(self.rows + 1, _number(place)), 0
        if kind == "c":
            self.columns = max(self.columns + 1, _column(place))
            self.rows = max(self.rows, _number(place))
        if kind in {"c", "si"}:
            self.letters = 0
        if self.rows > MAX_ROWS + 1 or self.columns > MAX_COLUMNS:
            raise TooLarge

    def text(self, letters: str) -> None:
        """Count the letters of one text."""
        self.letters += len(letters)
        if self.letters > MAX_TEXT:
            raise TooLarge

    def document_type(self, *_: object) -> None:
        """Refuse it."""
        raise Unreadable


def _number(place: str) -> int:
    return int(re.sub(r"\D", "", place)[:12] or 0)


def _column(place: str) -> int:
    number = 0
    for letter in re.sub(r"[^A-Z]", "", place.upper())[:6]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
