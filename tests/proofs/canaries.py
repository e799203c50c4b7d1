"""The canary run: unique words put through the real pages, on real servers, and then looked for wherever copies lie."""

import base64
import binascii
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import redis
from playwright.sync_api import BrowserContext, Page, sync_playwright
from sqlalchemy import text
from sqlmodel import col, select

from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.adapters.database import connect, migrate, sessions_on
from bostad.adapters.embedded import Servers, running_servers
from bostad.adapters.embedded_place import prepare
from bostad.adapters.key_file import add_key, keyring_from
from bostad.needs.stays import PlaceKind
from bostad.needs.tables import Case, Need, ShelterPlace
from bostad.outbox.tables import Message
from bostad.records import Sessions, clock
from bostad.settings import variable_of
from bostad.web.auth import new_token
from tests.browser.stage import People, set_stage
from tests.factories import HomeFactory, UserFactory, writing_with

PATIENCE_SECONDS = 60
SEALED = {
    "case number": "kanarie-41c7-9f",
    "the waiting case's number": "kanarie-8d20-3b",
    "district": "Kanariedalen Qx7v",
    "building": "Kanariehuset Zp3w",
    "reason for placing by hand": "Kanarieord Vb9k mormor",
    "reason for necessary disclosure": "Kanarieskäl Ny5t som är långt nog",
    "note of an emergency": "Kanarienot Hw2m något hände",
    "a number that was looked for": "kanarie-0000-sök",
    "a form whose session had ended": "kanarie-7777-utkast",
}
"""What stands sealed in the database, or not at all."""
OPEN = {"person who must not hear": "Kanariefredrika Tuvesdotter", "place in a shelter": "KNR-58"}
"""What stands open in the case zone, and must come nowhere else."""
CONTROL = "Kanarieenheten Mk4r"
"""The name of a unit, which stands open in the database: a search that does not find it finds nothing."""


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


def codings(word: str) -> set[bytes]:
    """Give a word as files may hold it: as text, wide, as hexadecimal digits, in an address, in base 64."""
    plain = word.encode()
    wide = {word.encode("utf-16-le"), word.encode("utf-16-be")}
    digits = binascii.hexlify(plain)
    coded = {base64.b64encode(b"." * shift + plain)[4 if shift else 0 : -4] for shift in range(3)}
    folded = {word.casefold().encode(), word.upper().encode()}
    return {plain, digits, digits.upper(), quote(word).encode(), repr(word)[1:-1].encode(), *wide, *coded, *folded}


def found_in(content: bytes, words: Iterable[str]) -> set[str]:
    """Name the words that stand in some bytes, in any coding."""
    return {word for word in words if any(coded in content for coded in codings(word))}


def found_below(place: Path, words: Iterable[str]) -> dict[str, set[str]]:
    """Name, for each file below a folder, the words that stand in it; the files that hold none are left out."""
    wanted = set(words)
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    found = {str(file.relative_to(place.parent)): found_in(file.read_bytes(), wanted) for file in files}
    return {file: held for file, held in found.items() if held}


@contextmanager
def canary_run(folder: Path, chromium: str) -> Iterator[Ran]:
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
            _use_the_pages(context, base, people)
        _wait_for_the_worker(sessions)
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
def _browser(ran: Ran, chromium: str) -> Iterator[BrowserContext]:
    """Open a Chromium that keeps what it keeps on disk, and write down every address that it asks for."""
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            ran.profile, executable_path=chromium, args=[*quiet, "--no-first-run", *sandbox]
        )
        context.on("request", lambda request: ran.addresses.append(request.url))
        yield context
        ran.addresses += [page.url for page in context.pages]
        context.close()


def _use_the_pages(context: BrowserContext, base: str, people: People) -> None:
    """Write every canary into the field it is for."""
    page = context.new_page()
    with people.sessions() as db, writing_with(db):
        teammate = UserFactory(organisation=people.board, unit=None)
        teammate.unit_id = people.worker.unit_id
        db.add(ShelterPlace(board_id=people.board.id, kind=PlaceKind.SHELTER, code=OPEN["place in a shelter"]))
        db.commit()
    _as(context, base, people.sessions, people.worker)
    _send(page, f"{base}/cases", "/cases/find", case_number=SEALED["a number that was looked for"])
    _send(page, f"{base}/cases/new", "/cases/new", case_number=SEALED["case number"])
    _send(page, f"{base}/cases/new", "/cases/new", case_number=SEALED["case number"])  # refused, and shown again
    case = f"{base}/cases/{_waiting(people)}"
    areas = f"{case}/answers/areas"
    for kind in ("district", "building"):
        _send(page, areas, "/named", kind=kind, municipality=people.board.municipality, name=SEALED[kind])
    _send(page, areas, "/people", company_id=str(people.company.id), name=OPEN["person who must not hear"])
    _send(
        page,
        f"{case}/without-consent",
        "/without-consent",
        company_id=str(people.company.id),
        field_groups="size",
        because=SEALED["reason for necessary disclosure"],
    )
    _wait_for_the_worker(people.sessions)
    _send(page, f"{case}/homes/{_free_home(people)}", "/homes/", because=SEALED["reason for placing by hand"])
    for part in ("", "/check", "/homes", "/keeping"):
        page.goto(f"{case}{part}")
    _send(page, f"{case}/keeping", "/keeping/extract")
    _as(context, base, people.sessions, teammate)
    _send(
        page,
        f"{base}/cases/emergency",
        "/cases/emergency",
        case_number=SEALED["case number"],
        because="1",
        note=SEALED["note of an emergency"],
        hours="1",
    )
    _send_after_the_session(page, base, people.sessions, teammate)


