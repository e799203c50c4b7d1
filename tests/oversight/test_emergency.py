"""Opening a case in an emergency: what it takes, what it opens, for how long, and who looks at it afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from bostad.accounts.access import Role
from bostad.audit.purposes import Purpose
from bostad.errors import BostadError, Invalid, Missing, NotAllowed, OutOfStep, TooMany
from bostad.needs.pages import case_page
from bostad.needs.service import resume_need, take_part
from bostad.needs.tables import Case
from bostad.oversight.emergency import MOST, REVIEWED_WITHIN, open_in_emergency, review_opening
from bostad.oversight.pages import my_opening, to_look_at
from bostad.oversight.states import ReviewOutcome
from bostad.oversight.tables import EmergencyOpening
from bostad.placements.pages import placement_page
from bostad.placements.service import put_to_household
from tests.factories import CaseFactory, UserFactory, actor
from tests.oversight.conftest import Watched


def opened(watched: Watched, **given: object) -> None:
    by = watched.acting(watched.colleague)
    open_in_emergency(watched.world.sessions, watched.asking(**given), by=by, at=watched.now)


def read(watched: Watched) -> str:
    by = watched.acting(watched.colleague)
    return case_page(watched.world.sessions, watched.case_id, by=by, on=watched.now.date()).case_number


def change(watched: Watched, **case: object) -> None:
    with watched.world.sessions.begin() as db:
        db.execute(update(Case).where(col(Case.id) == watched.case_id).values(**case))


def expire(watched: Watched) -> None:
    """Let four hours have gone by."""
    ago = watched.now - timedelta(hours=4, seconds=1)
    with watched.world.sessions.begin() as db:
        db.execute(update(EmergencyOpening).values(opened_at=ago, until=ago + timedelta(hours=4)))


def opening_of(watched: Watched) -> EmergencyOpening:
    with watched.world.sessions() as db:
        return db.exec(select(EmergencyOpening)).one()


def test_a_colleagues_case_is_shut_until_it_is_opened_and_again_when_the_hours_are_over(watched: Watched) -> None:
    """S68: by the database's clock, to the second."""
    with pytest.raises(Missing):
        read(watched)

    opened(watched)
    assert read(watched) == watched.number

    expire(watched)
    with pytest.raises(Missing):
        read(watched)


def test_an_opening_to_read_changes_nothing(watched: Watched) -> None:
    by, sessions = watched.acting(watched.colleague), watched.world.sessions
    opened(watched)

    with pytest.raises(Missing):
        take_part(sessions, watched.case_id, opted_in=False, by=by, at=watched.now)
    with pytest.raises(Missing):
        resume_need(sessions, watched.case_id, by=by, at=watched.now)


def test_an_opening_to_change_does_what_a_deputy_can(watched: Watched) -> None:
    by = watched.acting(watched.colleague)
    opened(watched, may_change="yes")

    take_part(watched.world.sessions, watched.case_id, opted_in=False, by=by, at=watched.now)

    (row,) = watched.rows("need.stands_aside")
    assert (row.actor_id, row.purpose) == (by.id, Purpose.EMERGENCY)


def test_a_proposal_is_read_and_left_alone(watched: Watched) -> None:
    """The same for what goes on in the case."""
    watched.world.home()
    watched.world.run()
    placement = watched.world.placement_of(watched.need)
    assert placement is not None
    by, sessions = watched.acting(watched.colleague), watched.world.sessions
    opened(watched)

    assert placement_page(sessions, placement.id, by=by, at=watched.now).id == placement.id
    with pytest.raises(Missing):
        put_to_household(sessions, placement.id, by=by, at=watched.now)


@pytest.mark.parametrize("hidden", ["absent", "closed", "heightened", "another board's", "own"])
def test_what_cannot_be_opened_answers_as_if_it_did_not_exist(watched: Watched, hidden: str) -> None:
    """S06: heightened protection, another board and nothing at all in the same words; each try is logged."""
    number, by = watched.number, watched.acting(watched.colleague)
    if hidden == "absent":
        number = "9901-2026-9999"
    elif hidden == "closed":
        change(watched, closed_at=watched.now, closed_because="moved")
    elif hidden == "heightened":
        change(watched, heightened=True)
    elif hidden == "another board's":
        with watched.world.writing():
            number = CaseFactory(case_number="9902-2026-0001").case_number
    elif hidden == "own":
        by = watched.world.worker

    with pytest.raises(Invalid) as refusal:
        open_in_emergency(watched.world.sessions, watched.asking(case_number=number), by=by, at=watched.now)

    told = str(refusal.value.fields["case_number"])
    assert told == (
        "This case is your own." if hidden == "own" else "There is no case with this number that you can open."
    )
    assert len(watched.rows("emergency.refused")) == (hidden != "own")


def test_protection_that_is_set_meanwhile_shuts_the_case_at_once(watched: Watched) -> None:
    opened(watched)
    change(watched, heightened=True)

    with pytest.raises(Missing):
        read(watched)


