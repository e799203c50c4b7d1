"""`bostad demo`: everything on this computer, real servers and invented data, until Ctrl-C."""

import argparse
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import Never

from sqlalchemy import func
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from bostad.adapters.database import connect, migrate
from bostad.adapters.embedded import PATIENCE_SECONDS, Servers, running_servers
from bostad.adapters.embedded_place import CannotStart, closed_parent, locked, server_user
from bostad.adapters.guard import guarded
from bostad.adapters.key_file import add_key, keyring_from
from bostad.cli import demo_data
from bostad.cli.demo_code import code_now
from bostad.outbox.tables import Message
from bostad.settings import variable_of

READY_SECONDS = 60
WORK_SECONDS = 30
OURS = ("lock", "password", "postgres")
"""What a demo's folder holds; nothing else is ever deleted by --reset."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser("demo", help="start everything on this computer, with invented data")
    parser.add_argument("--port", type=int, default=8000, help="the web server's port (8000)")
    parser.add_argument("--folder", type=Path, default=Path(".demo"), help="where the data is kept (.demo)")
    parser.add_argument("--reset", action="store_true", help="throw the data away and start over")


def run(options: argparse.Namespace) -> int:
    """Start everything, say how to sign in, and wait; nothing is left running afterwards."""
    for asked_to_stop in (signal.SIGINT, signal.SIGTERM):  # a script's background jobs begin with Ctrl-C ignored
        signal.signal(asked_to_stop, _interrupt)
    try:
        _check_port(options.port)
        folder = _reachable(options.folder)
        if options.reset:
            _throw_away(folder)
        with _everything(folder, options.port) as children:
            return _wait(children)
    except CannotStart as refusal:
        print(f"bostad demo: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The data is kept; start again to go on where you were.")
        return 0


@contextmanager
def _everything(folder: Path, port: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start the servers, the schema, the data, the worker and the web, in that order."""
    _say("Starting PostgreSQL and Valkey")
    with running_servers(folder) as servers, ExitStack() as stack:
        _say("Bringing the schema up to date")
        keys = _keys(folder / "keys")
        migrate(servers.database_url, servers.logins(), keyring=keyring_from(file=str(keys), written=""))
        _say("Loading the example from Sundsvall, unless it is there already")
        sign_ins = demo_data.load(
            servers.database_url, keyring_from(file=str(keys), written=""), _secret(folder / "secret")
        )
        environment = _environment(folder, servers, port)
        children = {}
        for name in ("worker", "serve"):
            _say(f"Starting `bostad {name}`")
            command = [sys.executable, "-m", "bostad.cli", name]
            children[name] = stack.enter_context(guarded(command, log=folder / f"{name}.log", environment=environment))
        _wait_until_ready(folder, children, port)
        _say("Waiting for the matching run that the data asked for")
        if not _work_is_done(servers.database_url):
            _say("The worker is still busy; proposals appear as soon as they are made")
        _tell(sign_ins, folder, port)
        yield children


def _environment(folder: Path, servers: Servers, port: int) -> Mapping[str, str]:
    """Give what production sets by hand; the demo differs in nothing else."""
    return os.environ | {
        **{variable_of(login): address for login, address in servers.logins().items()},
        "BOSTAD_REDIS_URL": servers.redis_url,
        "BOSTAD_KEYS_FILE": str(folder / "keys"),
        "BOSTAD_KEY": "",
        "BOSTAD_SECRET": _secret(folder / "secret"),
        "BOSTAD_HOSTS": f"127.0.0.1:{port},localhost:{port}",
        "BOSTAD_INSECURE_LOOPBACK": "yes",
        "BOSTAD_CODES_SUFFICE": "yes",  # the invented people have no security keys; refused anywhere else
        "BOSTAD_PORT": str(port),
    }


