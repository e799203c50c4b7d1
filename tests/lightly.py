"""Sessions for thousands of requests on one connection: they do what the web's do, and send no statement in vain.

Each session becomes whom it is for, by role and by name, when the one before it was somebody else; one that only reads
takes no savepoint. What it may read is the database's to say, as outside.
"""

from typing import Any

import pytest
from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import SessionTransaction, sessionmaker
from sqlmodel import Session

from bostad.records import Sessions

ITSELF = "none"
"""The role of whoever logged in: the test."""
_BECOME = "select set_config('role', %s, true), set_config('bostad.session', %s, true)"
_NOW = "who is asking"


class Light(Session):
    """A session in a transaction that is rolled back in the end; begun to change something, it takes a savepoint."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, join_transaction_mode="rollback_only")

    def begin(self, nested: bool = False) -> SessionTransaction:  # noqa: FBT001, FBT002 - SQLAlchemy's signature
        """Begin to change something, so that it can be taken back alone."""
        self.join_transaction_mode = "create_savepoint"
        return super().begin(nested)


@event.listens_for(Light, "after_begin")
def _become(session: Session, _: SessionTransaction, connection: Connection) -> None:
    wanted = (session.info.get("role", ITSELF), session.info.get("session", ""))
    if connection.info.get(_NOW) != wanted:
        driver: Any = connection.connection.driver_connection
        driver.execute(_BECOME, wanted, prepare=True)  # past SQLAlchemy, which would think about what it means
        connection.info[_NOW] = wanted


def plain_savepoints(engine: Engine, patch: pytest.MonkeyPatch) -> None:
    """Say savepoints in plain text: they stand around half of what is asked, and each would be compiled anew.

    They go past psycopg too, which forgets at every ROLLBACK which statements are prepared, also at one to a savepoint.
    """

    def said(words: str) -> Any:
        return lambda connection, name: _say(connection, f"{words} {name}")

    patch.setattr(engine.dialect, "do_savepoint", said("savepoint"))
    patch.setattr(engine.dialect, "do_rollback_to_savepoint", said("rollback to savepoint"))
    patch.setattr(engine.dialect, "do_release_savepoint", said("release savepoint"))


def _say(connection: Connection, statement: str) -> None:
    driver: Any = connection.connection.driver_connection
    answer = driver.pgconn.exec_(statement.encode())
    assert answer.status == ExecStatus.COMMAND_OK, answer.error_message


def light(connection: Connection, info: dict[str, Any]) -> Sessions:
    """Give the sessions of a proof, as the test itself; `tests.roles.in_role` makes others of them."""
    driver: Any = connection.connection.driver_connection
    driver.prepared_max = 1_000  # all there are

    @event.listens_for(connection, "rollback_savepoint")
    def _nobody_again(_connection: Connection, _name: str, _context: object) -> None:
        connection.info.pop(_NOW, None)

    sessions: Sessions = sessionmaker(connection, class_=Light, expire_on_commit=False, info=info)
    return sessions
