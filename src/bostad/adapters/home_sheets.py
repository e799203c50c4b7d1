"""A company's list of homes as a spreadsheet: read to answers, every fault located; and the empty sheet to fill in."""

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from uuid import UUID

import xlsxwriter
from pydantic import ValidationError

from bostad.adapters.spreadsheets import Row, Sheet, escaped, read_sheet
from bostad.answers import faults_in
from bostad.errors import Fault
from bostad.homes.answers import HomeAnswers
from bostad.homes.features import STATED, Feature
from bostad.homes.importing import HomesReport, ListedHome
from bostad.homes.states import FeatureSource
from bostad.words import Sentence, say

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "object_number": ("Objektsnummer", "Objektnummer", "Objekt", "Object number"),
    "line": ("Avtalsrad", "Avtal", "Line", "Line code"),
    "municipality": ("Kommun", "Kommunkod", "Municipality", "Municipality code"),
    "district": ("Område", "Stadsdel", "Kommundel", "District"),
    "building": ("Hus", "Byggnad", "Kvarter", "Building"),
    "address": ("Adress", "Gatuadress", "Street address", "Address"),
    "apartment_number": ("Lägenhetsnummer", "Lgh nr", "Lghnr", "Apartment number"),
    "rooms": ("Rum", "Antal rum", "Rooms"),
    "area_m2": ("Yta m2", "Yta", "Boarea", "Area m2", "Area"),
    "rent": ("Hyra kr/mån", "Hyra", "Månadshyra", "Rent", "Rent a month"),
    "floor": ("Våning", "Våningsplan", "Floor"),
    "max_people": ("Högst antal personer", "Max personer", "Most people"),
    Feature.NOT_REACHABLE.value: ("Går inte att nå från marken", "Not reachable from the ground"),
    Feature.DOOR_CODE.value: ("Portkod", "Door code"),
    Feature.INTERCOM.value: ("Porttelefon", "Intercom"),
    Feature.SECURITY_DOOR.value: ("Säkerhetsdörr", "Security door"),
    Feature.PEEPHOLE.value: ("Titthål", "Dörröga", "Peephole"),
    Feature.LIFT.value: ("Hiss", "Lift", "Elevator"),
    Feature.STEP_FREE.value: ("Stegfri entré", "Step-free"),
    Feature.SECOND_WAY_OUT.value: ("Extra utgång", "Second way out"),
    Feature.LOCKABLE_ROOM.value: ("Låsbart rum", "Lockable room"),
    Feature.PETS.value: ("Husdjur", "Pets"),
    Feature.BALCONY.value: ("Balkong", "Balcony"),
    Feature.PARKING.value: ("Parkering", "Parking"),
    Feature.BATHTUB.value: ("Badkar", "Bathtub"),
    Feature.LAUNDRY_IN_HOME.value: ("Tvättmaskin", "Tvättmaskin i bostaden", "Washing machine"),
    "lat": ("Latitud", "Latitude"),
    "lon": ("Longitud", "Longitude"),
    "available_from": ("Tillträde", "Ledig från", "Free from"),
    "offer_until": ("Svar senast", "Last day to accept"),
}
UNDATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's dates have no zone
"""When an empty sheet says that it was made: the same lines give the same bytes."""
REQUIRED = ("object_number", "municipality", "address", "rooms", "rent", "available_from")