@pytest.mark.parametrize("role", [Role.UNIT_MANAGER, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR])
def test_nobody_but_a_social_worker_opens_a_case(watched: Watched, role: Role) -> None:
    with watched.world.writing():
        user = UserFactory(
            organisation_id=watched.world.board.id, organisation=None, unit_id=watched.world.unit_id, role=role
        )

    with pytest.raises(NotAllowed):
        open_in_emergency(watched.world.sessions, watched.asking(), by=actor(user), at=watched.now)


def test_too_many_emergencies_in_a_day_are_none(watched: Watched) -> None:
    for _ in range(MOST):
        opened(watched)
    with pytest.raises(TooMany):
        opened(watched)


def test_the_opening_is_in_the_log_without_a_word_of_what_was_written(watched: Watched) -> None:
    """S65: codes and hours; the words lie sealed."""
    opened(watched)

    (row,) = watched.rows("emergency.opened")
    assert (row.case_id, row.facts) == (
        watched.case_id,
        {"because": "colleague_ill", "hours": 4, "may_change": False},
    )
    assert b"nycklarna" not in (opening_of(watched).sealed or b"")
    assert opening_of(watched).note.startswith("Flytten")


def test_the_manager_sees_it_at_once_and_signs_it_off(watched: Watched) -> None:
    """S68."""
    sessions, manager = watched.world.sessions, watched.acting(watched.manager)
    opened(watched)

    (line,) = to_look_at(sessions, by=manager, at=watched.now).openings
    assert (line.case_number, line.who, line.late) == (watched.number, watched.colleague.name, False)
    review_opening(sessions, line.id, ReviewOutcome.LOOK_INTO, by=manager, at=watched.now)
    (line,) = to_look_at(sessions, by=manager, at=watched.now).openings
    review_opening(sessions, line.id, ReviewOutcome.TALKED_TO, by=manager, at=watched.now)

    assert to_look_at(sessions, by=manager, at=watched.now).openings == ()
    assert [row.facts["outcome"] for row in watched.rows("emergency.reviewed")] == ["look_into", "talked_to"]
    with pytest.raises(OutOfStep):
        review_opening(sessions, line.id, ReviewOutcome.FINE, by=manager, at=watched.now)


@pytest.mark.parametrize("who", ["other_manager", "officer", "colleague"])
def test_nobody_else_sees_it_or_signs_it_off(watched: Watched, who: str) -> None:
    """S06."""
    by = watched.acting(getattr(watched, who))
    opened(watched)

    assert to_look_at(watched.world.sessions, by=by, at=watched.now).openings == ()
    with pytest.raises(Missing):
        review_opening(watched.world.sessions, opening_of(watched).id, ReviewOutcome.FINE, by=by, at=watched.now)


def test_after_a_week_the_officer_is_told_that_it_waits_and_nothing_more(watched: Watched) -> None:
    """S68: none unreviewed for more than seven days."""
    sessions, officer = watched.world.sessions, watched.acting(watched.officer)
    opened(watched)
    later = watched.now + REVIEWED_WITHIN + timedelta(minutes=1)

    assert to_look_at(sessions, by=officer, at=watched.now).late_openings == 0
    assert to_look_at(sessions, by=officer, at=later).late_openings == 1
    assert to_look_at(sessions, by=watched.acting(watched.manager), at=later).openings[0].late


def test_the_one_who_opened_it_knows_for_how_long(watched: Watched) -> None:
    by, sessions = watched.acting(watched.colleague), watched.world.sessions
    opened(watched)

    with sessions() as db:
        mine = my_opening(db, watched.case_id, by=by, at=watched.now)
        assert mine is not None
        assert not mine.may_change
        assert my_opening(db, watched.case_id, by=by, at=mine.until) is None


@pytest.mark.parametrize("wrong", [{"note": "kort"}, {"hours": "13"}, {"because": ""}, {"case_number": ""}])
def test_without_a_reason_and_an_end_nothing_opens(watched: Watched, wrong: dict[str, object]) -> None:
    with pytest.raises((BostadError, ValueError)):
        opened(watched, **wrong)
    assert watched.rows("emergency.opened") == []


@pytest.mark.parametrize(
    "values",
    [
        {"until": "opened_at + interval '13 hours'"},
        {"reviewed_by": "user_id", "reviewed_at": "now()", "outcome": "'fine'"},
        {"outcome": "'fine'"},
    ],
    ids=["longer than a shift", "reviewed by herself", "an outcome nobody gave"],
)
def test_the_database_itself_refuses_what_must_never_be(watched: Watched, values: dict[str, str]) -> None:
    from sqlalchemy import text

    opened(watched)
    changes = ", ".join(f"{name} = {value}" for name, value in values.items())
    with pytest.raises(IntegrityError), watched.world.sessions.begin() as db:
        db.execute(text(f"update emergency_opening set {changes}"))
