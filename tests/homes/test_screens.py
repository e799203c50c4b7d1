"""The home screens through the door: publish, check, change, withdraw, and a list from a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.agreements.quota import month_of
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.homes.states import HomeState
from bostad.homes.tables import Home
from bostad.records import Sessions, clock
from tests.browsing import Browser, words
from tests.factories import AgreementFactory, CompanyFactory, HomeFactory, LineFactory, UserFactory

Browse = Callable[[User | None], Browser]
SENT = Path(__file__).parents[2] / "examples" / "sundsvall" / "company-homes.csv"
STORY = ("våld", "violence", "victim", "perpetrator", "offer", "shelter", "skyddat")


@pytest.fixture
def line(rows: Session) -> QuotaLine:
    """Give a line that asks for a door code."""
    made: QuotaLine = LineFactory(code="outside", required=["door_code"], per_month=3, groups=["violence"])
    return made


@pytest.fixture
def agreement(rows: Session, line: QuotaLine) -> Agreement:
    """Give the line's agreement."""
    return rows.get_one(Agreement, line.agreement_id)


@pytest.fixture
def staff(rows: Session, agreement: Agreement, browse: Browse) -> Browser:
    """Give a letting agent's browser."""
    user = UserFactory(organisation=None, organisation_id=agreement.company_id, role=Role.HOUSING_STAFF)
    browser = browse(user)
    browser.post("/me/language", locale="en")
    return browser


def written(line: QuotaLine, sessions: Sessions, **other: str) -> dict[str, Any]:
    """Give what somebody writes about a home that counts, in all but what is named."""
    whole = {
        "line_id": str(line.id), "month": month_of(clock(sessions).date()).isoformat(), "object_number": "7001-1",
        "address": "Lyktgubbevägen 7", "apartment_number": "1102", "municipality": "9901", "rooms": "3",
        "rent": "8 640,00", "available_from": "2030-01-01", "door_code": "met",
    }  # fmt: skip
    return whole | other


def test_the_form_is_filled_in_with_what_is_known(staff: Browser, line: QuotaLine) -> None:
    """U22, U41."""
    page = staff.get("/homes/new").text
    assert f'<option value="{line.id}" selected>' in page
    assert 'value="9901"' in page
    assert "Door code at the entrance" in page


def test_a_home_that_counts_is_published_at_once(
    staff: Browser, rows: Session, sessions: Sessions, line: QuotaLine
) -> None:
    answer = staff.post("/homes/new", **written(line, sessions))
    home = rows.exec(select(Home)).one()
    assert str(answer.url).endswith(f"/homes/{home.id}")
    assert "This home counts" in words(answer)
    assert home.rent == 8_640


def test_a_home_that_does_not_count_is_said_so_before_it_is_published(
    staff: Browser, rows: Session, sessions: Sessions, line: QuotaLine
) -> None:
    asked = staff.post("/homes/new", **written(line, sessions, door_code="unknown"))
    assert "This home does not count yet" in words(asked)
    assert "Door code at the entrance: not known" in words(asked)
    assert rows.exec(select(Home)).all() == []
    changed = staff.post("/homes/new", **written(line, sessions, door_code="unknown", change="yes"))
    assert 'value="Lyktgubbevägen 7"' in changed.text
    answer = staff.post("/homes/new", **written(line, sessions, door_code="unknown", anyway="yes"))
    assert "This home does not count yet" in words(answer)
    assert rows.exec(select(Home.shortfalls)).one() == ["door_code:unknown"]


def test_a_floor_that_disagrees_is_said_with_both_values_and_what_was_written_stays(
    staff: Browser, sessions: Sessions, line: QuotaLine
) -> None:
    """U16."""
    answer = staff.post("/homes/new", **written(line, sessions, apartment_number="1001", floor="3"))
    assert answer.status_code == 422
    assert "Apartment number 1001 is on floor 0, but the floor is given as 3" in words(answer)
    assert 'value="8 640,00"' in answer.text
    assert 'href="#floor"' in answer.text


def test_a_home_is_changed_on_the_version_that_was_seen(
    staff: Browser, rows: Session, sessions: Sessions, line: QuotaLine
) -> None:
    """I09, U28."""
    staff.post("/homes/new", **written(line, sessions))
    home = rows.exec(select(Home)).one()
    new = written(line, sessions, rent="8700", month=home.month.isoformat())
    assert "8,700" in words(staff.post(f"/homes/{home.id}/edit", **new, version="1"))
    late = staff.post(f"/homes/{home.id}/edit", **new, version="1")
    assert late.status_code == 409
    assert "Somebody else has changed this home" in words(late)


