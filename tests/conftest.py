"""Real servers for the whole suite: one pair for a run, a migrated template, a database for each worker."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from litestar import Litestar
from playwright.sync_api import Playwright, sync_playwright
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.accounts.tokens import hash_of
from bostad.adapters.database import Databases, connect, known_as, migrate, sessions_on
from bostad.adapters.embedded import running_servers
from bostad.app import create_app
from bostad.records import Sessions, clock
from bostad.settings import Settings
from bostad.web.auth import new_token
from bostad.zones.logins import Login
from tests import factories
from tests.browsing import Browser
from tests.keys import KEYRING
from tests.people import CHEAP
from tests.roles import databases_of, in_role
from tests.worlds import World, make_world

SERVERS = pytest.StashKey[ExitStack]()
ADDRESSES = pytest.StashKey[dict[str, str]]()
TEMPLATE = "bostad_template"
KnownAs = Callable[[User, Login], Sessions]


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once for the run and migrate the template; xdist's workers are told where they are."""
    workerinput = getattr(config, "workerinput", None)
    if workerinput is not None:
        config.stash[ADDRESSES] = {key: workerinput[key] for key in ("database", "redis")}
        return
    stack = ExitStack()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bostad-test-", ignore_cleanup_errors=True)))
    folder.chmod(0o711)
    servers = stack.enter_context(running_servers(folder, durable=False))
    _run(servers.database_url, f"create database {TEMPLATE}")
    migrate(on_database(servers.database_url, TEMPLATE), servers.logins())
    config.stash[ADDRESSES] = {"database": servers.database_url, "redis": servers.redis_url}
    config.stash[SERVERS] = stack


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if SERVERS in config.stash:
        config.stash[SERVERS].close()


class TellWorkers:
    """The part of xdist that tells its workers where the servers are."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: object) -> None:
        node.workerinput.update(node.config.stash[ADDRESSES])  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes long, or at the end one worker is left alone with it."""
    items.sort(key=lambda item: not any(item.iter_markers(name="slow")))


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the hook only where xdist is there to call it."""
    pluginmanager.register(TellWorkers())


def on_database(url: str, name: str) -> str:
    """Give the same server's address for another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _run(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def fresh_database(server: str, name: str) -> Iterator[str]:
    """Make a migrated database from the template and drop it afterwards."""
    _run(server, f"drop database if exists {name} with (force)")
    _run(server, f"create database {name} template {TEMPLATE}")
    try:
        yield on_database(server, name)
    finally:
        _run(server, f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def server_url(pytestconfig: pytest.Config) -> str:
    return pytestconfig.stash[ADDRESSES]["database"]


@pytest.fixture(scope="session")
def redis_url(pytestconfig: pytest.Config) -> str:
    return pytestconfig.stash[ADDRESSES]["redis"]


@pytest.fixture(scope="session")
def engine(server_url: str) -> Iterator[Engine]:
    """One database for this worker's tests; each test rolls back what it wrote."""
    with fresh_database(server_url, f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}") as url:
        engine = connect(url)
        yield engine
        engine.dispose()


@contextmanager
def inside_one(engine: Engine) -> Iterator[Sessions]:
    """Give sessions inside one outer transaction: what the code commits, the next one sees, and nothing stays."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield sessionmaker(
            connection,
            class_=Session,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
            info={"keyring": KEYRING},
        )
        outer.rollback()


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    with inside_one(engine) as sessions:
        yield sessions


@pytest.fixture
def rows(sessions: Sessions) -> Iterator[Session]:
    """Look at the database as the test itself; the factories write with this session."""
    with sessions() as session, factories.writing_with(session):
        yield session


@pytest.fixture
def real_sessions(server_url: str, request: pytest.FixtureRequest) -> Iterator[Sessions]:
    """Give a database of this test's own with true commits, for races and deadlines."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with fresh_database(server_url, f"race_{worker}") as url:
        engine = connect(url, pool_size=20)
        yield sessions_on(engine, keyring=KEYRING)
        engine.dispose()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start what drives the browsers, once: there can be one in a process."""
    with sync_playwright() as playwright:
        yield playwright


SETTINGS = Settings(
    databases={}, redis_url="", secret="x" * 40, hosts=("testserver.local",), secure=False, port=0, codes_suffice=True
)


@pytest.fixture(scope="session")
def standing() -> tuple[Litestar, Databases]:
    """Put the web together once for this worker, with ways into the database that lead nowhere yet."""
    nowhere = Databases(*(sessionmaker(class_=Session) for _ in range(4)))
    return create_app(SETTINGS, nowhere, passwords=CHEAP, schema_is_current=lambda: True), nowhere


@pytest.fixture
def app(standing: tuple[Litestar, Databases], sessions: Sessions) -> Litestar:
    """Turn the web's ways to this test's database."""
    app, ways = standing
    here = databases_of(sessions)
    for side in fields(Databases):
        way, leads = getattr(ways, side.name), getattr(here, side.name)
        way.class_, way.kw = leads.class_, leads.kw
    return app


@pytest.fixture
def browse(app: Litestar, sessions: Sessions) -> Callable[[User | None], Browser]:
    """Open a browser for a user who has just signed in, or for a stranger."""

    def browser_of(user: User | None) -> Browser:
        browser = Browser(app)
        if user is not None:
            token = new_token()
            with sessions.begin() as db:
                begin_session(db, user, token, at=clock(sessions), proved_at=clock(sessions))
            browser.client.cookies.set("bostad", token, domain="testserver.local", path="/")
        return browser

    return browser_of


@pytest.fixture
def known(sessions: Sessions) -> KnownAs:
    """Give a person's way into the database in a login role: row security goes by her session."""

    def way(user: User, login: Login) -> Sessions:
        token = f"token of {user.username}"
        with sessions.begin() as db:
            now = clock(sessions)
            begin_session(db, user, token, at=now, proved_at=now)
        return known_as(in_role(sessions, login), hash_of(token))

    return way


@pytest.fixture
def world(sessions: Sessions) -> World:
    """Make a small municipality whose rows are rolled back."""
    return make_world(sessions)


@pytest.fixture
def real_world(real_sessions: Sessions) -> World:
    """Make a small municipality in a database of its own, with true commits."""
    return make_world(real_sessions)
