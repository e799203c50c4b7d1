"""The spreadsheet that a unit keeps today, read to answers: Swedish headers and words, decimal commas, kilometres."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import ValidationError

from bostad.adapters.home_sheets import COLUMNS as HOME_COLUMNS
from bostad.adapters.spreadsheets import Row, Sheet, read_sheet
from bostad.answers import Answers, faults_in
from bostad.errors import Fault
from bostad.homes.features import STATED, Feature
from bostad.needs.answers import HomeNeeded, Household, Priority, Safety
from bostad.needs.case_answers import NewCase
from bostad.needs.importing import CasesReport, ListedCase
from bostad.words import Sentence, say

A = TypeVar("A", bound=Answers)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "case_number": ("Ärendenummer", "Case number"),
    "risk": ("Risk",),
    "waiting_since": ("Väntar sedan", "Waiting since"),
    "adults": ("Vuxna", "Antal vuxna", "Adults"),
    "couples": ("Varav par", "Par", "Couples"),
    "child_ages": ("Barnens ålder", "Barns ålder", "Children's ages"),
    "rooms_min": ("Minst antal rum", "Fewest rooms"),
    "rent_max": ("Högsta hyra", "Highest rent"),
    "municipalities": ("Kommuner", "Kommun", "Municipalities"),
    "districts": ("Undvik områden", "Undvik område", "Avoid districts"),
    "buildings": ("Undvik hus", "Avoid buildings"),
    "circle": ("Undvik plats", "Avoid place"),
    "circle_km": ("Undvik plats km", "Avoid place km"),
    "blocked": ("Spärrade bolag", "Blocked companies"),
    "must": ("Skallkrav", "Must have"),
    "wish": ("Önskemål", "Wishes"),
    "school_m_max": ("Skola högst km", "School at most km"),
    "move_in_from": ("Flytta tidigast", "Earliest move"),
    "move_in_by": ("Flytta senast", "Latest move"),
    "contracts": ("Kontraktsform", "Contract forms"),
    "target_group": ("Målgrupp", "Target group"),
    "consent": ("Samtycke bolag", "Consent company"),
    "consent_until": ("Samtycke till", "Consent until"),
}
REQUIRED = ("case_number", "risk", "waiting_since", "adults", "rent_max", "municipalities", "target_group")
LISTS = frozenset({"municipalities", "must", "wish", "contracts"})

_FEATURES = {alias.casefold(): feature for feature in STATED for alias in HOME_COLUMNS[feature.value]}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "risk": {"akut": "acute", "hög": "high", "normal": "standard", "standard": "standard"},
    "target_group": {"utanför kvoten": "violence", "kvoten": "social"},
    "contracts": {
        "förstahandskontrakt": "first_hand",
        "hyresgaranti": "guarantee",
        "bostadssocialt kontrakt": "social",
        "socialt kontrakt": "social",
    },
    "must": _FEATURES | dict.fromkeys(("ej bottenplan", "inte bottenplan"), Feature.ABOVE_GROUND_FLOOR),
}
_VOCABULARIES = {**_WORDS, "wish": _WORDS["must"]}
_METRES_IN_KM = 1000
LONGEST_NAME = 120
CIRCLE = range(50, 20_001)
"""Metres around a place, as on the page for one case."""


@dataclass(frozen=True, slots=True)
class CaseList:
    """What a file holds: the rows that can be read, what is wrong with the others, and columns that nobody knows."""

    listed: tuple[ListedCase, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    headers: Mapping[str, str]


def read_cases(content: bytes, *, on: date) -> CaseList:
    """Read a unit's list; the children's ages are taken to be true on the given day."""
    sheet = read_sheet(content, COLUMNS, required=REQUIRED)
    listed: list[ListedCase] = []
    faults: list[Fault] = []
    for row in sheet.rows:
        reading = _Reading(row, sheet)
        case = reading.case(on)
        faults += reading.faults
        if case and not reading.faults:
            listed.append(case)
    return CaseList(tuple(listed), tuple(faults), sheet.ignored, sheet.headers)


def in_columns(report: CasesReport, headers: Mapping[str, str]) -> tuple[Fault, ...]:
    """Give an import's faults with each column named as the file does."""
    return tuple(
        Fault(fault.line, _head(headers, fault.column), fault.reason, fault.suggestion) for fault in report.faults
    )


