"""The unit's spreadsheet and the places: every bad cell located, nothing half written, a second upload harmless."""

import pytest
from sqlmodel import Session, col, select

from bostad.accounts.tables import Organisation
from bostad.adapters.need_sheets import in_columns, read_cases
from bostad.adapters.place_lists import read_places
from bostad.errors import Fault, NotAllowed
from bostad.needs.case_answers import NewCase
from bostad.needs.importing import CasesReport, import_cases
from bostad.needs.places import import_places
from bostad.needs.service import start_case
from bostad.needs.tables import AvoidArea, Case, Need, Place, with_number
from bostad.records import Sessions
from bostad.resources import resource
from tests.factories import NOON, TODAY, AgreementFactory, CompanyFactory
from tests.needs.conftest import Around

FOLDER = resource("examples") / "sundsvall"
HEAD = (
    "Ärendenummer;Risk;Väntar sedan;Vuxna;Barnens ålder;Högsta hyra;Kommuner;"
    "Undvik plats;Undvik plats km;Spärrade bolag;Skallkrav;Målgrupp"
)
GOOD = "9901-1;hög;2026-10-28;1;13;8 700,00;9901;;;;portkod;kvoten"


def take(
    sessions: Sessions, around: Around, *lines: str, keep_good: bool = False
) -> tuple[CasesReport, tuple[Fault, ...]]:
    """Upload a sheet of these lines as the social worker."""
    found = read_cases("\n".join((HEAD, *lines)).encode(), on=TODAY)
    report = import_cases(sessions, found.listed, found.faults, keep_good=keep_good, by=around.worker, at=NOON)
    return report, in_columns(report, found.headers)


def numbers(rows: Session) -> list[str]:
    rows.expire_all()
    return sorted(case.case_number for case in rows.exec(select(Case)).all())


def test_the_units_own_sheet_becomes_drafts(sessions: Sessions, rows: Session, around: Around) -> None:
    board = rows.get_one(Organisation, around.board_id)
    for name in ("Sagosundshem", "Fabelhus Fastigheter"):
        AgreementFactory.create(board=board, company=CompanyFactory.create(name=name))
    places = read_places((FOLDER / "places.csv").read_bytes())
    import_places(sessions, places.listed, by=around.manager, at=NOON)
    sheet = (FOLDER / "unit-spreadsheet.csv").read_bytes()

    for expected in ({"registered": 8}, {"known": 8}):
        found = read_cases(sheet, on=TODAY)
        report = import_cases(sessions, found.listed, found.faults, by=around.worker, at=NOON)
        assert (report.written, report.faults, dict(report.outcomes)) == (True, (), expected), "U42: twice is harmless"

    assert len(numbers(rows)) == 8
    need = rows.exec(select(Need).join(Case).where(with_number(rows, board.id, "9901-2026-0236"))).one()
    assert (need.rent_max, need.school_m_max, need.child_ages) == (9_400, 1_500, [2, 4])
    assert (need.must, need.contracts) == (["above_ground_floor", "door_code"], ["social"])
    assert need.sections_done == ["household", "home", "safety", "avoid", "priority"], "the stay is still to be told"
    circle = rows.exec(select(AvoidArea).where(AvoidArea.need_id == need.id)).one()
    assert (circle.name, circle.metres) == ("Sagosunds resecentrum", 800)


def test_consents_in_the_sheet_are_counted_and_never_made_up(sessions: Sessions, around: Around) -> None:
    head = HEAD + ";Samtycke bolag;Samtycke till"
    found = read_cases(f"{head}\n{GOOD};Provbostäder;2027-01-01".encode(), on=TODAY)

    report = import_cases(sessions, found.listed, found.faults, by=around.worker, at=NOON)

    assert report.consents == 1


