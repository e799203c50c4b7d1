"""Real PostgreSQL and Valkey from their packages, for demos and tests on a machine that has neither.

Only the packages' binaries are used, never their wrappers: those trust every local user and outlive a killed parent.
Both servers listen on the loopback address alone and ask for a password.
"""

import hashlib
import hmac
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from bostad.adapters.embedded_place import CannotStart, Place, hand_over, locked, prepare, private_file
from bostad.adapters.guard import guarded
from bostad.zones.logins import Login

OWNER = "bostad"
START_SECONDS = 20
PATIENCE_SECONDS = 10
"""Servers whose parent was killed a moment ago need some seconds to end; after that, somebody is using the folder."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the two servers answer. The database address is that of the owner."""

    database_url: str
    redis_url: str

    def logins(self) -> Mapping[Login, str]:
        """Give the address of each login role, with a password of its own."""
        return {login: self._address_of(login) for login in Login}

    def _address_of(self, login: Login) -> str:
        owner = urlsplit(self.database_url)
        password = hmac.new(str(owner.password).encode(), login.encode(), hashlib.sha256).hexdigest()
        return urlunsplit(owner._replace(netloc=f"{login}:{password}@{owner.hostname}:{owner.port}"))


@contextmanager
def running_servers(folder: Path, *, durable: bool = True, patience: float = PATIENCE_SECONDS) -> Iterator[Servers]:
    """Run both servers on the data in this folder, made on the first start and kept afterwards.

    Without `durable` nothing is forced to disk: for tests, whose data may be lost. Raises CannotStart.
    """
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)  # the servers' own folders inside are closed; their user must get that far
    with locked(folder, patience) as lock:
        place = prepare(folder.resolve(), lock)
        _make_cluster(place)
        with _postgres(place, durable=durable) as database_url, _valkey(place, durable=durable) as redis_url:
            yield Servers(database_url, redis_url)


def _make_cluster(place: Place) -> None:
    """Create the database's files on the first start; a start cut short leaves nothing that a second could trip on."""
    if (place.folder / "postgres").exists():
        return
    unfinished = place.folder / "postgres.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    with private_file(place, "pwfile", place.password) as pwfile:
        unfinished.mkdir(mode=0o700)
        hand_over(unfinished, place.runner)
        settings = ["--auth=scram-sha-256", f"--username={OWNER}", f"--pwfile={pwfile}", "--encoding=UTF8"]
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        _run([str(place.postgres / "bin" / "initdb"), f"--pgdata={unfinished}", *settings, *locale], place)
    unfinished.rename(place.folder / "postgres")


def _run(command: list[str], place: Place) -> None:
    runner = place.runner
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=_environment(),
        cwd=place.folder,
        user=runner.uid if runner else None,
        group=runner.gid if runner else None,
        extra_groups=[] if runner else None,
    )
    if done.returncode:
        raise CannotStart(f"{Path(command[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")


@contextmanager
def _postgres(place: Place, *, durable: bool) -> Iterator[str]:
    port, log = _free_port(), place.folder / "postgres.log"
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_error_verbosity": "terse",  # the detail of a refused row is the row itself (S65)
        "log_min_error_statement": "panic",
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
    }
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [str(place.postgres / "bin" / "postgres"), "-D", str(place.folder / "postgres"), *words]
    url = f"postgresql://{OWNER}:{place.password}@127.0.0.1:{port}"
    with _server(place, command, log, signal.SIGINT) as guard:  # SIGINT: end open sessions, then stop in order
        _wait_until(lambda: _database_is_there(url), guard, log)
        yield f"{url}/{OWNER}"


def _database_is_there(url: str) -> bool:
    """Ask the server for our database, and create it when it has none."""
    try:
        with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [OWNER]).fetchone():
                connection.execute(f"create database {OWNER}")
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _valkey(place: Place, *, durable: bool) -> Iterator[str]:
    port, log, data = _free_port(), place.folder / "valkey.log", place.folder / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    hand_over(data, place.runner)
    lines = (f"port {port}", "bind 127.0.0.1", f"requirepass {place.password}", f"dir {data}", 'save ""')
    settings = "\n".join((*lines, f"appendonly {'yes' if durable else 'no'}", ""))
    url = f"redis://:{place.password}@127.0.0.1:{port}/0"
    with (
        private_file(place, "valkey.conf", settings) as file,
        _server(place, [str(place.valkey), str(file)], log, signal.SIGTERM) as guard,
        redis.Redis.from_url(url) as client,
    ):
        _wait_until(lambda: _answers(client), guard, log)
        yield url


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


@contextmanager
def _server(place: Place, command: list[str], log: Path, stop: signal.Signals) -> Iterator[subprocess.Popen[bytes]]:
    with guarded(
        command,
        log=log,
        environment=_environment(),
        folder=place.folder,
        runner=place.runner,
        stop=stop,
        keep_open=(place.lock.fileno(),),
    ) as guard:
        yield guard


def _environment() -> dict[str, str]:
    """Give the servers a plain environment: nothing of the caller's PG* variables or language."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _wait_until(ready: Callable[[], bool], guard: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if guard.poll() is not None or time.monotonic() > deadline:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
            raise CannotStart(f"The server did not start. The end of {log}:\n{last}")
        time.sleep(0.02)
