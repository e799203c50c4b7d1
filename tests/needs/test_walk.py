"""A social worker's walk through the pages, as her browser sees them: from a new case to an open need with consent."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlmodel import Session

from bostad.accounts.tables import Organisation, User
from bostad.records import Sessions, clock
from tests.browsing import Browser, words
from tests.factories import AgreementFactory, BoardFactory, CompanyFactory, UnitFactory, UserFactory

Browse = Callable[[User | None], Browser]


@pytest.fixture
def board(rows: Session) -> Organisation:
    found: Organisation = BoardFactory.create()
    return found


@pytest.fixture
def company(rows: Session, board: Organisation) -> Organisation:
    found: Organisation = CompanyFactory.create()
    AgreementFactory.create(board=board, company=found)
    return found


@pytest.fixture
def worker(rows: Session, board: Organisation) -> User:
    found: User = UserFactory.create(organisation=board, unit=UnitFactory.create(board=board))
    return found


def test_a_case_is_walked_from_its_number_to_an_open_need_with_consent(
    browse: Browse, worker: User, company: Organisation, sessions: Sessions
) -> None:
    """U20, U23-U25: in any order, checked in plain words, confirmed; no script is used."""
    browser = browse(worker)

    started = browser.post("/cases/new", case_number="9901-2026-0777")
    case = urlsplit(str(started.url)).path

    for part, answers in SECTIONS.items():
        saved = browser.post(f"{case}/answers/{part}", **answers)
        assert (saved.status_code, urlsplit(str(saved.url)).path) == (200, case), words(saved)
    browser.post(f"{case}/answers/areas/named", kind="district", municipality="9901", name="Provdalen")
    browser.post(f"{case}/answers/areas")

    check = words(browser.get(f"{case}/check"))
    assert "Provdalen" in check
    opened = browser.post(f"{case}/check", opted_in="yes")
    assert urlsplit(str(opened.url)).path == f"{case}/opened"
    assert "9901-2026-0777" in words(opened)

    given = browser.post(
        f"{case}/consents/new",
        company_id=str(company.id),
        field_groups=["size", "home"],
        given_on=str(clock(sessions).date()),
        given_how="oral",
        language="sv",
    )
    assert urlsplit(str(given.url)).path.startswith("/consents/"), words(given)
    assert company.name in words(browser.get(case))


SECTIONS: dict[str, dict[str, Any]] = {
    "order": {"version": "1", "risk": "high", "waiting_since": "2025-10-28", "target_group": "violence"},
    "home": {"version": "1", "rent_max": "9 400", "municipalities": "9901", "contracts": "social"},
    "features": {"version": "1", "must": ["above_ground_floor", "door_code"], "wish": "balcony"},
    "household": {"version": "1", "adults": "1", "child_ages": "2, 4", "ages_true_on": "2025-11-01"},
    "living": {"kind": "elsewhere", "since": "2025-10-28"},
}
