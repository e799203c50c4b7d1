"""Consent and cards: nothing is seen without consent that holds, and taking it back works at once."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Actor
from bostad.accounts.tables import Organisation
from bostad.errors import Invalid, Missing, OutOfStep
from bostad.needs.avoiding import block_companies
from bostad.needs.case_answers import ConsentTerms
from bostad.needs.consent_pages import ConsentState, consent_page, new_consent_page
from bostad.needs.pages import case_page
from bostad.needs.sharing import card_for, give_consent, renew_consent, share
from bostad.needs.states import ClosedBecause
from bostad.needs.tables import Card, Consent
from bostad.placements.endings import close_case, revoke_consent
from bostad.protection.tables import BlockedCompany
from bostad.records import Sessions
from tests.factories import NOON, TODAY, CompanyFactory, UserFactory, actor
from tests.needs.conftest import Around
from tests.needs.steps import agree, consent_to, need_of, open_up

AGAIN = ConsentTerms.model_validate({"given_on": "2026-11-21", "given_how": "written"})


@pytest.fixture
def open_case(sessions: Sessions, around: Around, case_id: UUID) -> UUID:
    open_up(sessions, case_id, around.worker)
    return case_id


def show(sessions: Sessions, case_id: UUID, around: Around) -> UUID:
    with sessions.begin() as db:
        return share(db, need_of(sessions, case_id), around.company_id, by=around.worker, at=NOON).id


def read(sessions: Sessions, card_id: UUID, by: Actor, on: date = TODAY) -> dict[str, Any]:
    with sessions() as db:
        return card_for(db, card_id, by=by, on=on).content


def test_a_card_is_written_under_consent_and_holds_what_it_allows(
    sessions: Sessions, rows: Session, around: Around, open_case: UUID
) -> None:
    """S10, I04."""
    agree(sessions, open_case, around.company_id, around.worker, "size", "access")

    card_id = show(sessions, open_case, around)

    assert read(sessions, card_id, around.housing) == {
        "adults": 1,
        "children": {"0-5": 2},
        "step_free": True,
        "contact": rows.get_one(Organisation, around.board_id).name,
    }
    code = rows.exec(select(Card.code)).one()
    assert len(code) == 8
    assert set(code).isdisjoint("AEIOUY01L")


def test_nothing_is_shared_without_consent(sessions: Sessions, rows: Session, around: Around, open_case: UUID) -> None:
    with pytest.raises(OutOfStep):
        show(sessions, open_case, around)

    assert rows.exec(select(Card)).all() == []


def test_only_the_company_it_was_written_for_reads_a_card(
    sessions: Sessions, rows: Session, around: Around, open_case: UUID
) -> None:
    agree(sessions, open_case, around.company_id, around.worker)
    card_id = show(sessions, open_case, around)
    rival = CompanyFactory.create()
    other_company = actor(UserFactory.create(organisation=rival, role=around.housing.role))

    for person in (other_company, around.worker, around.manager, around.administrator, around.stranger):
        with pytest.raises(Missing):
            read(sessions, card_id, person)


def test_a_revoked_consent_hides_the_card_at_once_and_keeps_it_on_record(
    sessions: Sessions, rows: Session, around: Around, open_case: UUID
) -> None:
    """S11."""
    consent_id = agree(sessions, open_case, around.company_id, around.worker)
    card_id = show(sessions, open_case, around)

    revoke_consent(sessions, consent_id, by=around.worker, at=NOON)

    with pytest.raises(Missing) as revoked:
        read(sessions, card_id, around.housing)
    with pytest.raises(Missing) as absent:
        read(sessions, UUID(int=0), around.housing)
    assert str(revoked.value) == str(absent.value), "S06"
    assert rows.exec(select(Card.withdrawn_at)).one() == NOON
    with pytest.raises(OutOfStep):
        show(sessions, open_case, around)
    with pytest.raises(OutOfStep):
        revoke_consent(sessions, consent_id, by=around.worker, at=NOON)


def test_a_consent_that_has_ended_hides_the_card_the_day_after(
    sessions: Sessions, around: Around, open_case: UUID
) -> None:
    last = TODAY + timedelta(days=3)
    give_consent(sessions, open_case, consent_to(around.company_id, ends_on=last), by=around.worker, at=NOON)
    card_id = show(sessions, open_case, around)

    assert read(sessions, card_id, around.housing, on=last)
    with pytest.raises(Missing):
        read(sessions, card_id, around.housing, on=last + timedelta(days=1))


def test_a_new_consent_after_an_ended_one_does_not_bring_the_old_card_back(
    sessions: Sessions, around: Around, open_case: UUID
) -> None:
    give_consent(sessions, open_case, consent_to(around.company_id, ends_on=TODAY), by=around.worker, at=NOON)
    card_id = show(sessions, open_case, around)
    later = NOON + timedelta(days=5)

    give_consent(sessions, open_case, consent_to(around.company_id, "access"), by=around.worker, at=later)

    with pytest.raises(Missing):
        read(sessions, card_id, around.housing, on=later.date())
    states = [one.state for one in case_page(sessions, open_case, by=around.worker, on=later.date()).consents]
    assert states == [ConsentState.LIVE, ConsentState.ENDED]


def test_a_renewed_consent_keeps_the_card_readable_and_says_what_it_was(
    sessions: Sessions, around: Around, open_case: UUID
) -> None:
    first = agree(sessions, open_case, around.company_id, around.worker)
    card_id = show(sessions, open_case, around)
    later = NOON + timedelta(hours=1)

    second = renew_consent(sessions, first, AGAIN, by=around.worker, at=later)

    assert read(sessions, card_id, around.housing, on=date(2027, 2, 19)), "ninety days from the renewal"
    pages = [consent_page(sessions, one, by=around.worker, on=TODAY).consent for one in (first, second)]
    assert [one.state for one in pages] == [ConsentState.RENEWED, ConsentState.LIVE]
    with pytest.raises(OutOfStep):
        renew_consent(sessions, first, AGAIN, by=around.worker, at=later)


def test_a_second_consent_to_the_same_company_is_refused_while_one_holds(
    sessions: Sessions, around: Around, open_case: UUID
) -> None:
    agree(sessions, open_case, around.company_id, around.worker)

    with pytest.raises(Invalid):
        agree(sessions, open_case, around.company_id, around.worker)


def test_a_consent_is_for_companies_with_an_agreement(
    sessions: Sessions, rows: Session, around: Around, open_case: UUID
) -> None:
    with pytest.raises(Invalid):
        agree(sessions, open_case, CompanyFactory.create().id, around.worker)


def test_consent_is_never_recorded_ahead_of_time_or_after_its_end(
    sessions: Sessions, around: Around, open_case: UUID
) -> None:
    tomorrow = ConsentTerms.model_validate({"given_on": "2026-11-22", "given_how": "oral"})
    over = consent_to(around.company_id, ends_on=TODAY - timedelta(days=1))
    first = agree(sessions, open_case, around.company_id, around.worker)

    with pytest.raises(Invalid):
        renew_consent(sessions, first, tomorrow, by=around.worker, at=NOON)
    revoke_consent(sessions, first, by=around.worker, at=NOON)
    with pytest.raises(Invalid):
        give_consent(sessions, open_case, over, by=around.worker, at=NOON)


def test_a_blocked_company_is_never_asked_about_and_never_shown_anything(
    sessions: Sessions, rows: Session, around: Around, open_case: UUID
) -> None:
    """S05."""
    agree(sessions, open_case, around.company_id, around.worker)
    with pytest.raises(Invalid):
        block_companies(sessions, open_case, [around.company_id], by=around.worker, at=NOON)
    rows.add(BlockedCompany(need_id=need_of(sessions, open_case).id, company_id=around.company_id))
    rows.commit()
    with pytest.raises(OutOfStep):
        show(sessions, open_case, around)

    revoke_consent(sessions, rows.exec(select(Consent.id)).one(), by=around.worker, at=NOON)
    with pytest.raises(Invalid):
        agree(sessions, open_case, around.company_id, around.worker)


def test_sharing_again_gives_a_new_code_and_hides_the_earlier_card(
    sessions: Sessions, rows: Session, around: Around, open_case: UUID
) -> None:
    agree(sessions, open_case, around.company_id, around.worker)
    first, second = show(sessions, open_case, around), show(sessions, open_case, around)

    assert read(sessions, second, around.housing)
    with pytest.raises(Missing):
        read(sessions, first, around.housing)
    assert len(set(rows.exec(select(Card.code)).all())) == 2


def test_closing_a_case_withdraws_its_cards(sessions: Sessions, around: Around, open_case: UUID) -> None:
    agree(sessions, open_case, around.company_id, around.worker)
    card_id = show(sessions, open_case, around)

    close_case(sessions, open_case, ClosedBecause.MOVED, by=around.worker, at=NOON)

    with pytest.raises(Missing):
        read(sessions, card_id, around.housing)


def test_the_preview_is_what_the_card_will_say(sessions: Sessions, around: Around, open_case: UUID) -> None:
    consent_id = agree(sessions, open_case, around.company_id, around.worker, "size", "safety")
    found = consent_page(sessions, consent_id, by=around.worker, on=TODAY)
    every_group = new_consent_page(sessions, open_case, by=around.worker, on=TODAY)

    assert [str(line.label) for line in found.preview] == ["Adults", "Children", "The home must have"]
    assert [len(lines) for _, lines in every_group.previews] == [2, 4, 1, 1]
