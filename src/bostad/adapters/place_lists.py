"""A list of places as a file: municipality, name, and where it lies."""

import re
from dataclasses import dataclass

from bostad.adapters.spreadsheets import Row, read_sheet
from bostad.errors import Fault
from bostad.needs.places import ListedPlace
from bostad.words import Sentence, say

COLUMNS = {
    "municipality": ("Kommunkod", "Kommun", "municipality"),
    "place": ("Plats", "Namn", "place", "name"),
    "lat": ("Latitud", "lat", "latitude"),
    "lon": ("Longitud", "lon", "lng", "longitude"),
}
LONGEST_NAME = 120
_NORTH, _EAST = (54, 70), (10, 25)


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The places that can be read, what is wrong with the others, and columns that nobody needs."""

    listed: tuple[ListedPlace, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]


def read_places(content: bytes) -> PlaceList:
    """Read a file of places."""
    sheet = read_sheet(content, COLUMNS, required=tuple(COLUMNS))
    listed: list[ListedPlace] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        wrong = _wrong(row)
        twin = seen.setdefault((row.cells["municipality"], row.cells["place"]), row.line)
        if twin != row.line:
            wrong["place"] = say("The same place is on line %(line)s too.", line=twin)
        faults += [Fault(row.line, sheet.headers[name], reason) for name, reason in wrong.items()]
        if not wrong:
            listed.append(_place(row))
    return PlaceList(tuple(listed), tuple(faults), sheet.ignored)


def _wrong(row: Row) -> dict[str, Sentence]:
    cells, wrong = row.cells, {}
    if not re.fullmatch(r"[0-9]{4}", cells["municipality"]):
        wrong["municipality"] = say("Write the municipality's code, four digits.")
    if not 0 < len(cells["place"]) <= LONGEST_NAME:
        wrong["place"] = say("Write a name of at most 120 characters.")
    for name, (least, most) in (("lat", _NORTH), ("lon", _EAST)):
        degrees = _degrees(cells[name])
        if degrees is None or not least <= degrees <= most:
            wrong[name] = say("Write decimal degrees within Sweden.")
    return wrong


def _place(row: Row) -> ListedPlace:
    cells = row.cells
    return ListedPlace(
        cells["municipality"], cells["place"], _degrees(cells["lat"]) or 0.0, _degrees(cells["lon"]) or 0.0
    )


def _degrees(cell: str) -> float | None:
    return float(cell.replace(",", ".")) if re.fullmatch(r"\d{1,3}([.,]\d{1,15})?", cell) else None
