"""The embedded servers: closed to strangers, one owner at a time, and gone with the process that started them."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from bostad.adapters.embedded import Servers, running_servers
from bostad.adapters.embedded_place import CannotStart, closed_parent
from bostad.adapters.guard import Runner, guarded

HOLD = """
import sys, time
from pathlib import Path
from bostad.adapters.embedded import running_servers
with running_servers(Path(sys.argv[1])) as servers:
    print(servers.database_url, servers.redis_url, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def open_path() -> Iterator[Path]:
    """Give a folder that other users may pass through; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="bostad-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def folder(open_path: Path) -> Path:
    """Give the place for a set of servers."""
    return open_path / "servers"


def test_a_second_start_finds_the_data_as_it_was(folder: Path) -> None:
    with running_servers(folder) as servers:
        _write(servers)

    with running_servers(folder) as servers:
        assert _read(servers) == ("kept", b"kept")


def test_both_servers_ask_for_the_password(folder: Path) -> None:
    with running_servers(folder) as servers:
        password = servers.redis_url.split(":")[2].split("@")[0]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(servers.database_url.replace(password, "guess"))
        stranger = redis.Redis.from_url(servers.redis_url.replace(f":{password}@", ""))
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_both_servers_listen_on_the_loopback_address_alone(folder: Path) -> None:
    with (
        running_servers(folder) as servers,
        psycopg.connect(servers.database_url) as database,
        redis.Redis.from_url(servers.redis_url) as client,
    ):
        assert database.execute("show listen_addresses").fetchone() == ("127.0.0.1",)
        assert database.execute("show unix_socket_directories").fetchone() == ("",)
        assert client.config_get("bind") == {"bind": "127.0.0.1"}


def test_text_is_utf8_and_sorts_the_same_on_every_machine(folder: Path) -> None:
    with running_servers(folder) as servers, psycopg.connect(servers.database_url) as database:
        query = "select encoding_name, datlocale from pg_database, pg_encoding_to_char(encoding) encoding_name"
        assert database.execute(f"{query} where datname = current_database()").fetchone() == ("UTF8", "C.UTF-8")


def test_one_folder_is_used_by_one_demo_at_a_time(folder: Path) -> None:
    second = running_servers(folder, patience=0.2)
    with running_servers(folder), pytest.raises(CannotStart, match=f"already running on {folder}"):
        second.__enter__()


def test_nothing_survives_when_the_parent_is_killed_and_the_data_does(folder: Path) -> None:
    with _held(folder) as (parent, servers):
        _write(servers)
        parent.kill()

    with running_servers(folder) as again:
        assert _read(again) == ("kept", b"kept")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(servers.database_url)
    with redis.Redis.from_url(servers.redis_url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_a_first_start_cut_short_does_no_harm(folder: Path) -> None:
    (folder / "postgres.new").mkdir(parents=True)
    (folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    folder.chmod(0o711)

    with running_servers(folder) as servers:
        _write(servers)
        assert _read(servers) == ("kept", b"kept")


def test_the_first_closed_folder_on_the_way_is_named(open_path: Path) -> None:
    closed = open_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    somebody_else = Runner(uid=os.getuid() + 1, gid=os.getgid() + 1)

    assert closed_parent(closed / "inside", somebody_else) == closed
    assert closed_parent(closed, somebody_else) is None
    assert closed_parent(closed / "inside", Runner(os.getuid(), os.getgid())) is None


def test_a_child_that_will_not_end_is_ended_with_its_own_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    stubborn = f"trap '' TERM; sleep 600 & echo $$ $! > {pids}; wait; wait"

    with guarded(["sh", "-c", stubborn], log=tmp_path / "log", grace=1):
        _wait_for(pids)

    assert [pid for pid in pids.read_text().split() if _is_alive(pid)] == []


def test_a_guard_ends_with_its_childs_exit_code(tmp_path: Path) -> None:
    with guarded(["sh", "-c", "echo said; exit 7"], log=tmp_path / "log") as guard:
        assert guard.wait() == 7

    assert (tmp_path / "log").read_text() == "said\n"


def test_a_guard_does_not_listen_to_the_terminal(tmp_path: Path) -> None:
    started = tmp_path / "started"
    with guarded(["sh", "-c", f"echo > {started}; exec sleep 600"], log=tmp_path / "log") as guard:
        _wait_for(started)
        os.kill(guard.pid, signal.SIGINT)
        time.sleep(0.2)
        assert guard.poll() is None


@contextmanager
def _held(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Servers]]:
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        yield parent, Servers(*parent.stdout.readline().split())


def _write(servers: Servers) -> None:
    with psycopg.connect(servers.database_url) as database, redis.Redis.from_url(servers.redis_url) as client:
        database.execute("create table note as select 'kept' as text")
        client.set("note", "kept")


def _read(servers: Servers) -> tuple[object, object]:
    with psycopg.connect(servers.database_url) as database, redis.Redis.from_url(servers.redis_url) as client:
        (text,) = database.execute("select text from note").fetchone() or (None,)
        return text, client.get("note")


def _is_alive(pid: str) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], check=False, capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


def _wait_for(file: Path) -> None:
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < deadline, f"{file} was never written"
        time.sleep(0.02)
