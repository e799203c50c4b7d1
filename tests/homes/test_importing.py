"""A company's list: every bad cell located, good rows only if asked for, a second upload harmless."""

import csv
import io
import random
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.adapters.home_sheets import COLUMNS, HomeList, in_columns, read_homes, template
from bostad.adapters.spreadsheets import read_sheet
from bostad.agreements.tables import Agreement, LineMonth, QuotaLine
from bostad.audit.tables import AuditRow
from bostad.errors import Fault, Invalid, Missing, NotAllowed
from bostad.homes import service
from bostad.homes.importing import HomesReport, Outcome, import_homes
from bostad.homes.states import HomeState, WithdrawnBecause
from bostad.homes.tables import Home
from bostad.outbox.tables import Message
from bostad.records import Sessions
from tests.factories import MONTH, NOON, AgreementFactory, CompanyFactory, LineFactory, UserFactory, actor

SENT = (Path(__file__).parents[2] / "examples" / "sundsvall" / "company-homes.csv").read_bytes()
LINE_IDS = {"outside": UUID(int=1), "social": UUID(int=2)}


@pytest.fixture
def agreement(rows: Session) -> Agreement:
    """Give an agreement with the two lines that the company's list names."""
    made: Agreement = AgreementFactory()
    LineFactory(agreement=made, code="outside", required=["door_code"])
    LineFactory(agreement=made, code="social", per_month=8)
    return made


@pytest.fixture
def staff(rows: Session, agreement: Agreement) -> Actor:
    """Give a letting agent of the company."""
    return actor(UserFactory(organisation=None, organisation_id=agreement.company_id, role=Role.HOUSING_STAFF))


def read(content: bytes, rows: Session | None = None) -> HomeList:
    """Read a list, with the lines in the database or with invented ones."""
    known = rows.exec(select(QuotaLine.code, QuotaLine.id)).all() if rows else LINE_IDS.items()
    return read_homes(content, lines=dict(known), line=None, month=MONTH)


def upload(
    sessions: Sessions, content: bytes, rows: Session, by: Actor, *, keep_good: bool = False, promised: bool = False
) -> HomesReport:
    """Upload a list, as the page does."""
    found = read(content, rows)
    return import_homes(
        sessions, found.listed, found.faults, keep_good=keep_good, promised=lambda _, __: promised, by=by, at=NOON
    )


def corrected() -> bytes:
    """Give the example's list with its two faults mended."""
    return SENT.replace(b";1001;3;", b";1301;3;").replace(b"sjutusen", b"7 000")


def test_the_two_bad_rows_are_located_and_nothing_is_written(sessions: Sessions, rows: Session, staff: Actor) -> None:
    """U42."""
    report = upload(sessions, SENT, rows, staff)
    assert [(fault.line, fault.column) for fault in report.faults] == [(4, "Våning"), (6, "Hyra kr/mån")]
    assert not report.written
    assert report.outcomes == {Outcome.PUBLISHED: 5}
    assert rows.exec(select(Home)).all() == []
    assert rows.exec(select(AuditRow)).all() == []


def test_the_good_rows_are_kept_when_asked_for(sessions: Sessions, rows: Session, staff: Actor) -> None:
    report = upload(sessions, SENT, rows, staff, keep_good=True)
    assert report.written
    assert len(rows.exec(select(Home)).all()) == 5
    *each, whole = rows.exec(select(AuditRow).order_by(col(AuditRow.number)))
    assert [audited.action for audited in each] == ["home.published"] * 5
    assert (whole.action, whole.facts) == ("homes.imported", {"rows": {"published": 5}, "faults": 2})


def test_the_mended_list_is_published_and_counted(sessions: Sessions, rows: Session, staff: Actor) -> None:
    report = upload(sessions, corrected(), rows, staff)
    assert (report.written, report.faults, report.outcomes) == (True, (), {Outcome.PUBLISHED: 7})
    ledger = rows.exec(select(QuotaLine.code, LineMonth.delivered, LineMonth.approved).join(LineMonth))
    assert sorted(ledger.all()) == [("outside", 1, 1), ("social", 6, 6)]