def test_another_home_like_this_one_begins_with_its_answers(
    staff: Browser, rows: Session, sessions: Sessions, line: QuotaLine
) -> None:
    staff.post("/homes/new", **written(line, sessions))
    home = rows.exec(select(Home)).one()
    page = staff.get(f"/homes/new?like={home.id}").text
    assert 'value="Lyktgubbevägen 7"' in page
    assert 'value="7001-1"' not in page
    assert staff.get("/homes/new?like=nonsense").status_code == 200


def test_withdrawing_asks_first_and_says_what_follows(
    staff: Browser, rows: Session, sessions: Sessions, line: QuotaLine
) -> None:
    """U26."""
    staff.post("/homes/new", **written(line, sessions))
    home = rows.exec(select(Home)).one()
    address = f"/homes/{home.id}/withdraw"
    assert "no longer counts as published" in words(staff.get(address))
    assert staff.post(address).status_code == 422
    assert "Let to somebody else" in words(staff.post(address, because="let_elsewhere"))
    assert home.object_number in words(staff.get("/homes?gone=yes"))
    assert home.object_number not in words(staff.get("/homes"))


def test_a_resting_home_is_first_and_one_press_frees_it(
    staff: Browser, rows: Session, line: QuotaLine, agreement: Agreement
) -> None:
    home = HomeFactory(line=line, company=None, company_id=agreement.company_id, state=HomeState.PAUSED)
    assert "rest until you say" in words(staff.get("/homes"))
    staff.post(f"/homes/{home.id}/confirm")
    rows.expire_all()
    assert home.state is HomeState.PUBLISHED
    assert staff.post(f"/homes/{home.id}/confirm").status_code == 409


def test_no_housing_page_tells_a_story(
    staff: Browser, rows: Session, sessions: Sessions, line: QuotaLine, agreement: Agreement
) -> None:
    """Domain.md 5, U31: no word about why a household needs a home on any page of the company's."""
    staff.post("/homes/new", **written(line, sessions))
    home = rows.exec(select(Home)).one()
    addresses = [
        "/homes", "/homes/new", f"/homes/{home.id}", f"/homes/{home.id}/edit", f"/homes/{home.id}/withdraw",
        "/homes/import", "/agreements", f"/agreements/{agreement.id}",
    ]  # fmt: skip
    for locale in ("en", "sv"):
        staff.post("/me/language", locale=locale)
        for address in addresses:
            answer = staff.get(address)
            assert answer.status_code == 200, address
            assert [word for word in STORY if word in words(answer).casefold()] == [], (locale, address)


def test_the_board_sees_the_home_but_not_where_it_is(
    rows: Session, line: QuotaLine, agreement: Agreement, browse: Browse
) -> None:
    """S04: the address is shown from the proposal on."""
    home = HomeFactory(line=line, company=None, company_id=agreement.company_id, address="Hemliga gatan 5")
    worker = browse(UserFactory(organisation=None, organisation_id=agreement.board_id, role=Role.SOCIAL_WORKER))
    for address in ("/homes", f"/homes/{home.id}"):
        page = worker.get(address)
        assert home.object_number in words(page)
        assert "Hemliga gatan" not in page.text
        assert home.apartment_number not in words(page)
    assert worker.get("/homes/new").status_code == 403


def test_strangers_are_told_that_there_is_nothing(rows: Session, line: QuotaLine, browse: Browse) -> None:
    """S06: another company, another board, and somebody who has not signed in."""
    home = HomeFactory(line=line)
    company = browse(UserFactory(organisation=CompanyFactory(), role=Role.HOUSING_STAFF))
    board = browse(UserFactory(role=Role.UNIT_MANAGER))
    for browser in (company, board):
        assert browser.get(f"/homes/{home.id}").status_code == 404
        assert home.object_number not in browser.get("/homes").text
    assert company.get(f"/homes/{home.id}/edit").status_code == 404
    assert company.post(f"/homes/{home.id}/withdraw", because="mistake").status_code == 404
    assert "/sign-in" in str(browse(None).get("/homes").url)


def test_homes_of_several_months_stand_apart(staff: Browser, line: QuotaLine, agreement: Agreement) -> None:
    other = AgreementFactory(company=None, company_id=agreement.company_id, name="Det andra avtalet")
    HomeFactory(line=line, company=None, company_id=agreement.company_id)
    HomeFactory(line=LineFactory(agreement=other), company=None, company_id=agreement.company_id)
    page = words(staff.get("/homes"))
    assert "Det andra avtalet" in page
    assert page.count("Does it count?") == 2
