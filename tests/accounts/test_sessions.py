from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.service import clean, end_sessions
from bostad.accounts.sessions import actor_for_token, begin_session, sign_out, timed_out_user
from bostad.accounts.tables import Attempt, SignedIn, User
from bostad.accounts.tokens import hash_of
from bostad.records import Sessions
from tests.factories import NOON, UserFactory, actor
from tests.people import TOKEN


@pytest.mark.parametrize(
    ("role", "minutes"), [(Role.HOUSING_STAFF, 15), (Role.SOCIAL_WORKER, 30), (Role.ADMINISTRATOR, 30)]
)
def test_a_session_ends_when_nothing_happens_for_so_long(
    role: Role, minutes: int, sessions: Sessions, rows: Session
) -> None:
    """S21. ASVS V7.3.1."""
    _begin(sessions, UserFactory(role=role))
    idle = timedelta(minutes=minutes)

    assert actor_for_token(sessions, "token", at=NOON + idle - timedelta(seconds=1)) is not None
    assert actor_for_token(sessions, "token", at=NOON + 2 * idle - timedelta(seconds=1)) is None


def test_use_keeps_a_session_alive_but_not_beyond_ten_hours(sessions: Sessions, rows: Session) -> None:
    """S21. ASVS V7.3.2."""
    _begin(sessions, UserFactory())
    moments = [NOON + timedelta(minutes=20 * step) for step in range(1, 31)]

    alive = [actor_for_token(sessions, "token", at=moment) is not None for moment in moments]

    assert alive == [True] * 29 + [False]


def test_what_is_told_of_a_session_never_lies_beyond_its_absolute_end(sessions: Sessions, rows: Session) -> None:
    """U35: the warning comes before whichever end is nearer."""
    _begin(sessions, UserFactory(), at=NOON)
    nearly = NOON + timedelta(hours=9, minutes=50)
    for minutes in range(0, 590, 20):
        actor_for_token(sessions, "token", at=NOON + timedelta(minutes=minutes))

    found = actor_for_token(sessions, "token", at=nearly)

    assert found is not None
    assert found[1].left == timedelta(minutes=10)


def test_use_is_written_down_at_most_every_ten_seconds(sessions: Sessions, rows: Session) -> None:
    _begin(sessions, UserFactory())
    seen = []
    for seconds in (5, 9, 10, 15, 20):
        actor_for_token(sessions, "token", at=NOON + timedelta(seconds=seconds))
        rows.expire_all()
        seen.append((rows.exec(select(SignedIn.seen_at)).one() - NOON).total_seconds())

    assert seen == [0, 0, 10, 10, 20]


def test_a_token_that_nobody_was_given_is_nobody(sessions: Sessions, rows: Session) -> None:
    """ASVS V7.2.1."""
    _begin(sessions, UserFactory())

    assert actor_for_token(sessions, "guess", at=NOON) is None
    assert actor_for_token(sessions, hash_of("token"), at=NOON) is None


def test_signing_out_ends_one_browser_and_leaves_the_other(sessions: Sessions, rows: Session) -> None:
    user = UserFactory()
    _begin(sessions, user, token="here")
    _begin(sessions, user, token="there")

    sign_out(sessions, hash_of("here"), by=actor(user), at=NOON)

    assert actor_for_token(sessions, "here", at=NOON) is None
    assert actor_for_token(sessions, "there", at=NOON) is not None


def test_one_may_sign_out_everywhere(sessions: Sessions, rows: Session) -> None:
    user = UserFactory()
    _begin(sessions, user, token="here")
    _begin(sessions, user, token="there")

    end_sessions(sessions, user.id, by=actor(user), at=NOON)

    assert [actor_for_token(sessions, token, at=NOON) for token in ("here", "there")] == [None, None]


def test_only_the_clock_leaves_a_session_that_says_whose_it_was(sessions: Sessions, rows: Session) -> None:
    """U35: late answers are kept for her whose session timed out, and for nobody who was signed out or disabled."""
    left, out, gone = UserFactory(), UserFactory(), UserFactory()
    for user in (left, out, gone):
        _begin(sessions, user, token=user.username)
    sign_out(sessions, hash_of(out.username), by=actor(out), at=NOON)
    gone.disabled_at = NOON
    rows.add(gone)
    rows.commit()
    late = NOON + timedelta(hours=1)

    told = [timed_out_user(sessions, user.username, at=late) for user in (left, out, gone)]

    assert told == [left.id, None, None]
    assert timed_out_user(sessions, left.username, at=NOON) is None
    assert timed_out_user(sessions, left.username, at=NOON + timedelta(days=3)) is None


def test_cleaning_takes_what_is_old_and_leaves_what_is_not(sessions: Sessions, rows: Session) -> None:
    user = UserFactory()
    _begin(sessions, user, token="old", at=NOON - timedelta(days=2))
    _begin(sessions, user, token="new")
    for hours in (0, 25):
        rows.add(Attempt(key="k", window_start=NOON - timedelta(hours=hours)))
    rows.commit()

    assert clean(sessions, at=NOON) == 2

    assert rows.exec(select(SignedIn.token_hash)).all() == [hash_of("new")]
    assert rows.exec(select(Attempt.window_start)).all() == [NOON]


def _begin(sessions: Sessions, user: User, *, token: str = TOKEN, at: datetime = NOON) -> None:
    with sessions.begin() as db:
        begin_session(db, user, token, at=at, proved_at=at)
