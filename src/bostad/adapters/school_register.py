"""The school register as a file, in our own form or with the columns of the national register's."""

import re
from dataclasses import dataclass

from bostad.adapters.spreadsheets import Row, read_sheet
from bostad.errors import Fault
from bostad.homes.schools import ListedSchool
from bostad.words import Sentence, say

COLUMNS = {
    "code": ("Skolenhetskod", "school_unit_code", "School unit code"),
    "municipality": ("Kommunkod", "Kommun", "municipality"),
    "name": ("Skolenhetsnamn", "Namn", "name"),
    "status": ("Status", "status"),
    "lat": ("Koordinat_WGS84_Lat", "Latitud", "WGS84 Lat", "lat"),
    "lon": ("Koordinat_WGS84_Lng", "Longitud", "WGS84 Long", "lon", "lng"),
}
_ACTIVE = {"aktiv", "active"}
_RESTING = {"vilande", "upphört", "upphort", "planerad", "inactive", "closed", "planned"}
_NORTH, _EAST = (54, 70), (10, 25)


@dataclass(frozen=True, slots=True)
class SchoolList:
    """The schools that can be read, what is wrong with the others, and columns that nobody needs."""

    listed: tuple[ListedSchool, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]


def read_schools(content: bytes) -> SchoolList:
    """Read a register file."""
    sheet = read_sheet(content, COLUMNS, required=tuple(COLUMNS))
    listed: list[ListedSchool] = []
    faults: list[Fault] = []
    for row in sheet.rows:
        wrong = _wrong(row)
        faults += [Fault(row.line, sheet.headers[name], reason) for name, reason in wrong.items()]
        if not wrong:
            listed.append(_school(row))
    return SchoolList(tuple(listed), tuple(faults), sheet.ignored)


def _wrong(row: Row) -> dict[str, Sentence]:
    cells, wrong = row.cells, {}
    if not re.fullmatch(r"\d{6,12}", cells["code"]):
        wrong["code"] = say("Write the school unit's code, digits only.")
    if not re.fullmatch(r"[0-9]{4}", cells["municipality"]):
        wrong["municipality"] = say("Write the municipality's code, four digits.")
    if not cells["name"] or len(cells["name"]) > 120:  # noqa: PLR2004 - the column's own length
        wrong["name"] = say("Write a name of at most 120 characters.")
    if cells["status"].casefold() not in _ACTIVE | _RESTING:
        wrong["status"] = say("Write AKTIV, VILANDE, PLANERAD or UPPHORT.")
    for name, (least, most) in (("lat", _NORTH), ("lon", _EAST)):
        degrees = _degrees(cells[name])
        if degrees is None or not least <= degrees <= most:
            wrong[name] = say("Write decimal degrees within Sweden.")
    return wrong


def _school(row: Row) -> ListedSchool:
    cells = row.cells
    lat, lon = _degrees(cells["lat"]), _degrees(cells["lon"])
    return ListedSchool(
        code=cells["code"],
        municipality=cells["municipality"],
        name=cells["name"],
        active=cells["status"].casefold() in _ACTIVE,
        lat=lat or 0.0,
        lon=lon or 0.0,
    )


def _degrees(cell: str) -> float | None:
    return float(cell.replace(",", ".")) if re.fullmatch(r"\d{1,3}([.,]\d{1,15})?", cell) else None
