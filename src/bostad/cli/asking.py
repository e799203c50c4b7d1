"""What commands about accounts have in common: answers read like a form's, and a database for one command."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from bostad.adapters.database import connect, sessions_on
from bostad.adapters.key_file import keyring_from
from bostad.answers import Answers, faults_in
from bostad.errors import BostadError, Invalid
from bostad.records import Sessions
from bostad.settings import UnsafeSettings, read_settings
from bostad.words import Sentence
from bostad.zones.logins import Login

A = TypeVar("A", bound=Answers)
OPTIONS = {"code": "CODE", "username": "USERNAME", "units": "--unit"}
"""The fields whose option is called something else."""


class WrongOption(BostadError):
    """An option's value cannot be used."""


class NotReached(UnsafeSettings):
    """The database's address leads to nobody who answers, or who lets us in."""


@contextmanager
def reached() -> Iterator[None]:
    """Say in one line that the database does not answer; the server's own words hold no password."""
    try:
        yield
    except OperationalError as wrong:
        if wrong.statement is not None:  # it answered, and stopped at something else
            raise
        raise NotReached(f"the database does not answer: {str(wrong.orig).partition(chr(10))[0]}") from wrong


@contextmanager
def database(login: Login = Login.DOOR) -> Iterator[Sessions]:
    """Open the database for one command: as the door, which knows accounts and nothing of a case, or another role."""
    settings = read_settings(needs=(login,))
    keyring = keyring_from(file=settings.keys_file, written=settings.key) if login is Login.WORKER else None
    engine = connect(settings.databases[login], pool_size=1)
    try:
        with reached():
            yield sessions_on(engine, keyring=keyring)
    except Invalid as wrong:
        raise _wrong_option(wrong.fields) from wrong
    finally:
        engine.dispose()


def answered(model: type[A], **given: object) -> A:
    """Read options as a form would; what is wrong is said about the option."""
    try:
        return model.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as wrong:
        raise _wrong_option(faults_in(wrong)) from wrong


def _wrong_option(faults: Mapping[str, Sentence]) -> WrongOption:
    """Say of the first option that is wrong which it is, as it is typed, and how to mend it."""
    field, told = next(iter(faults.items()))
    return WrongOption("%(option)s: %(told)s", option=OPTIONS.get(field, f"--{field}"), told=str(told))
