"""Signing in from many processes at once: what the database alone must hold together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from bostad.accounts.access import Role
from bostad.accounts.answers import ChoosePassword
from bostad.accounts.attempts import count_attempt, count_proof
from bostad.accounts.service import disable_user, reset_user
from bostad.accounts.sessions import actor_for_token
from bostad.accounts.signing_in import choose_password, sign_in
from bostad.accounts.starting_over import agree, ask_start_over, requests_to_decide
from bostad.accounts.tables import OneTimeCode, Organisation, User
from bostad.accounts.tokens import written_code
from bostad.audit.verifying import broken_at
from bostad.errors import BostadError, TooMany
from bostad.records import Sessions
from tests import factories
from tests.accounts.halfway import half, prove
from tests.factories import NOON, UserFactory, actor
from tests.people import CHEAP, HASHED, PASSWORD, from_browser, given

pytestmark = pytest.mark.slow


@pytest.fixture
def user(real_sessions: Sessions) -> User:
    with real_sessions() as session, factories.writing_with(session):
        made: User = UserFactory(password_hash=HASHED)
        return made


def test_of_forty_tries_at_the_same_moment_ten_are_looked_at(real_sessions: Sessions) -> None:
    """S25: atomic across processes."""

    def attempt(_: int) -> str:
        try:
            count_attempt(real_sessions, username="anna", address="here", at=NOON)
        except TooMany:
            return "wait"
        return "counted"

    answers = _at_once(40, attempt)

    assert answers.count("counted") == 10


def test_tries_for_many_users_from_many_addresses_never_block_each_other(real_sessions: Sessions) -> None:
    """Three rows are counted in one transaction, always in the same order: no deadlock. ASVS V15.4.3."""

    def attempt(number: int) -> str:
        try:
            count_attempt(real_sessions, username=f"user{number % 2}", address=f"address{number // 2 % 2}", at=NOON)
        except TooMany:
            return "wait"
        return "counted"

    assert sorted(_at_once(48, attempt)) == ["counted"] * 40 + ["wait"] * 8


def test_a_user_disabled_while_signing_in_is_out(real_sessions: Sessions, user: User) -> None:
    """S22: whichever came first, no session is alive afterwards."""

    def act(number: int) -> str:
        try:
            if number == 4:
                disable_user(real_sessions, user.id, by=None, at=NOON)
            else:
                browser = from_browser(f"token{number}", address=str(number))
                sign_in(real_sessions, given(user.username), CHEAP, browser=browser, at=NOON)
        except BostadError:
            return "refused"
        return "done"

    _at_once(9, act)

    assert [actor_for_token(real_sessions, f"token{number}", at=NOON) for number in range(9)] == [None] * 9
    assert broken_at(real_sessions) is None


def test_a_code_is_spent_once_however_many_spend_it(real_sessions: Sessions, user: User) -> None:
    code = written_code(b"0123456789")
    reset_user(real_sessions, user.id, code=code, by=None, at=NOON)

    def spend(number: int) -> str:
        choice = ChoosePassword(username=user.username, code=code, new_password=f"{PASSWORD} {number}")
        try:
            choose_password(real_sessions, choice, CHEAP, address=str(number), at=NOON)
        except BostadError:
            return "refused"
        return "spent"

    assert _at_once(8, spend).count("spent") == 1


def test_two_resets_at_once_leave_one_code(real_sessions: Sessions, user: User) -> None:
    codes = [written_code(bytes([number] * 10)) for number in range(6)]

    def reset(number: int) -> str:
        reset_user(real_sessions, user.id, code=codes[number], by=None, at=NOON)
        return "reset"

    _at_once(6, reset)

    with real_sessions() as db:
        assert len(db.exec(select(OneTimeCode)).all()) == 1


def test_a_code_of_the_app_opens_one_session_however_many_send_it(real_sessions: Sessions, user: User) -> None:
    """Replay at the same moment: from a screen that somebody looked at over a shoulder."""
    known = [half(real_sessions, user, token=f"half {number}") for number in range(5)]

    def send(number: int) -> str:
        try:
            prove(real_sessions, known[number], token=f"whole {number}")
        except BostadError:
            return "refused"
        return "in"

    assert sorted(_at_once(5, send)) == ["in"] + ["refused"] * 4
    whole = [actor_for_token(real_sessions, f"whole {number}", at=NOON) for number in range(5)]
    assert len([one for one in whole if one]) == 1
    assert broken_at(real_sessions) is None


def test_of_twenty_guesses_at_the_same_moment_five_are_looked_at(real_sessions: Sessions, user: User) -> None:
    """S25: atomic across processes."""

    def guess(_: int) -> str:
        try:
            count_proof(real_sessions, user.id, at=NOON)
        except TooMany:
            return "wait"
        return "counted"

    assert _at_once(20, guess).count("counted") == 5


def test_a_request_is_agreed_to_once(real_sessions: Sessions, user: User) -> None:
    """S24: two who may decide, at the same moment."""
    with real_sessions() as db, factories.writing_with(db):
        board = db.get_one(Organisation, user.organisation_id)
        admins = [actor(UserFactory(organisation=board, role=Role.ADMINISTRATOR), board) for _ in range(5)]
    ask_start_over(real_sessions, user.id, by=admins[0], at=NOON)
    (request,) = requests_to_decide(real_sessions, by=admins[1], at=NOON)

    def decide(number: int) -> str:
        try:
            agree(real_sessions, request.id, code=written_code(bytes([number] * 10)), by=admins[number + 1], at=NOON)
        except BostadError:
            return "too late"
        return "agreed"

    assert _at_once(4, decide).count("agreed") == 1
    with real_sessions() as db:
        assert len(db.exec(select(OneTimeCode)).all()) == 1


def _at_once(count: int, act: Callable[[int], str]) -> list[str]:
    """Do it in so many threads, let go together."""
    gate = Barrier(count)

    def one(number: int) -> str:
        gate.wait(timeout=20)
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
