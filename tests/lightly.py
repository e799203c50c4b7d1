"""Sessions for thousands of requests on one connection: they do what the web's do, and send no statement in vain.

Each session becomes whom it is for, by role and by name, when the one before it was somebody else; one that only reads
takes no savepoint. What it may read is the database's to say, as outside.
"""

from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import SessionTransaction, sessionmaker
from sqlmodel import Session

from bostad.records import Sessions

ITSELF = "none"
"""The role of whoever logged in: the test."""
_BECOME = text("select set_config('role', :role, true), set_config('bostad.session', :whose, true)")
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
        connection.execute(_BECOME, {"role": wanted[0], "whose": wanted[1]})
        connection.info[_NOW] = wanted


def light(connection: Connection, info: dict[str, Any]) -> Sessions:
    """Give the sessions of a proof, as the test itself; `tests.roles.in_role` makes others of them."""

    @event.listens_for(connection, "rollback_savepoint")
    def _nobody_again(_connection: Connection, _name: str, _context: object) -> None:
        connection.info.pop(_NOW, None)

    sessions: Sessions = sessionmaker(connection, class_=Light, expire_on_commit=False, info=info)
    return sessions
