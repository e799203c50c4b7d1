"""What every factory stands on: it writes with the session in use and commits."""

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from factory.base import Factory
from sqlmodel import Session

session_in_use: ContextVar[Session] = ContextVar("session_in_use")


class Rows(Factory[Any]):
    """Adds what it makes to the session in use and commits, so that the code under test sees it."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def __new__(cls, **kwargs: Any) -> Any:
            """Give a row when called, which the metaclass cannot tell mypy."""

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        session = session_in_use.get()
        row = model_class(*args, **kwargs)
        session.add(row)
        session.commit()
        return row
