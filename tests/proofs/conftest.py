"""The proofs' own way into the database, with fewer statements between; and what a long one says on its way."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import Engine, text

from bostad.adapters.database import Databases
from bostad.records import Sessions
from tests.keys import KEYRING
from tests.lightly import light, plain_savepoints

EVERY_SECONDS = 60
"""How often a long proof says how far it has come."""

Count = Callable[[str, int], None]


@pytest.fixture(scope="session", autouse=True)
def unswept(standing: tuple[Litestar, Databases]) -> Iterator[None]:
    """Let rubbish be swept up seldom, and what stands for good never; nor are templates looked at again."""
    templates: Any = standing[0].template_engine
    templates.engine.auto_reload = False
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


@pytest.fixture
def sessions(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """Sessions inside one outer transaction, whose statements are planned once, as the web's are."""
    plain_savepoints(engine, monkeypatch)
    with engine.connect() as connection:
        outer = connection.begin()
        connection.execute(text("set local plan_cache_mode = force_generic_plan"))
        yield light(connection, {"keyring": KEYRING})
        outer.rollback()


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """Say how many of something a test has tried; the sums stand at the end of the run."""
    return record_property


class Tally:
    """Adds up what all workers have tried, and says so every minute and at the end."""

    def __init__(self) -> None:
        self.begun = self.said = time.monotonic()
        self.tried: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what one test has tried."""
        for name, number in report.user_properties if report.when == "call" else ():
            self.tried[name] += int(str(number))
        if time.monotonic() - self.said > EVERY_SECONDS:
            self.said = time.monotonic()
            print(f"\n{self}", flush=True)  # noqa: T201 - a proof of half an hour says that it is alive

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say it all once more."""
        if self.tried:
            terminalreporter.write_line(str(self))

    def __str__(self) -> str:
        """Give the sums, as they go into docs/security.md."""
        sums = "\n  ".join(f"{number:,} {name}" for name, number in sorted(self.tried.items()))
        return f"After {time.monotonic() - self.begun:,.0f} seconds:\n  {sums}"


def pytest_configure(config: pytest.Config) -> None:
    """Add up in the process that the workers report to."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tally())
