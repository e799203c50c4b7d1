"""County runs: a board is in one with others by its own decision, and by nobody else's."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bostad.accounts.access import Actor, Role
from bostad.counties.answers import Decision, NewCountyRun
from bostad.counties.loading import boards_running_with
from bostad.counties.pages import county_runs
from bostad.counties.service import draft_run, join_run, leave_run
from bostad.counties.tables import CountyMember
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.outbox.tables import Message
from bostad.records import Sessions
from tests.factories import NOON, TODAY, BoardFactory, CompanyFactory, UnitFactory, UserFactory, actor

DECISION = Decision(reference="SN 2026/77", decided_on=TODAY)


@pytest.fixture
def managers(rows: Session) -> list[Actor]:
    """Let three boards have a manager each."""
    found = []
    for _ in range(3):
        board = BoardFactory.create()
        unit = UnitFactory.create(board=board)
        found.append(actor(UserFactory.create(organisation=board, unit=unit, role=Role.UNIT_MANAGER), board))
    rows.commit()
    return found


def drafted(sessions: Sessions, by: Actor, *others: Actor, **facts: object) -> UUID:
    answers = {"name": "Provlänet", "boards": [one.organisation_id for one in others], "valid_from": TODAY}
    return draft_run(
        sessions, NewCountyRun.model_validate({**answers, **DECISION.model_dump(), **facts}), by=by, at=NOON
    )


def together(sessions: Sessions, by: Actor, days: int = 0) -> set[UUID]:
    with sessions() as db:
        return set(boards_running_with(db, by.organisation_id, TODAY + timedelta(days=days)))


def test_nobody_is_in_a_run_with_others_before_deciding_it(sessions: Sessions, managers: list[Actor]) -> None:
    first, second, third = managers
    run = drafted(sessions, first, second, third)
    assert together(sessions, first) == {first.organisation_id}
    assert together(sessions, second) == {second.organisation_id}

    join_run(sessions, run, DECISION, by=second, at=NOON)

    both = {first.organisation_id, second.organisation_id}
    assert together(sessions, first) == together(sessions, second) == both
    assert together(sessions, third) == {third.organisation_id}


def test_a_board_leaves_at_once_and_may_come_back(sessions: Sessions, managers: list[Actor]) -> None:
    first, second, _ = managers
    run = drafted(sessions, first, second)
    join_run(sessions, run, DECISION, by=second, at=NOON)

    leave_run(sessions, run, by=second, at=NOON)
    assert together(sessions, first) == {first.organisation_id}
    with pytest.raises(OutOfStep):
        leave_run(sessions, run, by=second, at=NOON)
    join_run(sessions, run, DECISION, by=second, at=NOON)
    assert len(together(sessions, first)) == 2


def test_an_agreement_holds_from_its_first_day_through_its_last(sessions: Sessions, managers: list[Actor]) -> None:
    first, second, _ = managers
    days = {"valid_from": TODAY + timedelta(days=1), "valid_until": TODAY + timedelta(days=2)}
    join_run(sessions, drafted(sessions, first, second, **days), DECISION, by=second, at=NOON)

    assert [len(together(sessions, first, days)) for days in range(4)] == [1, 2, 2, 1]


def test_a_board_is_in_one_agreement_at_a_time_so_that_nobody_is_drawn_in_by_another(
    sessions: Sessions, managers: list[Actor]
) -> None:
    first, second, third = managers
    drafted(sessions, first, second)
    other = drafted(sessions, third, first)

    with pytest.raises(OutOfStep):
        join_run(sessions, other, DECISION, by=first, at=NOON)
    with sessions() as db:
        known = db.exec(select(CountyMember).where(CountyMember.board_id == first.organisation_id)).one()
    twice = CountyMember(**known.model_dump(exclude={"id"}) | {"run_id": other})
    with pytest.raises(IntegrityError, match="uq_county_member_live"), sessions.begin() as db:
        db.add(twice)


def test_a_board_that_is_no_party_finds_nothing(sessions: Sessions, managers: list[Actor]) -> None:
    """S06."""
    first, second, third = managers
    run = drafted(sessions, first, second)

    for act in (join_run, lambda s, r, _, **who: leave_run(s, r, **who)):
        with pytest.raises(Missing):
            act(sessions, run, DECISION, by=third, at=NOON)
    assert county_runs(sessions, by=third) == ()
    assert [run.takes_part for run in county_runs(sessions, by=second)] == [False]


def test_only_a_manager_decides_and_only_boards_are_parties(
    sessions: Sessions, rows: Session, managers: list[Actor]
) -> None:
    first, second, _ = managers
    worker = actor(UserFactory.create(organisation_id=first.organisation_id, organisation=None))
    company = CompanyFactory.create()

    with pytest.raises(NotAllowed):
        drafted(sessions, worker, second)
    for wrong in ([company.id], [first.organisation_id], [UUID(int=0)]):
        with pytest.raises(Invalid):
            drafted(sessions, first, boards=wrong)


def test_every_board_concerned_gets_a_run(sessions: Sessions, rows: Session, managers: list[Actor]) -> None:
    first, second, _ = managers
    join_run(sessions, drafted(sessions, first, second), DECISION, by=second, at=NOON)

    keys = {message.key for message in rows.exec(select(Message).where(Message.kind == "matching.run"))}
    assert keys == {str(first.organisation_id), str(second.organisation_id)}
