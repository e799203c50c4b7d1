"""Connecting to PostgreSQL, each side as its own login role, and bringing the schema up to date."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import SessionTransaction, sessionmaker
from sqlmodel import Session

import bostad
from bostad.adapters.wall import build_wall, open_to_owner, set_passwords
from bostad.records import Sessions
from bostad.resources import resource
from bostad.sealing.columns import KEYRING
from bostad.sealing.keyring import Keyring
from bostad.zones.logins import Login

STATEMENT_SECONDS = 30


class Known(Session):
    """Tells the database, at the start of every transaction, whose session it is; it forgets with the transaction."""


@event.listens_for(Known, "after_begin")
def _say_whose(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    whose = session.info.get("session")
    if whose and not transaction.nested:
        connection.execute(text("select set_config('bostad.session', :whose, true)"), {"whose": whose})


@dataclass(frozen=True, slots=True)
class Databases:
    """The web's ways into the database, each as the role of its side (S27); a side served elsewhere has none."""

    door: Sessions
    social: Sessions | None
    housing: Sessions | None
    report: Sessions | None


def known_as(sessions: Sessions, token_hash: str) -> Sessions:
    """Give the same way into the database for one signed-in person: row security goes by her session (S30, S31)."""
    hers = copy(sessions)
    hers.kw = {**sessions.kw, "info": {**sessions.kw.get("info", {}), "session": token_hash}}
    return hers


def connect(url: str, *, pool_size: int = 10, plans_once: bool = False) -> Engine:
    """Open a pool. A statement that takes over half a minute is stopped by the server.

    `plans_once`: a statement is planned once for a connection and not for each of its values. The pages' small
    statements carry row security, whose planning costs more than their work; the worker's long ones want the values.
    """
    options = f"-c statement_timeout={STATEMENT_SECONDS * 1000} -c timezone=UTC"
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"options": f"{options} -c plan_cache_mode=force_generic_plan" if plans_once else options},
    )
    if plans_once:
        engine.dialect.do_rollback = _roll_back  # type: ignore[assignment]
    return engine


def _roll_back(connection: Any) -> None:
    """Undo past psycopg, which forgets at every rollback which statements are prepared: what only reads ends with one.

    Where that fails, or there is nothing to undo, psycopg's own rollback says so or does nothing.
    """
    if connection.pgconn.transaction_status != TransactionStatus.IDLE:
        connection.pgconn.exec_(b"rollback")
    connection.rollback()


def sessions_on(engine: Engine, *, keyring: Keyring | None = None) -> Sessions:
    """Give the factory of sessions that every service function takes; without a keyring no secret can be opened."""
    return sessionmaker(engine, class_=Known, expire_on_commit=False, info={KEYRING: keyring})


def migrate(url: str, logins: Mapping[Login, str] | None = None, *, keyring: Keyring | None = None) -> None:
    """Bring the schema to the newest revision and build the wall anew; one at a time, held apart by an advisory lock.

    `logins` are the addresses of the roles that are to log in: each is given the password its address holds. `keyring`
    is needed to bring a database over whose cases were not sealed yet.
    """
    engine = connect(url, pool_size=1)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes.update(connection=connection, keyring=keyring)
            open_to_owner(connection)
            command.upgrade(config, "head")
            build_wall(connection)
            set_passwords(connection, {login: make_url(one).password or "" for login, one in (logins or {}).items()})
    finally:
        engine.dispose()


def know_every_table() -> None:
    """Import the tables of every room, so that the metadata is whole."""
    for room in iter_modules(bostad.__path__):
        if room.ispkg and find_spec(f"bostad.{room.name}.tables"):
            import_module(f"bostad.{room.name}.tables")


def is_current(engine: Engine) -> bool:
    """Tell whether the schema stands at the newest revision."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    return config
