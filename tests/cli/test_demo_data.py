"""The demo's data: the example from Sundsvall, as if it had happened by today."""

import os
import time
from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

from bostad.accounts.access import Role
from bostad.accounts.answers import SecondStep, SignIn
from bostad.accounts.passwords import Passwords
from bostad.accounts.proving import Proof, prove_with_code
from bostad.accounts.sessions import actor_for_token
from bostad.accounts.signing_in import sign_in
from bostad.accounts.tables import Organisation, User
from bostad.adapters.database import connect, sessions_on
from bostad.agreements.tables import LineMonth, QuotaLine
from bostad.audit.tables import AuditRow
from bostad.audit.verifying import broken_at
from bostad.cli.demo_code import EVERYBODYS_APP
from bostad.cli.demo_data import EVERYBODYS_WORDS, load_example, load_once
from bostad.cli.demo_example import WRITTEN_FOR, Example
from bostad.here import HERE
from bostad.homes.tables import Home
from bostad.matching.solve import best_plan
from bostad.needs.household import ages_on
from bostad.needs.tables import Case, Need
from bostad.outbox.tables import Message
from bostad.placements.lifecycle import Stage
from bostad.placements.proposing import run_matching
from bostad.placements.tables import NeverAgain, Placement
from bostad.records import Sessions
from tests.conftest import fresh_database, inside_one
from tests.keys import KEYRING
from tests.people import CHEAP, SECRET, TOKEN, code_at, from_browser

OTHER_DAYS = (date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 31), date(2028, 2, 29))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=HERE)


NOON = noon(WRITTEN_FOR)


@pytest.fixture(scope="module")
def told_once(server_url: str) -> Iterator[Engine]:
    """Tell the story up to noon of the day that the files are written for: once, since that takes seconds."""
    with fresh_database(server_url, f"told_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}") as url:
        engine = connect(url)
        load_example(sessions_on(engine, keyring=KEYRING), CHEAP, secret=SECRET, at=NOON)
        yield engine
        engine.dispose()


@pytest.fixture
def told(told_once: Engine) -> Iterator[Sessions]:
    """Let a test add to the story; what it added is rolled back."""
    with inside_one(told_once) as sessions:
        yield sessions


def board_of(sessions: Sessions) -> UUID:
    with sessions() as db:
        return db.exec(select(Need.board_id).limit(1)).one()


def printed_plan() -> set[tuple[str, str]]:
    """Give the pairs that `bostad match` finds, by case number and object number."""
    example = Example(WRITTEN_FOR)
    numbers = {row["need"]: row["case_number"] for row in example.table("cases")}
    objects = {row["home"]: row["object_number"] for row in example.table("addresses")}
    return {(numbers[one.need], objects[one.home]) for one in best_plan(example.problem).placements}


def live_plan(sessions: Sessions) -> set[tuple[str, str]]:
    with sessions() as db:
        query = (
            select(Case, Home.object_number)
            .join(Need, col(Need.case_id) == Case.id)
            .join(Placement, col(Placement.need_id) == Need.id)
            .join(Home, col(Home.id) == Placement.home_id)
            .where(col(Placement.stage) != Stage.CLOSED)
        )
        return {(case.case_number, object_number) for case, object_number in db.exec(query).all()}


@pytest.mark.parametrize("day", [WRITTEN_FOR, *OTHER_DAYS], ids=str)
def test_the_plan_is_the_one_that_the_command_prints_whatever_day_it_is(sessions: Sessions, day: date) -> None:
    load_example(sessions, CHEAP, secret=SECRET, at=noon(day))
    run_matching(sessions, board_of(sessions), at=noon(day), stopwatch=time.perf_counter)

    assert live_plan(sessions) == printed_plan()


def test_everything_that_was_told_is_on_record_and_a_run_is_asked_for(told: Sessions) -> None:
    with told() as db:
        actions = dict(db.exec(select(AuditRow.action, func.count()).group_by(AuditRow.action)).all())
        times = db.exec(select(AuditRow.at).order_by(col(AuditRow.number))).all()
        waiting = db.exec(select(Message.kind).where(col(Message.done_at).is_(None))).all()

    assert broken_at(told) is None
    assert (actions["need.opened"], actions["home.published"], actions["placement.decline"]) == (30, 14, 2)
    assert max(times) < NOON, "nothing happens after now"
    assert sorted(waiting) == ["homes.measure", "matching.run"]