def test_a_second_upload_changes_nothing(sessions: Sessions, rows: Session, staff: Actor) -> None:
    upload(sessions, corrected(), rows, staff)
    assert upload(sessions, corrected(), rows, staff).outcomes == {Outcome.UNCHANGED: 7}
    assert {home.version for home in rows.exec(select(Home))} == {1}
    assert sum(row.delivered for row in rows.exec(select(LineMonth))) == 7


def test_a_home_that_left_after_the_first_upload_stays_gone(sessions: Sessions, rows: Session, staff: Actor) -> None:
    upload(sessions, corrected(), rows, staff)
    with sessions.begin() as db:
        home = db.exec(select(Home).where(Home.object_number == "7014-1611")).one()
        service.leave(db, home, WithdrawnBecause.LET_ELSEWHERE, at=NOON)
    assert upload(sessions, corrected(), rows, staff).outcomes == {Outcome.UNCHANGED: 6, Outcome.GONE: 1}
    states = rows.exec(select(Home.state).where(Home.object_number == "7014-1611")).all()
    assert states == [HomeState.WITHDRAWN]


def test_a_changed_cell_changes_the_home_and_an_empty_one_does_not(
    sessions: Sessions, rows: Session, staff: Actor
) -> None:
    upload(sessions, corrected(), rows, staff)
    newer = corrected().replace(b"6 480,00", b"6 590,00").replace("Kvarteret Pärluvan".encode(), b"")
    assert upload(sessions, newer, rows, staff).outcomes == {Outcome.UNCHANGED: 6, Outcome.CHANGED: 1}
    home = rows.exec(select(Home).where(Home.object_number == "7014-1611")).one()
    assert (home.rent, home.building, home.version) == (6_590, "Kvarteret Pärluvan", 2)


def test_a_promised_home_is_not_changed_by_a_list(sessions: Sessions, rows: Session, staff: Actor) -> None:
    upload(sessions, corrected(), rows, staff)
    newer = corrected().replace(b"6 480,00", b"6 590,00")
    report = upload(sessions, newer, rows, staff, promised=True)
    assert [(fault.line, "promised" in str(fault.reason)) for fault in report.faults] == [(3, True)]
    rows.expire_all()
    assert rows.exec(select(Home.rent).where(Home.object_number == "7014-1611")).one() == 6_480


def test_a_flat_that_stands_twice_is_said_at_its_second_line(sessions: Sessions, rows: Session, staff: Actor) -> None:
    twice = corrected() + corrected().splitlines(keepends=True)[1]
    report = upload(sessions, twice, rows, staff)
    assert [(fault.line, str(fault.reason)) for fault in report.faults] == [(9, "The same flat is on line 2 too.")]


def test_an_import_is_for_housing_staff_and_their_own_lines(sessions: Sessions, rows: Session, staff: Actor) -> None:
    """S06."""
    elsewhere = actor(UserFactory(organisation=CompanyFactory(), role=Role.HOUSING_STAFF))
    report = upload(sessions, corrected(), rows, elsewhere)
    assert {fault.column for fault in report.faults} == {"line_id"}
    assert {fault.column for fault in in_columns(report, read(SENT).headers)} == {"Avtalsrad"}
    with pytest.raises((NotAllowed, Missing)):
        upload(sessions, corrected(), rows, actor(UserFactory(role=Role.SOCIAL_WORKER)))


@pytest.mark.parametrize(
    ("column", "cell", "suggestion"),
    [
        ("Avtalsrad", "soical", "social"),
        ("Lägenhetsnummer", "902", "0902"),
        ("Portkod", "jaså", "ja | nej | vet ej"),
    ],
)
def test_what_was_probably_meant_is_suggested(column: str, cell: str, suggestion: str) -> None:
    """U42."""
    (fault,) = faults_with(column, cell)
    assert (fault.line, fault.column, fault.suggestion) == (2, column, suggestion)


