"""The agreement screens through the door: make, fill, put in force, pause with what is open, read."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.agreements.states import AgreementState
from bostad.agreements.tables import Agreement, QuotaLine
from bostad.audit.tables import AuditRow
from bostad.records import Sessions
from tests.browsing import Browser, words
from tests.factories import AgreementFactory, CompanyFactory, LineFactory, UserFactory
from tests.worlds import make_world

Browse = Callable[[User | None], Browser]


@pytest.fixture
def manager(rows: Session, browse: Browse) -> Browser:
    """Give a unit manager's browser."""
    return in_english(browse(UserFactory(role=Role.UNIT_MANAGER)))


def in_english(browser: Browser) -> Browser:
    """Read the pages in the language of the msgids."""
    browser.post("/me/language", locale="en")
    return browser


def test_an_agreement_is_made_filled_and_put_in_force(manager: Browser, rows: Session) -> None:
    """F in the main job: from nothing to an agreement that homes can be published under."""
    company = CompanyFactory()
    made = manager.post(
        "/agreements/new", company_id=str(company.id), name="Tio om året", reference="SN 2026/7",
        signed_on="1 november 2026", valid_from="2026-11-01", municipality_days="3", household_days="5",
        company_days="3", reservation_days="10",
    )  # fmt: skip
    here = str(made.url)
    assert "has no lines yet" in words(made)
    filled = manager.post(
        f"{here}/lines/new", code="outside", name="Utanför kvoten", groups="violence", per_month="1", carry_over="none",
        required=["door_code", "above_ground_floor"], school_m_max="1 500", districts_excluded="Dimmelsta, Fabelby",
        rent_max="10 500 kr",
    )  # fmt: skip
    for sentence in (
        "At most 1,500 m to the nearest school, as the crow flies",
        "Not in: Dimmelsta, Fabelby",
        "Rent of at most 10,500 kr a month",
        "Group A (outside the ordinary quota)",
    ):
        assert sentence in words(filled)
    assert "can publish homes under it from now on" in words(manager.get(f"{here}/put_in_force"))
    assert "In force" in words(manager.post(f"{here}/put_in_force"))
    assert manager.post(f"{here}/put_in_force").status_code == 409


def test_a_line_s_form_comes_back_with_what_was_written(manager: Browser, rows: Session) -> None:
    """U16."""
    board = rows.exec(select(User.organisation_id)).one()
    agreement = AgreementFactory(board=None, board_id=board, state=AgreementState.DRAFT)
    answer = manager.post(
        f"/agreements/{agreement.id}/lines/new", code="Stora Bokstäver", name="Raden", per_month="två"
    )
    assert answer.status_code == 422
    assert 'value="Stora Bokstäver"' in answer.text
    assert "Write a whole number in digits" in words(answer)


def test_a_line_is_changed_while_the_agreement_rests(manager: Browser, rows: Session) -> None:
    board = rows.exec(select(User.organisation_id)).one()
    one = LineFactory(
        agreement=AgreementFactory(board=None, board_id=board, state=AgreementState.PAUSED),
        code="social", districts_excluded=["Dimmelsta"],
    )  # fmt: skip
    assert 'value="Dimmelsta"' in manager.get(f"/lines/{one.id}").text
    manager.post(
        f"/lines/{one.id}", code="social", name="Raden", groups=["social"], per_month="4", carry_over="limited",
        carry_limit="2", building_cap="3",
    )  # fmt: skip
    rows.expire_all()
    changed = rows.exec(select(QuotaLine)).one()
    assert (changed.per_month, changed.carry_limit, changed.districts_excluded) == (4, 2, [])
    assert changed.building_cap == 3
    said = rows.exec(select(AuditRow).where(AuditRow.action == "agreement.line_edited")).one()
    assert "building_cap" in said.facts["fields"]
    assert "Most homes from here in one building 3" in words(manager.get(f"/agreements/{one.agreement_id}"))
    none = manager.post(
        f"/lines/{one.id}", code="social", name="Raden", groups=["social"], per_month="4", building_cap="0"
    )
    assert none.status_code == 422


