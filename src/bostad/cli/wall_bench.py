"""What row security costs a page: the same pages with and without it, on as many households as a region has (S36)."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from string import Template
from typing import Any, cast

import httpx
import psycopg
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from bostad.accounts.passwords import Cost, Passwords
from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.adapters.database import Databases, connect, migrate, sessions_on
from bostad.adapters.embedded import Servers, running_servers
from bostad.adapters.key_file import add_key, keyring_from
from bostad.app import create_app
from bostad.cli.demo_data import load_once
from bostad.records import Sessions, clock
from bostad.sealing.keyring import Keyring
from bostad.settings import Settings
from bostad.zones.logins import Login

FILL = Template(Path(__file__).with_suffix(".sql").read_text())
BOARDS, WORKERS = 290, 6
ROUNDS = 200
WARMING = 20
HOST = "localhost"
COOKIE = "bostad"
CHEAP = Passwords(Cost(memory_kib=8, passes=1, lanes=1))

ADDRESSES = {
    "a worker's list": ("worker1", "select '/cases'"),
    "a case": (
        "worker1",
        "select '/cases/' || min(c.id::text) from case_ c, account a where a.id = worker_id and username = 'worker1'",
    ),
    "a manager's overview": ("manager1", "select '/overview'"),
    "a company's list": ("housing1", "select '/to-answer'"),
    "a company's homes": ("housing1", "select '/homes'"),
}


def run(households: int) -> None:
    """Fill a database of its own, ask for pages in turn with and without row security, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "keys"
        add_key(file)
        _measure(households, keyring_from(file=str(file), written=""))


def _measure(households: int, keyring: Keyring) -> None:
    with _filled(households, keyring) as servers:
        owner = connect(servers.database_url, plans_once=True)
        logins = {login: connect(address, plans_once=True) for login, address in servers.logins().items()}
        print(f"{households} households, {BOARDS} boards, {ROUNDS} rounds each; milliseconds a page")
        print(f"{'page':<24}{'without':>10}{'with':>10}{'p95 without':>14}{'p95 with':>12}{'more at p95':>14}")
        asyncio.run(_compare(owner, logins, keyring))
        for engine in (owner, *logins.values()):
            engine.dispose()


@contextmanager
def _filled(households: int, keyring: Keyring) -> Iterator[Servers]:
    """Give servers with the demo's municipality, where the pages are asked for, among a region's households."""
    with tempfile.TemporaryDirectory(prefix="bostad-bench-") as name:
        Path(name).chmod(0o711)
        with running_servers(Path(name) / "servers", durable=False) as servers:
            migrate(servers.database_url, servers.logins())
            owner = connect(servers.database_url, pool_size=1)
            load_once(owner, CHEAP, keyring, "x" * 40)
            owner.dispose()
            with psycopg.connect(servers.database_url, autocommit=True) as connection:
                filled_in = FILL.substitute(households=households, boards=BOARDS, workers=WORKERS)
                for statement in filled_in.split(";")[:-1]:
                    connection.execute(statement)
                connection.execute("vacuum analyze")
            yield servers


async def _compare(owner: Engine, logins: dict[Login, Engine], keyring: Keyring) -> None:
    every = sessions_on(owner, keyring=keyring)
    held = {login: sessions_on(engine, keyring=keyring) for login, engine in logins.items()}
    walled = Databases(held[Login.DOOR], held[Login.SOCIAL], sessions_on(logins[Login.HOUSING]), held[Login.REPORT])
    async with _client(Databases(every, every, every, every)) as free, _client(walled) as behind:
        for page, (username, where) in ADDRESSES.items():
            with every() as db:
                address = db.execute(text(where)).scalar_one()
            cookie = f"{COOKIE}={_signed_in(every, username)}"
            without: list[float] = []
            with_it: list[float] = []
            for turn in range(ROUNDS + WARMING):
                for client, times in ((free, without), (behind, with_it)):
                    took = await _timed(client, address, cookie)
                    if turn >= WARMING:
                        times.append(took)
            print(_line(page, without, with_it))


def _client(databases: Databases) -> httpx.AsyncClient:
    settings = Settings(databases={}, redis_url="", secret="x" * 40, hosts=(HOST,), secure=False, port=0)
    app = create_app(settings, databases, passwords=CHEAP, schema_is_current=lambda: True)
    return httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", app)), base_url=f"http://{HOST}")


def _signed_in(sessions: Sessions, username: str) -> str:
    token, now = secrets.token_urlsafe(), clock(sessions)
    with sessions.begin() as db:
        begin_session(db, _user(db, username), token, at=now, proved_at=now)
    return token


def _user(db: Session, username: str) -> User:
    return db.exec(select(User).where(User.username == username)).one()


async def _timed(client: httpx.AsyncClient, address: str, cookie: str) -> float:
    started = time.perf_counter()
    answer = await client.get(address, headers={"Cookie": cookie})
    took = 1000 * (time.perf_counter() - started)
    answer.raise_for_status()
    return took


def _line(page: str, without: list[float], with_it: list[float]) -> str:
    before, after = quantiles(without, n=20)[-1], quantiles(with_it, n=20)[-1]
    more = f"{100 * (after / before - 1):+.0f} %"
    return f"{page:<24}{median(without):>10.2f}{median(with_it):>10.2f}{before:>14.2f}{after:>12.2f}{more:>14}"