def _reachable(asked_for: Path) -> Path:
    """Give the folder asked for or, as root below a closed home, one that PostgreSQL's user can reach."""
    runner, folder = server_user(), asked_for.resolve()
    closed = closed_parent(folder, runner) if runner else None
    if closed is None:
        return folder
    elsewhere = Path(tempfile.gettempdir()) / f"bostad-demo-{sha256(bytes(folder)).hexdigest()[:12]}"
    elsewhere.mkdir(mode=0o755, exist_ok=True)
    if elsewhere.is_symlink() or elsewhere.stat().st_uid != os.geteuid():
        raise CannotStart(f"{elsewhere} belongs to somebody else; give another place with --folder.")
    _say(f"PostgreSQL's user may not enter {closed}, so the data is kept in {elsewhere}")
    return elsewhere


def _check_port(port: int) -> None:
    with suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return
    raise CannotStart(f"Port {port} is taken on this computer: choose another with --port, or `make demo PORT=...`.")


def _throw_away(folder: Path) -> None:
    """Delete a demo's data, once it is certain that it is one and that nobody is using it."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not all((folder / name).exists() for name in OURS):
        raise CannotStart(f"{folder} does not look like a demo's folder, so nothing was deleted.")
    with locked(folder, PATIENCE_SECONDS):
        _say(f"Throwing away the data in {folder}")
        shutil.rmtree(folder)


def _secret(file: Path) -> str:
    """Keep one secret per folder, so that people stay signed in over a restart."""
    with suppress(FileExistsError), os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(secrets.token_urlsafe(48))
    return file.read_text()


def _keys(file: Path) -> Path:
    """Keep one set of keys per folder, beside the database and not in it."""
    if not file.exists():
        add_key(file)
    return file


def _wait_until_ready(folder: Path, children: Mapping[str, subprocess.Popen[bytes]], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _is_ready(port):
        ended = next((name for name, child in children.items() if child.poll() is not None), None)
        if ended or time.monotonic() > deadline:
            log = folder / f"{ended or 'serve'}.log"
            last = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
            raise CannotStart(f"It did not become ready. The end of {log}:\n{last}")
        time.sleep(0.1)


def _work_is_done(database_url: str) -> bool:
    """Wait until nothing is left in the outbox that is due, and tell whether that came in time."""
    engine = connect(database_url, pool_size=1)
    open_work = rows_of(Message.id).where(col(Message.done_at).is_(None), col(Message.due_at) <= func.now()).limit(1)
    deadline = time.monotonic() + WORK_SECONDS
    try:
        while time.monotonic() < deadline:
            with Session(engine) as db:
                if db.exec(open_work).first() is None:
                    return True
            time.sleep(0.2)
    finally:
        engine.dispose()
    return False


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200  # noqa: PLR2004 - the number is the word
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _tell(sign_ins: list[demo_data.SignIn], folder: Path, port: int) -> None:
    print(f"\nbostad is ready: http://127.0.0.1:{port}\n\nSign in as")
    for one in sign_ins:
        print(f"  {one.role:<24} {one.username:<28} {one.password}")
    print(f"\n{code_now()}\nPress Enter here for the next one, or run `bostad demo-code` in another terminal.")
    print(f"\nData and logs are in {folder}. Ctrl-C stops everything.", flush=True)


def _wait(children: Mapping[str, subprocess.Popen[bytes]]) -> int:
    """Wait for Ctrl-C, or for a child that ends by itself: that is a fault, and is said."""
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                raise CannotStart(f"`bostad {name}` ended by itself; its log says why.")
        if _enter_was_pressed():
            print(code_now(), flush=True)


def _enter_was_pressed() -> bool:
    """Wait half a second for Enter, where there is a terminal to press it in and this is what it shows."""
    if os.name != "posix" or not sys.stdin.isatty() or os.tcgetpgrp(sys.stdin.fileno()) != os.getpgrp():
        time.sleep(0.5)
        return False
    pressed = bool(select.select([sys.stdin], [], [], 0.5)[0])
    if pressed and not sys.stdin.readline():  # the terminal is gone; the demo is not
        time.sleep(0.5)
        return False
    return pressed


def _interrupt(_signal: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt


def _say(line: str) -> None:
    print(f"- {line} ...", flush=True)
