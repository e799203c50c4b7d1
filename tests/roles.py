"""The web's ways into a test's database, each in the role of its side: row security holds in tests as outside."""

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import SessionTransaction, sessionmaker
from sqlmodel import Session

from bostad.adapters.database import Databases, Known
from bostad.records import Sessions
from bostad.zones.logins import Login
from tests.lightly import Light

WITH_KEYS = frozenset({Login.SOCIAL, Login.WORKER})
"""The sides that hold the keys of the case zone."""


class InRole(Known):
    """A session that takes a role for as long as its transaction lasts: what logging in as that role does outside."""


_NOBODY = text("select set_config('role', 'none', true), set_config('bostad.session', '', true)")


@event.listens_for(InRole, "after_begin")
def _take_the_role(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:
        connection.execute(text(f"set local role {session.info['role']}"))
        session.info["connection"] = connection


@event.listens_for(InRole, "after_commit")
def _give_it_back(session: Session) -> None:
    """Give the role back where the transaction was a savepoint in a test's outer one; what is undone does so itself."""
    connection: Connection | None = session.info.get("connection")
    if session.in_nested_transaction() or connection is None or connection.closed:
        return
    if connection.in_transaction():
        connection.execute(_NOBODY)


def in_role(sessions: Sessions, login: Login) -> Sessions:
    """Give the same database as a login role finds it."""
    keyring = sessions.kw.get("info", {}).get("keyring") if login in WITH_KEYS else None
    options = {**sessions.kw, "info": {**sessions.kw.get("info", {}), "role": login.value, "keyring": keyring}}
    return sessionmaker(class_=Light if issubclass(sessions.class_, Light) else InRole, **options)


def databases_of(sessions: Sessions) -> Databases:
    """Give the web's ways into a test's database."""
    return Databases(
        door=in_role(sessions, Login.DOOR),
        social=in_role(sessions, Login.SOCIAL),
        housing=in_role(sessions, Login.HOUSING),
        report=in_role(sessions, Login.REPORT),
    )
