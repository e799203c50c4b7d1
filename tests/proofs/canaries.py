"""The canary run: unique words put through the real pages, on real servers, and copies of everything to look in."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis
from playwright.sync_api import BrowserContext, BrowserType
from sqlalchemy import text

from bostad.adapters.database import connect, migrate, sessions_on
from bostad.adapters.embedded import Servers, running_servers
from bostad.adapters.embedded_place import prepare
from bostad.adapters.key_file import add_key, keyring_from
from bostad.settings import variable_of
from tests.browser.stage import set_stage
from tests.proofs.canary_pages import PATIENCE_SECONDS, use_the_pages, wait_for_the_worker
from tests.proofs.canary_words import CONTROL


@dataclass
class Ran:
    """Where everything lies after a run."""

    folder: Path
    dump: bytes = b""
    backup: Path = Path()
    addresses: list[str] = field(default_factory=list)
    redis: bytes = b""

    @property
    def database(self) -> Path:
        return self.folder / "servers" / "postgres"

    @property
    def queue(self) -> Path:
        return self.folder / "servers" / "valkey"

    @property
    def profile(self) -> Path:
        return self.folder / "profile"

    def logs(self) -> list[Path]:
        return [*self.folder.glob("*.log"), *(self.folder / "servers").glob("*.log")]


@contextmanager
def canary_run(folder: Path, chromium: BrowserType) -> Iterator[Ran]:
    """Start everything, use the pages, take a dump and a base backup, and stop everything."""
    ran = Ran(folder)
    keys = folder / "keys"
    add_key(keys)
    with running_servers(folder / "servers") as servers, ExitStack() as stack:
        keyring = keyring_from(file=str(keys), written="")
        migrate(servers.database_url, servers.logins(), keyring=keyring)
        engine = connect(servers.database_url, pool_size=2)
        stack.callback(engine.dispose)
        sessions = sessions_on(engine, keyring=keyring)
        people = set_stage(sessions)
        with sessions.begin() as db:
            db.execute(text("update unit set name = :name"), {"name": CONTROL})
        base = _start(stack, ran, servers, keys)
        with _browser(ran, chromium) as context:
            use_the_pages(context, base, people)
        wait_for_the_worker(sessions)
        ran.dump = _dump(ran, servers)
        ran.backup = _base_backup(ran, servers)
        ran.redis = _everything_in(servers.redis_url)
        with sessions.begin() as db:
            db.execute(text("checkpoint"))
    yield ran


def _start(stack: ExitStack, ran: Ran, servers: Servers, keys: Path) -> str:
    """Start the web and the worker as in production, and give the web's address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | {
        **{variable_of(login): address for login, address in servers.logins().items()},
        "BOSTAD_REDIS_URL": servers.redis_url,
        "BOSTAD_KEYS_FILE": str(keys),
        "BOSTAD_KEY": "",
        "BOSTAD_SECRET": "x" * 40,
        "BOSTAD_HOSTS": f"127.0.0.1:{port}",
        "BOSTAD_INSECURE_LOOPBACK": "yes",
        "BOSTAD_CODES_SUFFICE": "yes",
        "BOSTAD_PORT": str(port),
    }
    for name in ("serve", "worker"):
        log = stack.enter_context((ran.folder / f"{name}.log").open("wb"))
        command = [sys.executable, "-m", "bostad.cli", name]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        stack.callback(_stop, process)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _answers(port):
        assert time.monotonic() < deadline, (ran.folder / "serve.log").read_text()
        time.sleep(0.1)
    return f"http://127.0.0.1:{port}"


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _browser(ran: Ran, chromium: BrowserType) -> Iterator[BrowserContext]:
    """Open a Chromium that keeps what it keeps on disk, and write down every address that it asks for."""
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    context = chromium.launch_persistent_context(
        ran.profile, executable_path=shutil.which("chromium"), args=[*quiet, "--no-first-run", *sandbox]
    )
    context.on("request", lambda request: ran.addresses.append(request.url))
    yield context
    ran.addresses += [page.url for page in context.pages]
    context.close()


def _program(ran: Ran, name: str) -> str:
    with (ran.folder / "lock").open("wb") as lock:
        place = prepare((ran.folder / "servers").resolve(), lock)
    return str(place.postgres / "bin" / name)


def _dump(ran: Ran, servers: Servers) -> bytes:
    program = _program(ran, "pg_dump")
    return subprocess.run([program, "--inserts", servers.database_url], check=True, capture_output=True).stdout


def _base_backup(ran: Ran, servers: Servers) -> Path:
    """Copy the whole server, with the write-ahead log that came meanwhile."""
    program = _program(ran, "pg_basebackup")
    place = ran.folder / "backup"
    command = [program, "--pgdata", str(place), "--wal-method=stream", "--checkpoint=fast", "--dbname"]
    subprocess.run([*command, servers.database_url], check=True, capture_output=True)
    return place


def _everything_in(url: str) -> bytes:
    """Give every key of Redis and what it holds."""
    with redis.Redis.from_url(url) as client:
        return b"\n".join(key + b" " + (client.dump(key) or b"") for key in client.scan_iter())
