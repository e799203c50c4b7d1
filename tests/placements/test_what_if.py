"""What if: a question is a row, the worker answers it in numbers, and nothing else is changed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.agreements.joint import Decision, switch
from bostad.agreements.tables import LineMonth
from bostad.audit.tables import AuditRow
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.needs.household import Risk
from bostad.needs.tables import Case, Need
from bostad.outbox.tables import Message
from bostad.placements import service
from bostad.placements.answering import HELD_FOR, answer, forget_answers
from bostad.placements.asking import (
    KIND,
    PATIENCE,
    MoreHomes,
    OtherAnswer,
    ask_more_homes,
    ask_other_answer,
    ask_this_home,
    question_page,
)
from bostad.placements.tables import Placement, Question
from bostad.tasks import HANDLERS
from tests.browsing import Browser, words
from tests.factories import NOON, TODAY, UserFactory, actor
from tests.worlds import World

Browse = Callable[[User | None], Browser]


@pytest.fixture
def manager_user(world: World) -> User:
    with world.writing():
        user: User = UserFactory(
            organisation=None, organisation_id=world.board.id, unit_id=world.unit_id, role=Role.UNIT_MANAGER
        )
    return user


@pytest.fixture
def manager(world: World, manager_user: User) -> Actor:
    return actor(manager_user, world.board)


def test_that_an_answer_was_read_stands_with_its_case_in_the_log(world: World, browse: Browse) -> None:
    """S66: the answer's address names the question alone; who has read a case is asked by the case."""
    need = world.need()
    asked = ask_other_answer(world.sessions, need.case_id, OtherAnswer(rent_max=9_500), by=world.worker, at=NOON)
    assert browse(world.worker_user).get(f"/what-if/{asked}").status_code == 200

    with world.sessions() as db:
        rows = db.exec(select(AuditRow).where(col(AuditRow.action).like("what_if.%"))).all()
    assert {(row.action, row.case_id) for row in rows} == {
        ("what_if.asked", need.case_id),
        ("what_if.read", need.case_id),
    }


def like_a_home(world: World, **facts: Any) -> MoreHomes:
    shape = {"line_id": world.line.id, "municipality": "9901", "rooms": 2, "rent": 7_000, "floor": 2, "months": 2}
    return MoreHomes(**{**shape, **facts})


def answered(world: World, question_id: UUID) -> dict[str, Any]:
    answer(world.sessions, question_id, at=NOON)
    with world.sessions() as db:
        question = db.get_one(Question, question_id)
    assert question.answered_at == NOON
    return question.answer


def proposals(world: World) -> list[tuple[UUID, UUID, str]]:
    with world.sessions() as db:
        query = select(Placement.need_id, Placement.home_id, Placement.stage).order_by(col(Placement.id))
        return [(need, home, str(stage)) for need, home, stage in db.exec(query).all()]


def test_the_manager_learns_how_many_more_would_have_a_home_and_nothing_changes(world: World, manager: Actor) -> None:
    world.need(), world.need(), world.need(rent_max=3_000)
    world.home()
    world.run()
    before = proposals(world)
    said = answered(world, ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON))
    assert said == {"gains": 1, "loses": 0, "moves": 0, "proven": True, "together": False, "placed": 2, "placed_now": 1}
    assert proposals(world) == before


def test_the_worker_learns_what_another_answer_would_give_her_own_case(world: World) -> None:
    need, home = world.need(rent_max=3_000), world.home()
    world.run()
    asked = ask_other_answer(world.sessions, need.case_id, OtherAnswer(rent_max=9_000), by=world.worker, at=NOON)
    said = answered(world, asked)
    assert (said["home"], said["same"], said["loses"]) == (str(home.id), False, 0)
    with world.sessions() as db:
        assert db.get_one(Need, need.id).rent_max == 3_000


def test_of_everybody_else_only_numbers_are_told(world: World) -> None:
    """S42: a home kept for one household costs another hers; how many is told, never who."""
    acute, mine, home = world.need(risk=Risk.ACUTE), world.need(), world.home()
    world.run()
    asked = ask_this_home(world.sessions, mine.case_id, home.id, by=world.worker, at=NOON)
    said = answered(world, asked)
    assert (said["home"], said["loses"]) == (str(home.id), 1)
    with world.sessions() as db:
        number = db.get_one(Case, acute.case_id).case_number
        row = str(db.get_one(Question, asked).model_dump())
    for secret in (number, str(acute.id), str(acute.case_id)):
        assert secret not in row


def test_a_home_that_does_not_fit_is_not_put_to_them_in_thought_either(world: World) -> None:
    """I05."""
    need, home = world.need(must=["door_code"]), world.home()
    asked = ask_this_home(world.sessions, need.case_id, home.id, by=world.worker, at=NOON)
    assert answered(world, asked) == {"cannot": "does_not_fit"}


def test_what_keeps_somebody_safe_cannot_be_asked_about() -> None:
    """U33."""
    assert OtherAnswer.model_fields.keys() == {"rent_max", "rooms_min", "municipality", "school_m_max", "move_in_by"}


@pytest.mark.parametrize("given", [{}, {"rent_max": "9000", "rooms_min": "2"}])
def test_exactly_one_answer_is_changed(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="unfit"):
        OtherAnswer.model_validate(given)


