"""A company's list and the school register through the door."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.agreements.quota import month_of
from bostad.agreements.tables import Agreement
from bostad.homes.schools import measure_homes
from bostad.homes.tables import Home, School
from bostad.outbox.tables import Message
from bostad.records import Sessions, clock
from tests.browsing import Browser, words
from tests.factories import AgreementFactory, HomeFactory, LineFactory, UserFactory

Browse = Callable[[User | None], Browser]
SENT = Path(__file__).parents[2] / "examples" / "sundsvall" / "company-homes.csv"


@pytest.fixture
def agreement(rows: Session) -> Agreement:
    """Give an agreement with the two lines that the company's list names."""
    made: Agreement = AgreementFactory()
    LineFactory(agreement=made, code="outside", required=["door_code"], per_month=3)
    LineFactory(agreement=made, code="social", per_month=8)
    return made


@pytest.fixture
def staff(rows: Session, agreement: Agreement, browse: Browse) -> Browser:
    """Give a letting agent's browser."""
    browser = browse(UserFactory(organisation=None, organisation_id=agreement.company_id, role=Role.HOUSING_STAFF))
    browser.post("/me/language", locale="en")
    return browser


def test_a_list_is_read_cell_by_cell(staff: Browser, rows: Session, sessions: Sessions) -> None:
    """U42."""
    month = month_of(clock(sessions).date()).isoformat()
    content = SENT.read_bytes().replace(b"2027-", b"2037-").replace(b"2026-", b"2036-")
    answer = staff.upload("/homes/import", "x.csv", content, month=month)
    assert answer.status_code == 422
    assert "4 Våning Apartment number 1001 is on floor 0" in words(answer)
    assert "6 Hyra kr/mån Write the rent in digits" in words(answer)
    assert rows.exec(select(Home)).all() == []
    kept = staff.upload("/homes/import", "x.csv", content, month=month, keep_good="yes")
    assert kept.status_code == 200
    assert "5 published, 0 changed, 0 were published already" in words(kept)
    again = staff.upload("/homes/import", "x.csv", content, month=month, keep_good="yes")
    assert "0 published, 0 changed, 5 were published already" in words(again)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Choose a file"), (b"\x89PNG\0\0", "not a table"), (b"a;b\n1;2\n", "Columns are missing")],
)
def test_a_file_that_is_no_list_is_said_at_the_file(
    staff: Browser, sessions: Sessions, content: bytes, said: str
) -> None:
    answer = staff.upload("/homes/import", "x.csv", content, month=month_of(clock(sessions).date()).isoformat())
    assert answer.status_code == 422
    assert said in words(answer)


def test_the_empty_list_is_a_workbook_that_can_be_sent_back(staff: Browser, rows: Session, sessions: Sessions) -> None:
    from python_calamine import CalamineWorkbook

    sheet = staff.get("/homes/import/sheet")
    assert 'filename="lagenheter.xlsx"' in sheet.headers["content-disposition"]
    (header,) = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    home = {
        "Objektsnummer": "1-1", "Avtalsrad": "OUTSIDE", "Kommun": 9901, "Adress": "Gatan 1", "Rum": 2,
        "Hyra kr/mån": 7500.5, "Tillträde": "2030-01-01", "Portkod": "ja", "Lägenhetsnummer": "0902",
    }  # fmt: skip
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        filled = book.add_worksheet()
        filled.write_row(0, 0, header)
        filled.write_row(1, 0, [home.get(str(head), "") for head in header])
    answer = staff.upload("/homes/import", "x", out.getvalue(), month=month_of(clock(sessions).date()).isoformat())
    assert "1 published" in words(answer)
    made = rows.exec(select(Home)).one()
    assert (made.rent, made.floor, made.approved) == (7_501, -1, True)


def test_an_administrator_takes_in_the_school_register_and_homes_are_measured(
    sessions: Sessions, rows: Session, browse: Browse
) -> None:
    home = HomeFactory(lat=62.00108, lon=18.50345)
    admin = browse(UserFactory(role=Role.ADMINISTRATOR))
    admin.post("/me/language", locale="en")
    register = (SENT.parent / "schools.csv").read_bytes()
    assert "10 schools added" in words(admin.upload("/imports/schools", "schools.csv", register))
    assert [message.kind for message in rows.exec(select(Message)).all()] == ["homes.measure"]
    assert measure_homes(sessions) == 1
    rows.expire_all()
    assert (home.school_m, len(rows.exec(select(School)).all())) == (542, 10)
    assert "10 as before." in words(admin.upload("/imports/schools", "schools.csv", register))
    assert measure_homes(sessions) == 0
    bad = admin.upload("/imports/schools", "schools.csv", register.replace(b"AKTIV", b"KANSKE", 1))
    assert bad.status_code == 422
    assert "2 status Write AKTIV" in words(bad)


def test_only_an_administrator_takes_in_the_register(staff: Browser) -> None:
    assert staff.get("/imports/schools").status_code == 403