def test_a_row_with_a_loose_separator_is_located() -> None:
    (fault,) = read(SENT.replace(b"Lyktgubbev\xc3\xa4gen 7;", b"Lyktgubbev\xc3\xa4gen 7;;;")).faults[:1]
    assert (fault.line, "more cells" in str(fault.reason)) == (2, True)


BAD_CELLS = {
    "Objektsnummer": ["", "x" * 41],
    "Avtalsrad": ["", "privat", "99"],
    "Kommun": ["", "Sagosund", "99 01", "990"],
    "Adress": ["", "x" * 200],
    "Lägenhetsnummer": ["1100", "11", "tolv", "110202"],
    "Rum": ["", "0", "-1", "tre", "2,5", "99"],
    "Yta m2": ["0", "stor", "-4", "1e9"],
    "Hyra kr/mån": ["", "0", "sjutusen", "-5", "1 000 000", "7 500 kr hyra"],
    "Våning": ["bv", "99", "2,5", "5"],
    "Högst antal personer": ["0", "många", "-2"],
    "Portkod": ["kanske", "2", "ja!"],
    "Hiss": ["trasig", "halv"],
    "Balkong": ["stor"],
    "Husdjur": ["katt", "inga"],
    "Latitud": ["norr", "91", "-62", "18,5"],
    "Longitud": ["öster", "62", "-18"],
    "Tillträde": ["", "snart", "2026-13-01", "31 februari 2027", "2027"],
    "Svar senast": ["igår", "00-00-00", "2026-02-30"],
}
CASES = [(column, cell) for column, cells in BAD_CELLS.items() for cell in cells]


def faults_with(column: str, cell: str) -> tuple[Fault, ...]:
    """Give the faults of the example's first row with one cell replaced."""
    table = list(csv.reader(io.StringIO(corrected().decode()), delimiter=";"))[:2]
    table[1][table[0].index(column)] = cell
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(table)
    return read(out.getvalue().encode()).faults


@pytest.mark.parametrize(("column", "cell"), CASES)
def test_every_bad_cell_is_located_by_line_and_column(column: str, cell: str) -> None:
    """U42: each of the mutated files has its one bad cell found."""
    found = faults_with(column, cell)
    places = {(fault.line, fault.column) for fault in found}
    pair = {"Latitud": {"Longitud"}, "Longitud": {"Latitud"}}.get(column, set())
    assert places
    assert places <= {(2, column)} | {(2, other) for other in pair}
    assert all(str(fault.reason) for fault in found)


def test_there_are_more_than_sixty_bad_cells_to_find() -> None:
    assert len(CASES) >= 60


def test_no_damaged_list_makes_the_import_crash() -> None:
    """U42: three hundred files with bytes changed, lost and doubled."""
    chance = random.Random(2026)  # noqa: S311 - a fixed seed
    located = 0
    for _ in range(300):
        damaged = bytearray(corrected())
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(damaged))
            damaged[place : place + chance.randint(0, 2)] = bytes(
                chance.randrange(256) for _ in range(chance.randint(0, 2))
            )
        try:
            located += len(read(bytes(damaged)).faults) > 0
        except Invalid as refused:
            located += "file" in refused.fields
    assert located > 100


def test_the_empty_sheet_to_fill_in_has_the_columns_that_are_read() -> None:
    heads = read_sheet(with_a_row(template(str, ["social"])), COLUMNS)
    assert set(heads.headers) == set(COLUMNS)


def with_a_row(content: bytes) -> bytes:
    """Read the template's header back as a CSV with one row below it."""
    from python_calamine import CalamineWorkbook

    (header,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return (";".join(map(str, header)) + "\n1\n").encode()


def test_a_list_of_nothing_new_asks_for_no_run(sessions: Sessions, rows: Session, staff: Actor) -> None:
    upload(sessions, corrected(), rows, staff)
    rows.exec(delete(Message))
    rows.commit()
    upload(sessions, corrected(), rows, staff)
    assert rows.exec(select(Message)).all() == []
