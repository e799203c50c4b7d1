"""Necessary disclosure: asked in writing by one, granted by the unit's manager, and then like a consent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.needs.avoiding import block_companies
from bostad.needs.consent import Basis
from bostad.needs.sharing import card_for, renew_consent
from bostad.needs.tables import Consent, Need
from bostad.placements import endings, service
from bostad.protection.answers import Necessity
from bostad.protection.deciding import decisions
from bostad.protection.disclosures import disclosures_of_case
from bostad.protection.necessity import ask_to_disclose, decide_to_disclose
from bostad.protection.tables import DisclosureRequest
from tests import factories
from tests.browsing import Browser, words
from tests.factories import NOON, TODAY, actor
from tests.needs.steps import consent_to
from tests.protection.people import of_the_unit
from tests.protection.test_heightening import closed_off
from tests.worlds import World

WHY = "The household cannot be reached, and the home must be answered for this week."


def asked(world: World, need: Need, **facts: Any) -> Any:
    answers = {"company_id": world.company.id, "field_groups": ["size", "home"], "because": WHY, **facts}
    return ask_to_disclose(world.sessions, need.case_id, Necessity.model_validate(answers), by=world.worker, at=NOON)


def granted(world: World, need: Need, manager: Actor) -> Consent:
    decide_to_disclose(world.sessions, asked(world, need), grant=True, by=manager, at=NOON)
    with world.sessions() as db:
        return db.exec(select(Consent).where(Consent.need_id == need.id)).one()


def test_nothing_can_be_seen_until_the_manager_has_granted_it_and_then_what_was_asked_for(world: World) -> None:
    """S10: under the second basis a card holds the groups that were granted, for one company, until a day."""
    need, home, manager = world.need(consent=False), world.home(), of_the_unit(world, Role.UNIT_MANAGER)
    request = asked(world, need)
    world.run()
    assert world.placement_of(need) is None

    decide_to_disclose(world.sessions, request, grant=True, by=manager, at=NOON)
    world.run()
    placement = world.placement_of(need)
    assert placement is not None
    assert placement.home_id == home.id
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)

    with world.sessions() as db:
        seen = card_for(db, world.card_of(placement).id, by=world.staff, on=TODAY)
    assert seen.content.keys() == {"adults", "children", "rooms", "rent_max", "contracts", "move_in_from", "contact"}
    [line] = disclosures_of_case(world.sessions, need.case_id, by=world.worker, on=TODAY).disclosures
    assert (line.basis, line.ends_on) == (Basis.NECESSITY, TODAY + timedelta(days=90))


def test_it_ends_at_once_when_it_is_taken_back_and_by_itself_on_its_day(world: World) -> None:
    """S11: the same rule as for a consent."""
    need, manager = world.need(consent=False), of_the_unit(world, Role.UNIT_MANAGER)
    consent = granted(world, need, manager)
    world.home()
    world.run()
    placement = world.placement_of(need)
    assert placement is not None
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)
    card = world.card_of(placement).id

    with world.sessions() as db, pytest.raises(Missing):
        card_for(db, card, by=world.staff, on=consent.ends_on + timedelta(days=1))
    endings.revoke_consent(world.sessions, consent.id, by=world.worker, at=NOON)
    with world.sessions() as db, pytest.raises(Missing):
        card_for(db, card, by=world.staff, on=TODAY)


def test_only_the_manager_of_the_cases_unit_decides(world: World) -> None:
    """S24: not who asked, not a colleague, not another unit's manager."""
    need = world.need(consent=False)
    request = asked(world, need)
    with world.writing():
        elsewhere = factories.UnitFactory(board=world.board)
        other = actor(factories.UserFactory(organisation=world.board, unit=elsewhere, role=Role.UNIT_MANAGER))

    for nobody in (world.worker, of_the_unit(world), other, world.staff):
        with pytest.raises(Missing):
            decide_to_disclose(world.sessions, request, grant=True, by=nobody, at=NOON)


def test_whoever_asked_does_not_decide_even_as_a_manager_since(world: World, rows: Session) -> None:
    """S24: by the service, and by a CHECK."""
    need = world.need(consent=False)
    request = asked(world, need)
    rows.get_one(User, world.worker.id).role = Role.UNIT_MANAGER
    rows.commit()
    promoted = actor(rows.get_one(User, world.worker.id), world.board)

    with pytest.raises(NotAllowed):
        decide_to_disclose(world.sessions, request, grant=True, by=promoted, at=NOON)
    alone = {"decided_by": world.worker.id, "decided_at": NOON, "granted": True}
    with pytest.raises(IntegrityError, match="decided_by_another"), world.sessions.begin() as db:
        db.execute(update(DisclosureRequest).values(alone))


