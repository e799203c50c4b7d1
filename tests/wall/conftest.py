"""A person's way into the database in a login role: row security goes by her session."""

from collections.abc import Callable

import pytest

from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.accounts.tokens import hash_of
from bostad.adapters.database import known_as
from bostad.records import Sessions, clock
from bostad.zones.logins import Login
from tests.roles import in_role

Known = Callable[[User, Login], Sessions]


@pytest.fixture
def known(sessions: Sessions) -> Known:
    """Give a person's way into the database in a role."""

    def way(user: User, login: Login) -> Sessions:
        token = f"token of {user.username}"
        with sessions.begin() as db:
            now = clock(sessions)
            begin_session(db, user, token, at=now, proved_at=now)
        return known_as(in_role(sessions, login), hash_of(token))

    return way
