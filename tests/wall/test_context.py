"""Whose a transaction is, the database forgets with it: nothing leaks through a pool (S30)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

from sqlalchemy import create_engine, text

from bostad.accounts.sessions import begin_session
from bostad.accounts.tokens import hash_of
from bostad.adapters.database import known_as, sessions_on
from bostad.adapters.embedded import Servers
from bostad.records import clock
from bostad.zones.logins import Login
from tests import factories
from tests.worlds import World

REQUESTS = 1_000


def test_a_thousand_interleaved_requests_on_two_connections_never_mix(real_world: World) -> None:
    with real_world.sessions() as db:
        url = db.get_bind().engine.url.render_as_string(hide_password=False)
    engine = create_engine(Servers(url, "").logins()[Login.SOCIAL], pool_size=2, max_overflow=0)
    way = sessions_on(engine)
    with real_world.writing():
        users = [factories.UserFactory(organisation=real_world.board) for _ in range(8)]
    now = clock(real_world.sessions)
    with real_world.sessions.begin() as db:
        for user in users:
            begin_session(db, user, user.username, at=now, proved_at=now)
    expected = {user.username: user.id for user in users} | {"": None, "nobody": None}

    def ask(name: str) -> bool:
        mine = known_as(way, hash_of(name)) if name else way
        with mine() as db:
            first = db.execute(text("select who_user()")).scalar_one()
            db.rollback()  # a new transaction of the same session says again whose it is
            again = db.execute(text("select who_user()")).scalar_one()
        return (first, again) == (expected[name], expected[name])

    with ThreadPoolExecutor(16) as threads:
        kept = list(threads.map(ask, islice(cycle(expected), REQUESTS)))
    with engine.connect() as bare:
        left = bare.execute(text("select nullif(current_setting('bostad.session', true), '')")).scalar_one()
    engine.dispose()

    assert (len(kept), all(kept), left) == (REQUESTS, True, None)