@dataclass(frozen=True, slots=True)
class HomeList:
    """What a file holds: the rows that can be read, what is wrong with the others, and columns that nobody knows."""

    listed: tuple[ListedHome, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    headers: Mapping[str, str]


def read_homes(content: bytes, *, lines: Mapping[str, UUID], line: UUID | None, month: date) -> HomeList:
    """Read a list of homes. `lines` are the company's lines by code; `line` is for rows that name none."""
    sheet = read_sheet(content, COLUMNS, required=REQUIRED)
    names = _names_used(sheet)
    listed: list[ListedHome] = []
    faults: list[Fault] = []
    for row in sheet.rows:
        found = _read_row(row, lines=lines, line=line, month=month)
        if isinstance(found, HomeAnswers):
            listed.append(ListedHome(row.line, found))
        else:
            faults += [_fault(row, sheet, name, reason, lines, names) for name, reason in found.items()]
    return HomeList(tuple(listed), tuple(faults), sheet.ignored, sheet.headers)


def in_columns(report: HomesReport, headers: Mapping[str, str]) -> tuple[Fault, ...]:
    """Give an import's faults with each column named as the file does."""
    return tuple(
        Fault(fault.line, _head(headers, fault.column), fault.reason, fault.suggestion) for fault in report.faults
    )


def template(say_word: Callable[[Sentence], str], lines: Collection[str]) -> bytes:
    """Make the empty sheet to fill in, with a second sheet that says what each column holds."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": UNDATED})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        homes, help_sheet = book.add_worksheet("Lägenheter"), book.add_worksheet("Förklaring")
        homes.freeze_panes(1, 1)
        for column, (name, aliases) in enumerate(COLUMNS.items()):
            homes.write_string(0, column, aliases[0], head)
            homes.set_column(column, column, 16, text)
            choices = _choices(name, lines)
            if choices:
                homes.data_validation(1, column, 500, column, {"validate": "list", "source": choices})
            for place, cell in enumerate(escaped([aliases[0], _meaning(name, say_word)])):
                help_sheet.write_string(column, place, str(cell))
        help_sheet.set_column(0, 0, 28)
        help_sheet.set_column(1, 1, 90)
    return out.getvalue()


def _read_row(
    row: Row, *, lines: Mapping[str, UUID], line: UUID | None, month: date
) -> HomeAnswers | dict[str, Sentence]:
    """Read a row to answers, or to what is wrong with each of its columns."""
    if row.overflow:
        return {"": say("The row has more cells than the header. Put quotation marks around a text with a separator.")}
    code = row.cells.get("line", "").casefold()
    line_id = lines.get(code) if code else line
    wrong = {} if line_id else {"line": _no_line(row)}
    try:
        answers = HomeAnswers.model_validate(
            {**row.cells, "line_id": line_id or UUID(int=0), "month": month, "source": FeatureSource.IMPORT}
        )
    except ValidationError as invalid:
        return wrong | faults_in(invalid)
    return wrong or answers


def _no_line(row: Row) -> Sentence:
    if not row.cells.get("line"):
        return say("The row names no line of an agreement, and none was chosen for the file.")
    return say("None of your agreements in force has a line with this code.")


def _fault(
    row: Row, sheet: Sheet, name: str, reason: Sentence, lines: Mapping[str, UUID], names: Mapping[str, Sequence[str]]
) -> Fault:
    cell = row.cells.get(name, "")
    suggestion = str(reason.facts.get("meant") or "")
    if name == "line" and cell:
        suggestion = ", ".join(get_close_matches(cell.casefold(), lines, n=1, cutoff=0.4)) or ", ".join(sorted(lines))
    if name in names and cell:
        suggestion = ", ".join(get_close_matches(cell, names[name], n=1))
    return Fault(row.line, _head(sheet.headers, name), reason, suggestion)


def _names_used(sheet: Sheet) -> dict[str, list[str]]:
    """Collect what other rows write in the columns of codes, to suggest from."""
    return {"municipality": sorted({row.cells.get("municipality", "") for row in sheet.rows} - {""})}


def _head(headers: Mapping[str, str], name: str) -> str:
    """Name a column as the file does, else as our own sheet does; a header stays what it is."""
    ours = COLUMNS["line"] if name == "line_id" else COLUMNS.get(name, (name,))
    return headers.get(name) or ours[0]


def _choices(name: str, lines: Collection[str]) -> list[str]:
    if name in {feature.value for feature in STATED}:
        return ["ja", "nej", "vet ej"]
    return sorted(lines) if name == "line" else []


def _meaning(name: str, say_word: Callable[[Sentence], str]) -> str:
    field = HomeAnswers.model_fields["line_id" if name == "line" else name]
    words = [say_word(Sentence(text)) for text in (field.title, field.description) if text]
    return ". ".join(word.rstrip(".") for word in words) + "."
