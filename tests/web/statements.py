"""Counting what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

HOUSEKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "set local role", "reset role")
"""What opening and closing a transaction takes, in tests and outside; the context of the session is one such too."""
CONTEXT = "set_config('bostad.session'"


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Give a list that fills with every statement that asks or changes something."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.startswith(HOUSEKEEPING) and CONTEXT not in statement:
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