def test_promises_declines_and_workers_are_those_of_the_files(told: Sessions) -> None:
    with told() as db:
        put = select(Case).join(Need).join(Placement).where(col(Placement.put_at).is_not(None))
        assert [case.case_number for case in db.exec(put).all()] == ["9901-2026-0012"]
        assert len(db.exec(select(NeverAgain)).all()) == 2
        query = select(Case, User.username).join(User, col(User.id) == Case.worker_id)
        owners = {case.case_number: username for case, username in db.exec(query)}
        aside = {case.case_number for case in db.exec(select(Case).join(Need).where(~col(Need.opted_in)))}
    rows = Example.table("cases")
    assert owners == {row["case_number"]: row["worker"] for row in rows}
    assert aside == {row["case_number"] for row in rows if row["opted_in"] == "no"}


def test_children_are_as_old_today_as_the_files_say(told: Sessions) -> None:
    with told() as db:
        needs = {case.case_number: need for case, need in db.exec(select(Case, Need).join(Need))}
    ages = {
        number: tuple(ages_on(WRITTEN_FOR, need.child_ages, need.ages_true_on or WRITTEN_FOR))
        for number, need in needs.items()
    }
    example = Example(WRITTEN_FOR)
    numbers = {row["need"]: row["case_number"] for row in example.table("cases")}
    assert ages == {numbers[need.need]: need.child_ages for need in example.problem.needs}


def test_the_ledger_counts_what_was_published(told: Sessions) -> None:
    with told() as db:
        rows = db.exec(select(QuotaLine.code, LineMonth).join(LineMonth)).all()

    counted = {(code, row.month): (row.agreed, row.delivered, row.approved) for code, row in rows}
    assert counted == {
        ("outside", date(2026, 11, 1)): (1, 3, 2),
        ("social", date(2026, 11, 1)): (8, 7, 7),
        ("private", date(2026, 11, 1)): (2, 3, 3),
        ("private-2027", date(2027, 1, 1)): (1, 1, 1),
    }


def test_everybody_signs_in_with_the_printed_words_and_the_code_of_the_terminal(told: Sessions) -> None:
    given = SignIn(username="worker1", password=EVERYBODYS_WORDS)

    actor = sign_in(told, given, CHEAP, browser=from_browser(), at=NOON)
    half = actor_for_token(told, TOKEN, at=NOON)
    assert half is not None
    step, proof = SecondStep(code=code_at(NOON, EVERYBODYS_APP)), Proof(half[1], "next")
    prove_with_code(told, step, secret=SECRET, proof=proof, by=actor, at=NOON)

    whole = actor_for_token(told, "next", at=NOON)
    assert whole is not None
    assert (whole[0].role, whole[1].proved) == (Role.SOCIAL_WORKER, True)


def test_a_second_start_finds_the_data_and_loads_nothing(real_sessions: Sessions) -> None:
    """E02."""
    with real_sessions() as db:
        engine = db.get_bind()
    assert isinstance(engine, Engine)

    assert load_once(engine, CHEAP, KEYRING, SECRET)
    with real_sessions() as db:
        rows = db.exec(select(func.count()).select_from(AuditRow)).one()

    assert not load_once(engine, CHEAP, KEYRING, SECRET)
    with real_sessions() as db:
        assert db.exec(select(func.count()).select_from(AuditRow)).one() == rows


def test_a_load_that_is_broken_off_leaves_nothing(real_sessions: Sessions) -> None:
    class Unplugged(Exception):
        pass

    class Unplugging(Passwords):
        def __init__(self) -> None:
            """Hash nothing."""

        def hash(self, password: str) -> str:
            raise Unplugged(len(password))

    with real_sessions() as db:
        engine = db.get_bind()
    assert isinstance(engine, Engine)
    with pytest.raises(Unplugged):
        load_once(engine, Unplugging(), KEYRING, SECRET)

    with real_sessions() as db:
        assert db.exec(select(Organisation)).all() == []