class _Reading:
    """One row being read; every fault in it is collected."""

    def __init__(self, row: Row, sheet: Sheet) -> None:
        self.row = row
        self.headers = sheet.headers
        self.faults: list[Fault] = []
        self.refused: set[str] = set()

    def case(self, on: date) -> ListedCase | None:
        """Give the row's case, or None with the faults found."""
        if self.row.overflow:
            said = say("The row has more cells than the header. Put quotation marks around a text with a separator.")
            self.fault("", said)
            return None
        answers = self._answers() | {"ages_true_on": on}
        number = self._read(NewCase, answers)
        household, home = self._read(Household, answers), self._read(HomeNeeded, answers)
        safety, priority = self._read(Safety, answers), self._read(Priority, answers)
        districts, buildings, circles = self._areas("districts"), self._areas("buildings"), self._circles()
        if not (number and household and home and safety and priority):
            return None
        return ListedCase(
            line=self.row.line,
            case_number=number.case_number,
            household=household,
            home=home,
            safety=safety,
            priority=priority,
            districts=districts,
            buildings=buildings,
            circles=circles,
            blocked=self._names("blocked"),
            names_consent=bool(self.cell("consent")),
        )

    def cell(self, name: str) -> str:
        """Give a cell; a column that the file does not have is empty."""
        return self.row.cells.get(name, "")

    def fault(self, name: str, reason: Sentence, suggestion: str = "") -> None:
        """Note what is wrong with a cell, once."""
        if name in self.refused:
            return
        self.refused.add(name)
        self.faults.append(Fault(self.row.line, _head(self.headers, name), reason, suggestion))

    def _answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for name in COLUMNS:
            if name in LISTS:
                answers[name] = [word for part in self._names(name) if (word := self._word(name, part))]
            elif name == "school_m_max":
                answers[name] = self._metres(name)
            elif name == "rent_max":
                answers[name] = re.sub(r"[.,]00?$", "", self.cell(name))
            else:
                answers[name] = self._word(name, self.cell(name))
        return answers

    def _word(self, name: str, written: str) -> str:
        """Give our word for theirs; one that is not known is a fault, with the nearest there is."""
        words = _VOCABULARIES.get(name)
        if not words or not written:
            return written
        found = words.get(written.casefold())
        if found is None:
            near = get_close_matches(written.casefold(), words, n=1)
            self.fault(name, say("“%(name)s” is not known here.", name=written), near[0] if near else "")
        return str(found or "")

    def _names(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in re.split(r"[,|]", self.cell(name)) if part.strip())

    def _areas(self, name: str) -> tuple[str, ...]:
        """Give names of areas, short enough to keep."""
        names = self._names(name)
        if any(len(area) > LONGEST_NAME for area in names):
            self.fault(name, say("Write a name of at most 120 characters."))
        return names

    def _metres(self, name: str) -> str:
        """Read kilometres with a decimal comma to whole metres; nonsense is left for the question to refuse."""
        cell = self.cell(name).removesuffix("km").strip()
        if re.fullmatch(r"\d{1,3}([.,]\d{1,3})?", cell):
            return str(round(float(cell.replace(",", ".")) * _METRES_IN_KM))
        if cell:
            self.fault(name, say("Write kilometres, like 1,5."))
        return ""

    def _circles(self) -> tuple[tuple[str, int], ...]:
        places, metres = self._names("circle"), self._metres("circle_km")
        if places and not metres and not self.cell("circle_km"):
            self.fault("circle_km", say("Write how far from the place, in kilometres."))
        if places and metres and int(metres) not in CIRCLE:
            self.fault("circle_km", say("Write kilometres, like 1,5."))
        return tuple((place, int(metres)) for place in places if metres)

    def _read(self, model: type[A], answers: Mapping[str, Any]) -> A | None:
        try:
            return model.model_validate(answers)
        except ValidationError as invalid:
            for name, reason in faults_in(invalid).items():
                self.fault(name, reason)
            return None


def _head(headers: Mapping[str, str], name: str) -> str:
    """Name a column as the file does, else in our own words for it; what is named so already stays."""
    return headers.get(name) or COLUMNS.get(name, (name,))[0]