def test_the_database_takes_no_necessity_without_a_grant(world: World) -> None:
    """S24: neither without a request, nor on one that nobody has granted, nor beyond what was granted."""
    need, manager = world.need(consent=False), of_the_unit(world, Role.UNIT_MANAGER)
    request = asked(world, need)

    def necessity(**facts: Any) -> Consent:
        given: dict[str, Any] = {
            "request_id": request,
            "approved_by": manager.id,
            "recorded_by": world.worker.id,
        } | facts
        common: dict[str, Any] = {
            "need_id": need.id,
            "company_id": world.company.id,
            "given_on": TODAY,
            "ends_on": TODAY,
        }
        return Consent(**common, **given, basis=Basis.NECESSITY, field_groups=["size"], recorded_at=NOON)

    for wrong in (
        necessity(),
        necessity(request_id=None, approved_by=None),
        necessity(approved_by=world.worker.id),
    ):
        with pytest.raises(IntegrityError), world.sessions.begin() as db:
            db.add(wrong)
    decide_to_disclose(world.sessions, request, grant=False, by=manager, at=NOON)
    with pytest.raises(IntegrityError, match="grant of the unit's manager"), world.sessions.begin() as db:
        db.add(necessity())


def test_the_manager_reads_why_and_sees_each_with_its_date_and_how_many_there_were(world: World) -> None:
    need, manager = world.need(consent=False), of_the_unit(world, Role.UNIT_MANAGER)
    request = asked(world, need)
    [waiting] = decisions(world.sessions, by=manager, at=NOON).waiting
    assert (waiting.because, waiting.ends_on, waiting.asked_by) == (
        WHY,
        TODAY + timedelta(days=90),
        world.worker_user.name,
    )

    decide_to_disclose(world.sessions, request, grant=True, by=manager, at=NOON)

    page = decisions(world.sessions, by=manager, at=NOON)
    assert (len(page.waiting), page.this_year) == (0, 1)
    assert [(one.at, one.granted, one.decided_by) for one in page.decided] == [(NOON, True, manager.name)]
    with world.sessions() as db:
        log = db.exec(select(AuditRow).where(AuditRow.action == "necessity.granted")).one()
        assert (log.actor_id, WHY in str(log.facts)) == (manager.id, False)


def test_what_is_necessary_is_not_renewed_like_a_consent_but_asked_for_anew(world: World) -> None:
    need, manager = world.need(consent=False), of_the_unit(world, Role.UNIT_MANAGER)
    consent = granted(world, need, manager)

    with pytest.raises(OutOfStep):
        renew_consent(world.sessions, consent.id, consent_to(world.company.id), by=world.worker, at=NOON)


@pytest.mark.parametrize("obstacle", ["excluded", "consented", "too long", "heightened"])
def test_it_is_refused_where_it_cannot_be(world: World, obstacle: str) -> None:
    need = world.need(consent=obstacle == "consented")
    facts: dict[str, Any] = {}
    if obstacle == "excluded":
        block_companies(world.sessions, need.case_id, [world.company.id], by=world.worker, at=NOON)
    if obstacle == "too long":
        facts["ends_on"] = TODAY + timedelta(days=181)
    if obstacle == "heightened":
        closed_off(world, need)

    with pytest.raises((Invalid, OutOfStep)):
        asked(world, need, **facts)


def test_a_reason_of_two_words_is_none() -> None:
    with pytest.raises(ValueError, match="because"):
        Necessity.model_validate({"company_id": "0" * 32, "field_groups": "size", "because": "Behövs nu"})


def test_no_page_of_a_case_suggests_it(world: World, browse: Callable[[User | None], Browser]) -> None:
    """It is one plain link under the form that records a consent, and nowhere else."""
    need, browser = world.need(consent=False), browse(world.worker_user)
    here = f"/cases/{need.case_id}"

    for page in ("/cases", here, f"{here}/check", f"{here}/disclosures", f"{here}/answers/areas"):
        assert "without-consent" not in browser.get(page).text
    assert browser.get(f"{here}/consents/new").text.count("without-consent") == 1
    assert "WITHOUT" not in words(browser.get(f"{here}/consents/new"))