BAD = {
    "a risk that is not in the list": ("9901-2;brådis;2026-10-28;1;;8000;9901;;;;;kvoten", "Risk", ""),
    "a misspelt feature": ("9901-2;hög;2026-10-28;1;;8000;9901;;;;portkåd;kvoten", "Skallkrav", "portkod"),
    "a day that is none": ("9901-2;hög;2026-13-28;1;;8000;9901;;;;;kvoten", "Väntar sedan", ""),
    "a day to come": ("9901-2;hög;2027-01-01;1;;8000;9901;;;;;kvoten", "Väntar sedan", ""),
    "nobody": ("9901-2;hög;2026-10-28;0;;8000;9901;;;;;kvoten", "Vuxna", ""),
    "a grown-up child": ("9901-2;hög;2026-10-28;1;18;8000;9901;;;;;kvoten", "Barnens ålder", ""),
    "a rent in words": ("9901-2;hög;2026-10-28;1;;mycket;9901;;;;;kvoten", "Högsta hyra", ""),
    "no rent": ("9901-2;hög;2026-10-28;1;;;9901;;;;;kvoten", "Högsta hyra", ""),
    "a municipality by name": ("9901-2;hög;2026-10-28;1;;8000;Sagosund;;;;;kvoten", "Kommuner", ""),
    "an unknown place": ("9901-2;hög;2026-10-28;1;;8000;9901;Provtorg;1,5;;;kvoten", "Undvik plats", "Provtorget"),
    "a place without a distance": ("9901-2;hög;2026-10-28;1;;8000;9901;Provtorget;;;;kvoten", "Undvik plats km", ""),
    "a distance that is none": ("9901-2;hög;2026-10-28;1;;8000;9901;Provtorget;nära;;;kvoten", "Undvik plats km", ""),
    "an unknown company": ("9901-2;hög;2026-10-28;1;;8000;9901;;;Andra Hem;;kvoten", "Spärrade bolag", ""),
    "a group that is not there": ("9901-2;hög;2026-10-28;1;;8000;9901;;;;;grupp C", "Målgrupp", ""),
    "an identity number": ("850712-1234;hög;2026-10-28;1;;8000;9901;;;;;kvoten", "Ärendenummer", ""),
    "a row that stands twice": (GOOD, "Ärendenummer", ""),
    "one cell too many": (GOOD.replace("9901-1", "9901-2") + ";x", "", ""),
}


@pytest.mark.parametrize(("row", "column", "suggestion"), BAD.values(), ids=BAD)
def test_a_bad_cell_is_named_by_line_and_column_and_nothing_is_written(
    sessions: Sessions, rows: Session, around: Around, row: str, column: str, suggestion: str
) -> None:
    """U42."""
    rows.add(Place(municipality="9901", name="Provtorget", lat=62.0, lon=18.5))
    rows.commit()

    report, faults = take(sessions, around, GOOD, row)

    assert [(fault.line, fault.column, fault.suggestion) for fault in faults] == [(3, column, suggestion)]
    assert str(faults[0].reason).endswith((".", "?"))
    assert not report.written
    assert numbers(rows) == []


def test_good_rows_are_kept_when_asked_for(sessions: Sessions, rows: Session, around: Around) -> None:
    report, faults = take(sessions, around, GOOD, "9901-2;hög", keep_good=True)

    assert (report.written, len(faults) > 0, numbers(rows)) == (True, True, ["9901-1"])


def test_a_case_of_a_colleagues_is_refused_like_any_taken_number(
    sessions: Sessions, rows: Session, around: Around
) -> None:
    start_case(sessions, NewCase(case_number="9901-1"), by=around.teammate, at=NOON)

    report, faults = take(sessions, around, GOOD)

    assert (report.written, [fault.column for fault in faults]) == (False, ["Ärendenummer"])
    assert around.teammate.name not in str(faults[0].reason)


def test_places_are_added_moved_and_never_removed(sessions: Sessions, rows: Session, around: Around) -> None:
    head = "municipality,place,lat,lon\n"
    first = read_places((head + "9901,Torget,62.1,18.5\n9901,Hamnen,62.2,18.6").encode())
    second = read_places((head + "9901,Torget,62.3,18.5").encode())

    import_places(sessions, first.listed, by=around.administrator, at=NOON)
    report = import_places(sessions, second.listed, by=around.manager, at=NOON)

    assert dict(report.outcomes) == {"changed": 1}
    assert rows.exec(select(Place.name, Place.lat).order_by(col(Place.name))).all() == [
        ("Hamnen", 62.2),
        ("Torget", 62.3),
    ]
    for person in (around.worker, around.housing):
        with pytest.raises(NotAllowed):
            import_places(sessions, second.listed, by=person, at=NOON)


def test_a_bad_place_is_located(sessions: Sessions, rows: Session, around: Around) -> None:
    lines = [
        "Kommunkod;Plats;lat;lon",
        "99;Torget;62,1;18,5",
        "9901;;62,1;18,5",
        "9901;Hamnen;6,1;18,5",
        "9901;A;62,1;x",
    ]
    found = read_places("\n".join(lines).encode())

    report = import_places(sessions, found.listed, found.faults, by=around.manager, at=NOON)

    wrong = [(fault.line, fault.column) for fault in report.faults]
    assert wrong == [(2, "Kommunkod"), (3, "Plats"), (4, "lat"), (5, "lon")]
    assert rows.exec(select(Place)).all() == []