def test_the_agreement_s_form_shows_what_was_agreed_and_saves_what_is_changed(manager: Browser, rows: Session) -> None:
    board = rows.exec(select(User.organisation_id)).one()
    agreement = AgreementFactory(board=None, board_id=board, state=AgreementState.DRAFT)
    here = f"/agreements/{agreement.id}/edit"
    assert f'value="{agreement.reference}"' in manager.get(here).text
    whole: dict[str, Any] = {
        "company_id": str(agreement.company_id), "reference": "SN 9", "valid_from": "2026-01-01",
        "valid_until": "2025-12-31",
    }  # fmt: skip
    refused = manager.post(here, name="Nytt namn", **whole)
    assert "The last day comes before the first one" in words(refused)
    manager.post(here, name="Nytt namn", **{**whole, "valid_until": ""})
    rows.expire_all()
    assert (agreement.name, agreement.reference) == ("Nytt namn", "SN 9")


def test_pausing_lists_what_is_open_under_it_by_object_number(
    sessions: Sessions, rows: Session, browse: Browse
) -> None:
    """Domain.md 7, row 7."""
    world = make_world(sessions)
    placement = world.proposal()
    home = world.again(placement)
    by = UserFactory(organisation=None, organisation_id=world.board.id, role=Role.UNIT_MANAGER)
    manager = in_english(browse(by))
    asked = words(manager.get(f"/agreements/{world.agreement.id}/pause"))
    with sessions() as db:
        from bostad.homes.tables import Home

        number = db.get_one(Home, home.home_id).object_number
    assert f"{number}: Proposed" in asked
    manager.post(f"/agreements/{world.agreement.id}/pause")
    assert world.again(world.agreement).state is AgreementState.PAUSED


def test_the_company_and_the_social_workers_read_and_have_no_buttons(rows: Session, browse: Browse) -> None:
    """S06."""
    one = LineFactory()
    agreement = rows.get_one(Agreement, one.agreement_id)
    here = f"/agreements/{agreement.id}"
    for role, organisation_id in (
        (Role.HOUSING_STAFF, agreement.company_id),
        (Role.SOCIAL_WORKER, agreement.board_id),
    ):
        reader = browse(UserFactory(organisation=None, organisation_id=organisation_id, role=role))
        page = reader.get(here)
        assert page.status_code == 200
        assert agreement.name in words(reader.get("/agreements"))
        assert f"{here}/pause" not in page.text
        assert reader.get(f"{here}/pause").status_code == 403
        assert reader.post(f"{here}/end").status_code == 403
        assert reader.get(f"/lines/{one.id}").status_code == 403


def test_strangers_are_told_that_there_is_nothing(manager: Browser, rows: Session, browse: Browse) -> None:
    """S06."""
    one = LineFactory()
    here = f"/agreements/{one.agreement_id}"
    company = browse(UserFactory(organisation=CompanyFactory(), role=Role.HOUSING_STAFF))
    assert company.get(here).status_code == 404
    for address in (here, f"{here}/edit", f"{here}/pause", f"{here}/lines/new", f"/lines/{one.id}", f"{here}/nonsense"):
        assert manager.get(address).status_code == 404, address
    assert manager.post(f"{here}/pause").status_code == 404


def test_the_ledger_is_a_table_first(rows: Session, browse: Browse) -> None:
    """U34."""
    one = LineFactory(per_month=8)
    agreement = rows.get_one(Agreement, one.agreement_id)
    manager = in_english(
        browse(UserFactory(organisation=None, organisation_id=agreement.board_id, role=Role.UNIT_MANAGER))
    )
    page = manager.get(f"/agreements/{agreement.id}").text
    assert page.index("<table") < page.index("<svg")
    assert "Agreed: 8. Homes published: 0." in page