def test_the_same_answer_comes_with_and_without_a_run_to_begin_from(world: World, manager: Actor) -> None:
    """Warm from the last run's plan, or cold: as many gain and lose; of plans equally good it may be another."""
    world.need(), world.need()
    world.home()
    cold = answered(world, ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON))
    world.run()
    warm = answered(world, ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON))
    assert cold | {"moves": 0} == warm | {"moves": 0}


def test_rights_are_looked_at_again_when_the_answer_is_reckoned(world: World) -> None:
    """S41. ASVS V8.3.3."""
    need = world.need()
    world.home()
    asked = ask_other_answer(world.sessions, need.case_id, OtherAnswer(rooms_min=1), by=world.worker, at=NOON)
    with world.writing():
        colleague = UserFactory(organisation=None, organisation_id=world.board.id, unit_id=world.unit_id)
    with world.sessions.begin() as db:
        db.get_one(Case, need.case_id).worker_id = colleague.id
    assert answered(world, asked) == {"cannot": "rights"}
    with pytest.raises(Missing):
        question_page(world.sessions, asked, by=world.worker, at=NOON)


def test_a_household_with_a_promise_is_not_asked_about(world: World) -> None:
    placement = world.proposal()
    need = world.again_need(placement)
    asked = ask_other_answer(world.sessions, need.case_id, OtherAnswer(rooms_min=1), by=world.worker, at=NOON)
    service.put_to_household(world.sessions, placement.id, by=world.worker, at=NOON)
    assert answered(world, asked) == {"cannot": "not_waiting"}


def test_without_joint_matching_there_is_no_plan_to_ask_about(world: World, manager: Actor) -> None:
    asked = ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON)
    switch(world.sessions, Decision(decided_on=TODAY, reference="SN 1"), on=False, by=manager, at=NOON)
    assert answered(world, asked) == {"cannot": "joint_off"}
    with pytest.raises(OutOfStep):
        ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON)


def test_whose_question_it_may_be(world: World, manager: Actor) -> None:
    need = world.need()
    with pytest.raises(NotAllowed):
        ask_more_homes(world.sessions, like_a_home(world), by=world.worker, at=NOON)
    with pytest.raises(Missing):
        ask_other_answer(world.sessions, need.case_id, OtherAnswer(rooms_min=1), by=manager, at=NOON)
    with pytest.raises(Invalid):
        ask_more_homes(world.sessions, like_a_home(world, line_id=need.id), by=manager, at=NOON)
    asked = ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON)
    with pytest.raises(Missing):
        question_page(world.sessions, asked, by=world.worker, at=NOON)


def test_one_question_at_a_time_and_a_lost_one_does_not_stand_in_the_way(world: World, manager: Actor) -> None:
    ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON)
    with pytest.raises(OutOfStep):
        ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON)
    ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON + PATIENCE)


def test_the_worker_is_told_of_an_id_alone_and_answering_twice_is_no_harm(world: World, manager: Actor) -> None:
    """S41, F04."""
    asked = ask_more_homes(world.sessions, like_a_home(world), by=manager, at=NOON)
    with world.sessions() as db:
        assert db.exec(select(Message.key).where(Message.kind == KIND)).all() == [str(asked)]
    for _ in range(2):
        HANDLERS[KIND](world.sessions, str(asked))
    assert forget_answers(world.sessions, at=NOON + HELD_FOR) == 0
    assert forget_answers(world.sessions, at=NOON + 2 * HELD_FOR) == 1


def test_the_manager_asks_on_a_page_and_the_answer_comes_by_itself(
    world: World, manager_user: User, browse: Browse
) -> None:
    world.need(), world.need()
    world.home()
    world.run()
    browser = browse(manager_user)
    browser.post("/me/language", locale="en")
    assert browser.post("/what-if").status_code == 422
    shape = {"line_id": str(world.line.id), "municipality": "9901", "rooms": "2", "rent": "7 000", "floor": "2"}
    form: dict[str, Any] = {**shape, "months": "2"}
    waiting = browser.post("/what-if", **form)
    assert "The answer is being reckoned." in words(waiting)
    assert "turn=1" in waiting.text
    here = str(waiting.url)
    answer(world.sessions, UUID(here.rsplit("/", 1)[1]), at=NOON)
    part = browser.get(f"{here}?turn=1", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in part.text
    assert "hx-get" not in part.text
    assert "1 household more would have a home." in words(part)


def test_the_worker_asks_about_a_home_and_about_an_answer(world: World, browse: Browse) -> None:
    need, home = world.need(), world.home()
    world.need(risk=Risk.ACUTE)
    with world.sessions.begin() as db:
        db.exec(select(LineMonth)).one().agreed = 2
    world.run()
    social = browse(world.worker_user)
    social.post("/me/language", locale="en")
    here = f"/cases/{need.case_id}"
    assert "What if they had it?" in words(social.get(f"{here}/homes"))
    asked = social.post(f"{here}/homes/{home.id}/what-if")
    answer(world.sessions, UUID(str(asked.url).rsplit("/", 1)[1]), at=NOON)
    said = words(social.get(str(asked.url)))
    assert f"They would have this home: {home.address}" in said
    assert "1 other household would lose the home it has in the plan." in said
    assert social.post(f"{here}/what-if").status_code == 422
    other = social.post(f"{here}/what-if", rooms_min="9")
    answer(world.sessions, UUID(str(other.url).rsplit("/", 1)[1]), at=NOON)
    assert "They would still be without a home." in words(social.get(str(other.url)))
