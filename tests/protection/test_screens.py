"""The pages of protection, each as the person it is for, in the database role of her side."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation, User
from bostad.counties.tables import CountyMember
from bostad.needs.tables import Case, Consent, Need
from bostad.protection.tables import BlockedCompany, DisclosureRequest, ExcludedStaff
from bostad.records import clock
from tests import factories
from tests.browsing import Browser, words
from tests.protection.people import of_the_unit
from tests.protection.test_heightening import stand_in
from tests.protection.test_necessity import WHY
from tests.worlds import World

Browse = Callable[[User | None], Browser]


def user_of(world: World, role: Role) -> User:
    person = of_the_unit(world, role)
    with world.sessions() as db:
        return db.get_one(User, person.id)


def case_of(world: World, need: Need) -> Case:
    with world.sessions() as db:
        return db.get_one(Case, need.case_id)


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.UNIT_MANAGER])
def test_heightened_protection_is_set_on_its_page_and_ended_by_two(world: World, browse: Browse, role: Role) -> None:
    """S24: by the worker or the manager; the manager finds the case no more."""
    need = world.need()
    deputy_user = user_of(world, Role.SOCIAL_WORKER)
    stand_in(world, need, factories.actor(deputy_user, world.board), at=clock(world.sessions))
    setter = browse(world.worker_user if role is Role.SOCIAL_WORKER else user_of(world, role))
    here = f"/cases/{need.case_id}/protection"

    assert setter.get(here).status_code == 200
    assert setter.post(here).status_code == 200
    assert case_of(world, need).heightened

    worker, deputy = browse(world.worker_user), browse(deputy_user)
    assert worker.post(f"{here}/lift").status_code == 200
    decisions = deputy.get("/decisions")
    assert f'action="/decisions/protection/{need.case_id}"' in decisions.text
    assert deputy.post(f"/decisions/protection/{need.case_id}", agreed="yes").status_code == 200
    assert not case_of(world, need).heightened


def test_disclosure_without_consent_goes_from_the_worker_to_the_manager_and_back(world: World, browse: Browse) -> None:
    need, manager = world.need(consent=False), browse(user_of(world, Role.UNIT_MANAGER))
    worker = browse(world.worker_user)
    here = f"/cases/{need.case_id}/without-consent"
    assert worker.post(here, company_id=str(world.company.id), because=WHY).status_code == 422

    asked = worker.post(here, company_id=str(world.company.id), field_groups=["size", "home"], because=WHY)
    assert asked.status_code == 200
    with world.sessions() as db:
        request = db.exec(select(DisclosureRequest)).one()
    assert WHY in words(manager.get("/decisions"))
    assert manager.post(f"/decisions/disclosure/{request.id}", agreed="yes").status_code == 200

    with world.sessions() as db:
        consent = db.exec(select(Consent)).one()
    assert worker.get(f"/consents/{consent.id}").status_code == 200
    assert manager.post(f"/decisions/disclosure/{request.id}", agreed="yes").status_code == 409


def test_exclusions_are_named_asked_to_end_and_ended_by_another(world: World, browse: Browse) -> None:
    """S24."""
    need, manager = world.need(consent=False), browse(user_of(world, Role.UNIT_MANAGER))
    worker = browse(world.worker_user)
    here = f"/cases/{need.case_id}/answers/areas"
    worker.post(f"{here}/people", company_id=str(world.company.id), person="Prov Personsson")
    worker.post(f"{here}/companies", blocked=[str(world.company.id)])
    with world.sessions() as db:
        person, company = db.exec(select(ExcludedStaff)).one(), db.exec(select(BlockedCompany)).one()

    worker.post(f"{here}/people/{person.id}/lift")
    worker.post(f"{here}/companies")
    assert worker.get(here).status_code == 200
    for one in (person, company):
        assert worker.post(f"/decisions/exclusion/{one.id}", agreed="yes").status_code == 403
        assert manager.post(f"/decisions/exclusion/{one.id}", agreed="yes").status_code == 200

    with world.sessions() as db:
        assert db.exec(select(ExcludedStaff.lifted_by)).one() is not None
        assert db.exec(select(BlockedCompany.lifted_by)).one() is not None


def test_the_officer_reads_what_was_disclosed_and_no_more(world: World, browse: Browse) -> None:
    placement = world.released()
    card = world.card_of(placement)
    number = case_of(world, world.again_need(placement)).case_number

    page = browse(user_of(world, Role.DATA_PROTECTION_OFFICER)).get("/disclosures")

    assert card.code in page.text
    assert number not in page.text
    assert browse(world.worker_user).get("/disclosures").status_code == 403


def test_the_worker_reads_what_companies_have_seen_of_her_case(world: World, browse: Browse) -> None:
    placement = world.released()
    need = world.again_need(placement)

    page = words(browse(world.worker_user).get(f"/cases/{need.case_id}/disclosures"))

    assert world.card_of(placement).code in page
    assert world.company.name in page


def test_a_manager_records_an_agreement_between_boards_and_leaves_it(world: World, browse: Browse) -> None:
    with world.writing():
        other = factories.BoardFactory.create(name="Provgrannens nämnd")
    manager = browse(user_of(world, Role.UNIT_MANAGER))
    assert other.name in words(manager.get("/county-runs/new"))

    agreement: dict[str, Any] = {"name": "Provlänet", "boards": str(other.id), "valid_from": "2026-11-21"}
    manager.post("/county-runs/new", **agreement, reference="SN 2026/5", decided_on="2026-11-20")
    with world.sessions() as db:
        run_id = db.exec(select(CountyMember.run_id)).one()
    assert "SN 2026/5" in words(manager.get("/county-runs"))
    assert manager.post(f"/county-runs/{run_id}/leave").status_code == 200
    assert (
        manager.post(f"/county-runs/{run_id}/join", reference="SN 2026/6", decided_on="2026-11-20").status_code == 200
    )
    with world.sessions() as db:
        assert len(db.exec(select(CountyMember)).all()) == 2


def test_the_boards_administrator_keeps_the_contact_that_stands_on_cards(
    world: World, rows: Session, browse: Browse
) -> None:
    """S04: one for all cases; no person's own."""
    administrator = browse(user_of(world, Role.ADMINISTRATOR))
    assert administrator.post("/contact", contact="0771-00 00 00").status_code == 200

    content = world.card_of(world.released()).content
    assert content["contact"] == f"0771-00 00 00, {world.board.name}"
    rows.expire_all()
    assert rows.get_one(Organisation, world.board.id).contact == "0771-00 00 00"


def test_a_private_landlords_staff_confirm_the_reservation_and_answer(world: World, browse: Browse) -> None:
    with world.sessions.begin() as db:
        db.get_one(Organisation, world.company.id).private_landlord = True
    placement = world.released()
    staff = browse(world.staff_user)

    assert staff.post(f"/placements/{placement.id}/reserve").status_code == 409
    assert staff.post(f"/placements/{placement.id}/acknowledge").status_code == 200
    assert staff.post(f"/placements/{placement.id}/reserve").status_code == 200
