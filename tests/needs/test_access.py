"""Who may do what with a case: its worker and those who stand in; the manager passes it on; nobody else knows of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Actor
from bostad.errors import Invalid, Missing
from bostad.needs.answers import BlockedCompanies, CircleArea, NamedArea
from bostad.needs.avoiding import avoid_circle, avoid_named, block_companies, finish_avoiding, forget_area
from bostad.needs.case_answers import Colleague, NewDeputy
from bostad.needs.check_pages import check_page
from bostad.needs.consent_pages import consent_page, new_consent_page
from bostad.needs.pages import case_page, my_cases, section_page
from bostad.needs.people import hand_over, name_deputy, remove_deputy
from bostad.needs.people_pages import people_page
from bostad.needs.service import open_need, resume_need, save_section, take_part
from bostad.needs.sharing import give_consent, renew_consent
from bostad.needs.states import ClosedBecause
from bostad.needs.staying import move_stay, save_stay
from bostad.needs.surroundings import avoid_page, stay_page
from bostad.needs.tables import Deputy
from bostad.placements.endings import close_case, pause_need, revoke_consent
from bostad.records import Sessions
from tests.factories import NOON, TODAY
from tests.needs.conftest import Around
from tests.needs.steps import HOME, STAY, agree, consent_to, open_up

NO_ID = UUID(int=0)
DISTRICT = NamedArea.model_validate({"kind": "district", "municipality": "9901", "name": "Provdalen"})
CIRCLE = CircleArea(place_id=NO_ID, metres=500)
Door = Callable[[Sessions, UUID, Actor], Any]

DOORS: dict[str, Door] = {
    "read the case": lambda s, c, by: case_page(s, c, by=by, on=TODAY),
    "read a section": lambda s, c, by: section_page(s, c, type(HOME), by=by, on=TODAY),
    "read the answers": lambda s, c, by: check_page(s, c, by=by, on=TODAY),
    "read what is avoided": lambda s, c, by: avoid_page(s, c, by=by, on=TODAY),
    "read the stay": lambda s, c, by: stay_page(s, c, by=by, on=TODAY),
    "read the form for consent": lambda s, c, by: new_consent_page(s, c, by=by, on=TODAY),
    "save a section": lambda s, c, by: save_section(s, c, HOME, version=1, by=by, at=NOON),
    "save the stay": lambda s, c, by: save_stay(s, c, STAY, by=by, at=NOON),
    "move the stay": lambda s, c, by: move_stay(s, c, STAY, by=by, at=NOON),
    "avoid a district": lambda s, c, by: avoid_named(s, c, DISTRICT, by=by, at=NOON),
    "draw a circle": lambda s, c, by: avoid_circle(s, c, CIRCLE, by=by, at=NOON),
    "forget an area": lambda s, c, by: forget_area(s, c, NO_ID, by=by, at=NOON),
    "block companies": lambda s, c, by: block_companies(s, c, BlockedCompanies().blocked, by=by, at=NOON),
    "finish avoiding": lambda s, c, by: finish_avoiding(s, c, by=by, at=NOON),
    "open the need": lambda s, c, by: open_need(s, c, opted_in=True, by=by, at=NOON),
    "take part": lambda s, c, by: take_part(s, c, opted_in=True, by=by, at=NOON),
    "pause": lambda s, c, by: pause_need(s, c, by=by, at=NOON),
    "resume": lambda s, c, by: resume_need(s, c, by=by, at=NOON),
    "close": lambda s, c, by: close_case(s, c, ClosedBecause.MOVED, by=by, at=NOON),
    "give consent": lambda s, c, by: give_consent(s, c, consent_to(NO_ID), by=by, at=NOON),
}
CONSENT_DOORS: dict[str, Door] = {
    "read a consent": lambda s, c, by: consent_page(s, c, by=by, on=TODAY),
    "renew a consent": lambda s, c, by: renew_consent(s, c, consent_to(NO_ID), by=by, at=NOON),
    "revoke a consent": lambda s, c, by: revoke_consent(s, c, by=by, at=NOON),
}
PASSING_ON: dict[str, Door] = {
    "see who works with it": lambda s, c, by: people_page(s, c, by=by, on=TODAY),
    "hand it over": lambda s, c, by: hand_over(s, c, Colleague(colleague_id=NO_ID), by=by, at=NOON),
    "name a deputy": lambda s, c, by: name_deputy(s, c, NewDeputy(colleague_id=NO_ID, until=TODAY), by=by, at=NOON),
    "remove a deputy": lambda s, c, by: remove_deputy(s, c, NO_ID, by=by, at=NOON),
}
OUTSIDERS = ("teammate", "manager", "other_manager", "housing", "administrator", "stranger")


@pytest.mark.parametrize("outsider", OUTSIDERS)
@pytest.mark.parametrize("door", DOORS)
def test_a_case_is_not_there_for_anybody_else(
    sessions: Sessions, around: Around, case_id: UUID, door: str, outsider: str
) -> None:
    """S06: not yours looks like absent, whatever is tried."""
    by: Actor = getattr(around, outsider)

    with pytest.raises(Missing) as not_theirs:
        DOORS[door](sessions, case_id, by)
    with pytest.raises(Missing) as absent:
        DOORS[door](sessions, NO_ID, by)

    assert str(not_theirs.value) == str(absent.value)


@pytest.mark.parametrize("outsider", OUTSIDERS)
@pytest.mark.parametrize("door", CONSENT_DOORS)
def test_a_consent_is_not_there_for_anybody_else(
    sessions: Sessions, around: Around, case_id: UUID, door: str, outsider: str
) -> None:
    open_up(sessions, case_id, around.worker)
    consent_id = agree(sessions, case_id, around.company_id, around.worker)

    with pytest.raises(Missing):
        CONSENT_DOORS[door](sessions, consent_id, getattr(around, outsider))


@pytest.mark.parametrize("outsider", [one for one in OUTSIDERS if one != "manager"])
@pytest.mark.parametrize("door", PASSING_ON)
def test_only_the_worker_and_the_manager_of_the_unit_pass_a_case_on(
    sessions: Sessions, around: Around, case_id: UUID, door: str, outsider: str
) -> None:
    with pytest.raises(Missing):
        PASSING_ON[door](sessions, case_id, getattr(around, outsider))


def test_a_deputy_works_with_a_case_through_her_last_day_and_does_not_pass_it_on(
    sessions: Sessions, rows: Session, around: Around, case_id: UUID
) -> None:
    deputy = around.teammate
    rows.add(Deputy(case_id=case_id, user_id=deputy.id, until=TODAY))
    rows.commit()

    save_section(sessions, case_id, HOME, version=1, by=deputy, at=NOON)
    assert [one.deputising for one in my_cases(sessions, by=deputy, on=TODAY)] == [True]
    with pytest.raises(Missing):
        hand_over(sessions, case_id, Colleague(colleague_id=deputy.id), by=deputy, at=NOON)
    with pytest.raises(Missing):
        case_page(sessions, case_id, by=deputy, on=TODAY + timedelta(days=1))


def test_a_manager_sees_number_state_worker_and_days_and_hands_the_case_over(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    seen = people_page(sessions, case_id, by=around.manager, on=TODAY)
    assert (seen.case_number, seen.worker, seen.is_own) == ("9901-2026-0500", around.worker.name, False)

    hand_over(sessions, case_id, Colleague(colleague_id=around.teammate.id), by=around.manager, at=NOON)

    assert case_page(sessions, case_id, by=around.teammate, on=TODAY).is_worker
    with pytest.raises(Missing):
        case_page(sessions, case_id, by=around.worker, on=TODAY)


def test_handing_over_ends_all_standing_in(sessions: Sessions, rows: Session, around: Around, case_id: UUID) -> None:
    name_deputy(sessions, case_id, NewDeputy(colleague_id=around.teammate.id, until=TODAY), by=around.worker, at=NOON)
    hand_over(sessions, case_id, Colleague(colleague_id=around.teammate.id), by=around.worker, at=NOON)

    assert rows.exec(select(Deputy)).all() == []


def test_a_deputy_named_again_has_a_new_last_day_and_can_be_ended_at_once(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    for days in (1, 5):
        until = TODAY + timedelta(days=days)
        name_deputy(
            sessions, case_id, NewDeputy(colleague_id=around.teammate.id, until=until), by=around.worker, at=NOON
        )
    page = people_page(sessions, case_id, by=around.worker, on=TODAY)
    assert page.deputies == ((around.teammate.id, around.teammate.name, TODAY + timedelta(days=5)),)

    remove_deputy(sessions, case_id, around.teammate.id, by=around.worker, at=NOON)
    with pytest.raises(Missing):
        case_page(sessions, case_id, by=around.teammate, on=TODAY)


def test_a_case_goes_to_social_workers_of_the_board_and_to_nobody_else(
    sessions: Sessions, around: Around, case_id: UUID
) -> None:
    for person in (around.manager, around.housing, around.administrator, around.stranger, around.worker):
        with pytest.raises(Invalid):
            hand_over(sessions, case_id, Colleague(colleague_id=person.id), by=around.worker, at=NOON)
        with pytest.raises(Invalid):
            name_deputy(sessions, case_id, NewDeputy(colleague_id=person.id, until=TODAY), by=around.worker, at=NOON)
