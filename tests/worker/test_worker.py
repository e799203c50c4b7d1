"""A real worker on a real broker: work is done, deadlines act, and a lost queue loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from sqlmodel import select

from bostad.adapters.embedded import Servers
from bostad.outbox.tables import Message
from bostad.placements.lifecycle import Stage
from bostad.placements.reasons import Closed
from bostad.placements.tables import MatchingRun, Placement
from bostad.records import clock
from bostad.zones.logins import Login
from tests.keys import KEY_TEXT
from tests.worlds import World

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 120


@contextmanager
def worker(world: World, redis_url: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `bostad worker` on the test's own database, logged in as its own role."""
    with world.sessions() as db:
        url = db.get_bind().engine.url.render_as_string(hide_password=False)
    environment = os.environ | {
        "BOSTAD_WORKER_DATABASE_URL": Servers(url, redis_url).logins()[Login.WORKER],
        "BOSTAD_REDIS_URL": redis_url,
        "BOSTAD_KEY": KEY_TEXT,
        "BOSTAD_SECRET": "x" * 40,
        "BOSTAD_HOSTS": "localhost",
        "BOSTAD_INSECURE_LOOPBACK": "yes",
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bostad.cli", "worker"], env=environment, stdout=output, stderr=output
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(true: Callable[[], bool], log: Path) -> None:
    """Wait for something to become true, or show what the worker said."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.2)


def ask_for_a_run(world: World) -> None:
    from bostad.outbox import service as outbox

    at = clock(world.sessions)
    with world.sessions.begin() as db:
        outbox.post(db, "matching.run", key=str(world.board.id), at=at)


def test_a_run_that_was_asked_for_is_made_and_a_deadline_acts(
    real_world: World, redis_url: str, tmp_path: Path
) -> None:
    """F02 too: the queue is emptied on the way, and the sweeper finds what it had been given. ASVS V16.5.2."""
    world, log = real_world, tmp_path / "worker.log"
    need = world.need()
    world.home()
    ask_for_a_run(world)
    with worker(world, redis_url, log):
        until(lambda: world.placement_of(need) is not None, log)
        redis.Redis.from_url(redis_url).flushall()
        placement = world.placement_of(need)
        assert placement is not None
        with world.sessions.begin() as db:
            db.get_one(Placement, placement.id).deadline = clock(world.sessions) - timedelta(minutes=1)
        until(lambda: world.again(placement).stage is Stage.CLOSED, log)
        assert world.again(placement).closed_because is Closed.NO_ANSWER_SOCIAL
        ask_for_a_run(world)
        until(lambda: _all_done(world), log)
    with world.sessions() as db:
        runs = db.exec(select(MatchingRun)).all()
    assert len(runs) >= 2
    assert all(run.finished_at and run.failed_because is None and run.proven for run in runs)


def _all_done(world: World) -> bool:
    with world.sessions() as db:
        return all(message.done_at for message in db.exec(select(Message)).all())