def _send_after_the_session(page: Page, base: str, sessions: Sessions, user: User) -> None:
    """Send a form whose session has ended meanwhile: its answers are kept as a draft (U35)."""
    page.goto(f"{base}/cases/new")
    page.locator("[name=case_number]").fill(SEALED["a form whose session had ended"])
    with sessions.begin() as db:
        db.execute(text("update session set ended_at = now() where user_id = :user"), {"user": user.id})
    page.locator("#main form[action$='/cases/new'] button[type=submit]").first.click()
    page.wait_for_load_state()


def _as(context: BrowserContext, base: str, sessions: Sessions, user: User) -> None:
    """Let somebody be signed in, with both factors proved."""
    token = new_token()
    with sessions.begin() as db:
        begin_session(db, user, token, at=clock(sessions), proved_at=clock(sessions))
    context.add_cookies([{"name": "bostad", "value": token, "url": base, "httpOnly": True, "sameSite": "Lax"}])


def _send(page: Page, address: str, action: str, **fields: str) -> None:
    """Fill in a form as a person does: text, a choice, a list, a box; a number chooses the first there is."""
    page.goto(address)
    aimed = f"#main form[action*='{action}']"
    form = page.locator(f"{aimed}, #main form:not([action])").first  # a form without an address goes back to its own
    for name, value in fields.items():
        here = form.locator(f"[name='{name}']").first
        kind = here.evaluate("element => element.type")
        if kind in {"radio", "checkbox"}:
            chosen = form.locator(f"[name='{name}'][value='{value}']")
            (chosen if chosen.count() else here).check()
        elif kind == "select-one":
            here.select_option(value)
        else:
            here.fill(value)
    form.locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def _waiting(people: People) -> str:
    """Let a household wait for a home with consent to the company, under a canary's number; give its case."""
    case_id = people.waiting()
    with people.sessions.begin() as db:
        db.get_one(Case, case_id).case_number = SEALED["the waiting case's number"]
        need = db.exec(select(Need).where(Need.case_id == case_id)).one()
        need.must = []
    return str(case_id)


def _free_home(people: People) -> str:
    with people.sessions() as db, writing_with(db):
        first = people.today.replace(day=1)
        home = HomeFactory(line=people.line, company=people.company, month=first, available_from=people.today)
        home.available_from = people.today + timedelta(days=1)
        db.commit()
        return str(home.id)


def _wait_for_the_worker(sessions: Sessions) -> None:
    """Wait until the worker has done what it was asked for, through Redis."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with sessions() as db:
            if not db.exec(select(Message.id).where(col(Message.done_at).is_(None)).limit(1)).all():
                return
        time.sleep(0.2)
    raise AssertionError("the worker did not come round to it")


def _program(ran: Ran, name: str) -> tuple[str, Path]:
    with (ran.folder / "lock").open("wb") as lock:
        place = prepare((ran.folder / "servers").resolve(), lock)
    return str(place.postgres / "bin" / name), place.postgres


def _dump(ran: Ran, servers: Servers) -> bytes:
    program, _ = _program(ran, "pg_dump")
    return subprocess.run([program, "--inserts", servers.database_url], check=True, capture_output=True).stdout


def _base_backup(ran: Ran, servers: Servers) -> Path:
    """Copy the whole server, with the write-ahead log that came meanwhile."""
    program, _ = _program(ran, "pg_basebackup")
    place = ran.folder / "backup"
    command = [program, "--pgdata", str(place), "--wal-method=stream", "--checkpoint=fast", "--dbname"]
    subprocess.run([*command, servers.database_url], check=True, capture_output=True)
    return place


def _everything_in(url: str) -> bytes:
    """Give every key of Redis and what it holds."""
    with redis.Redis.from_url(url) as client:
        return b"\n".join(key + b" " + (client.dump(key) or b"") for key in client.scan_iter())
