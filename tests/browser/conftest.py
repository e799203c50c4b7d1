"""A real Chromium on a running service: one of each for a worker's tests, a context for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from bostad.accounts.tables import User
from bostad.adapters.database import connect, sessions_on
from tests.browser.live import COOKIE, Live, serving
from tests.browser.stage import People, set_stage
from tests.browser.town import Town, tell
from tests.browser.watching import Watch
from tests.conftest import fresh_database
from tests.keys import KEYRING

PATIENCE = 10_000
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""Chromium asks nobody anything on its own account."""

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Start the browser once."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("The browser tests need Chromium: install the package chromium (Debian) and run them again.")
    expect.set_options(timeout=PATIENCE)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=found, args=[*QUIET, *sandbox])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def live(server_url: str) -> Iterator[Live]:
    """Serve from a database of this worker's own, with true commits."""
    with fresh_database(server_url, f"browser_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}") as url:
        engine = connect(url)
        with serving(sessions_on(engine, keyring=KEYRING)) as house:
            yield house
        engine.dispose()


@pytest.fixture(scope="session")
def town(live: Live) -> Town:
    """Fill the database with a town where everything has happened that has a page."""
    return tell(live.sessions)


@pytest.fixture
def watch(live: Live) -> Watch:
    return Watch(live.base, live.sessions)


@pytest.fixture
def visit(chromium: Browser, live: Live, watch: Watch) -> Iterator[Visit]:
    """Open a browser for a user who has signed in, or for a stranger; at the end nothing may have been wrong."""
    contexts: list[BrowserContext] = []

    def open_for(user: User | None = None, *, scripts: bool = True, **looks: Any) -> Page:
        looks = {"reduced_motion": "reduce", "locale": "sv-SE", **looks}
        context = chromium.new_context(base_url=live.base, java_script_enabled=scripts, **looks)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.on(context)
        if user is not None:
            context.add_cookies([{"name": COOKIE, "value": live.signed_in(user), "url": live.base}])
        return context.new_page()

    yield open_for
    faults = watch.faults(page for context in contexts for page in context.pages)
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def people(live: Live) -> People:
    """Put the people of a journey in place."""
    return set_stage(live.sessions)


@pytest.fixture
def page(visit: Visit, people: People) -> Page:
    """Begin to register a case, with a clock that the test can put forward."""
    page = visit(people.worker)
    page.clock.install()
    page.goto("/cases/new")
    page.locator("#case_number").fill("SN 2026/55")
    return page
