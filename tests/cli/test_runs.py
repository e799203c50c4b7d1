"""`bostad runs check` as an operator runs it: by the worker's login and keys; nothing is printed about anybody."""

import pytest
from sqlmodel import select

from bostad.adapters.embedded import Servers
from bostad.cli import main
from bostad.placements.tables import MatchingRun, RunRecord
from bostad.zones.logins import Login
from tests.keys import KEY_TEXT
from tests.worlds import World


@pytest.fixture
def operator(real_world: World, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """Let the commands find a world's database by the environment alone."""
    with real_world.sessions() as db:
        url = db.get_bind().engine.url.render_as_string(hide_password=False)
    environment = {
        "WORKER_DATABASE_URL": Servers(url, redis_url).logins()[Login.WORKER],
        "REDIS_URL": redis_url,
        "SECRET": "x" * 40,
        "HOSTS": "testserver.local",
        "KEY": KEY_TEXT,
    }
    for name, value in environment.items():
        monkeypatch.setenv(f"BOSTAD_{name}", value)
    return real_world


def test_runs_that_hold_are_said_to(operator: World, capsys: pytest.CaptureFixture[str]) -> None:
    operator.need()
    operator.home()
    run_id = operator.run()
    assert main(["runs", "check"]) == 0
    said = capsys.readouterr().out
    assert f"{run_id}: holds" in said
    assert "Runs judged: 1; that do not hold: 0." in said


def test_one_that_does_not_hold_is_named_and_nobody_else(operator: World, capsys: pytest.CaptureFixture[str]) -> None:
    operator.need()
    operator.home()
    good, bad = operator.run(), operator.run()
    with operator.sessions.begin() as db:
        db.get_one(MatchingRun, bad).misfit += 1
        assert len(db.exec(select(RunRecord)).all()) == 2
    assert main(["runs", "check", str(good)]) == 0
    assert main(["runs", "check"]) == 1
    said = capsys.readouterr().out
    assert f"{bad}: faults: 1" in said
    assert "9901-2026" not in said
