"""Secrets as plain attributes: `case.case_number` is read and set like any other, and lies sealed in its row.

A table whose rows hold secrets is a `Secrets` with a column `sealed`; each `secret()` of it is kept there and nowhere
else. Rows are sealed when a session flushes them and opened when an attribute is read, with the session's keyring
(`sessionmaker(..., info={"keyring": ...})`). A session without one can neither read nor write them. There is nothing to
remember, and nothing to forget: a secret is no column, so that no query can name it.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, event, insert, inspect, select
from sqlalchemy.orm import Mapper, Session, UOWTransaction, column_property
from sqlalchemy.orm.attributes import flag_dirty
from sqlmodel import col
from sqlmodel.main import SQLModelMetaclass

from bostad.records import Record
from bostad.sealing.envelope import BrokenSeal, new_key, open_sealed, padded, seal
from bostad.sealing.keyring import Keyring, NoKeys
from bostad.sealing.tables import HouseholdKey

GENERATION = bytes([1])
"""The id of a household's key: it has one, and a second would be told from it by this."""
OPENED, CHANGED, KEYRING, MADE = "opened", "changed", "keyring", "made keys"


class Secret:
    """A descriptor for one secret of a row."""

    name: str

    def __get__(self, row: "Secrets | None", owner: type["Secrets"]) -> Any:
        """Open the row's secrets, once, and give this one."""
        return self if row is None else _opened(row).get(self.name)

    def __set__(self, row: "Secrets", value: Any) -> None:
        """Keep a value until the session flushes the row."""
        state = inspect(row)
        state.info[OPENED] = _opened(row) | {self.name: value}
        state.info[CHANGED] = True
        flag_dirty(row)


def secret() -> Any:
    """Declare a secret of a table: a value that JSON knows. What is not given when a row is made is None."""
    return Secret()


class _WithSecrets(SQLModelMetaclass):
    """Takes the secrets out of a class before they can become columns, and puts them back as attributes."""

    def __new__(cls, name: str, bases: tuple[type[Any], ...], namespace: dict[str, Any], **kwargs: Any) -> Any:
        found = {key: value for key, value in namespace.items() if isinstance(value, Secret)}
        for key, one in found.items():
            one.name = key
            del namespace[key], namespace["__annotations__"][key]
        made = super().__new__(cls, name, bases, namespace, **kwargs)
        for key, one in found.items():
            type.__setattr__(made, key, one)
        return made


class Secrets(Record, metaclass=_WithSecrets):
    """A row with secrets. A subclass says whose household it is about, and has the column `sealed`."""

    def __init__(self, **data: Any) -> None:
        """Keep what is secret apart from the columns."""
        secrets = {name: data.pop(name) for name in tuple(data) if isinstance(getattr(type(self), name, None), Secret)}
        super().__init__(**data)
        for name, value in secrets.items():
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set secrets by their descriptor: pydantic knows nothing of them."""
        if isinstance(getattr(type(self), name, None), Secret):
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    begins_household: ClassVar[bool] = False
    """A case: with it comes a key, and its household is itself."""
    if TYPE_CHECKING:
        sealed: bytes | None

    def household(self, db: Session) -> UUID:
        """Give the id of the case whose key seals this row."""
        raise NotImplementedError

    def index(self, keyring: Keyring) -> None:
        """Keep what is looked up exactly as a keyed hash; by default there is nothing."""


def keyed_by(table: type[Secrets], case_id: Any, *, where: Any = None, seldom: bool = False) -> None:
    """Let rows of a table be read together with their household's wrapped key, in the same query.

    `case_id` is the column that names a row's case: its own, or a parent's with `where` as the way there. `seldom`: the
    key is fetched only when a secret is read.
    """
    wrapped = select(col(HouseholdKey.wrapped)).where(col(HouseholdKey.case_id) == case_id)
    if where is not None:
        wrapped = wrapped.where(where)
    mapper: Mapper[Any] = inspect(table)
    mapper.add_property("wrapped_key", column_property(wrapped.correlate(table).scalar_subquery(), deferred=seldom))


def keyring_of(db: Session) -> Keyring:
    """Give a session's keyring; NoKeys on a side that has none."""
    keyring: Keyring | None = db.info.get(KEYRING)
    if keyring is None:
        raise NoKeys("this side of the service holds no keys")
    return keyring


def sealed_with(key: bytes, secrets: Mapping[str, Any], where: bytes) -> bytes:
    """Seal secrets with a household's key, for one place alone."""
    plain = padded(json.dumps(secrets, ensure_ascii=False, sort_keys=True).encode())
    return seal(key, plain, id_of=GENERATION, about=where)


def about(table: str, row_id: UUID, case_id: UUID) -> bytes:
    """Name the place that a sealed value belongs to: table and column, row, case."""
    return f"{table}.sealed {row_id} {case_id}".encode()


def _place_of(row: Secrets, case_id: UUID) -> bytes:
    return about(str(row.__tablename__), row.id, case_id)


def _opened(row: Secrets) -> dict[str, Any]:
    """Give a row's secrets, opened at the first call."""
    state = inspect(row)
    if OPENED not in state.info:
        state.info[OPENED] = _open(row, state.info.get(KEYRING)) if row.sealed else {}
    opened: dict[str, Any] = state.info[OPENED]
    return opened


def _open(row: Any, keyring: Keyring | None) -> dict[str, Any]:
    if keyring is None:
        raise NoKeys("this side of the service holds no keys")
    if row.wrapped_key is None:
        raise BrokenSeal("the household's key is gone")
    case_id, key = keyring.unwrap(row.wrapped_key)
    plain = open_sealed(key, row.sealed, id_length=len(GENERATION), about=_place_of(row, case_id))
    opened: dict[str, Any] = json.loads(plain)
    return opened


@event.listens_for(Secrets, "load", propagate=True)
def _loaded(row: Secrets, context: Any) -> None:
    inspect(row).info[KEYRING] = context.session.info.get(KEYRING)


@event.listens_for(Secrets, "refresh", propagate=True)
def _refreshed(row: Secrets, context: Any, names: Any) -> None:
    if names is None or "sealed" in names:
        _forget(row)
        if context is not None:  # an UPDATE without a row of its own has none: the keys stay those it was read with
            inspect(row).info[KEYRING] = context.session.info.get(KEYRING)


@event.listens_for(Secrets, "expire", propagate=True)
def _expired(row: Secrets, names: Any) -> None:
    if names is None or "sealed" in names:
        _forget(row)


def _forget(row: Secrets) -> None:
    inspect(row).info.pop(OPENED, None)
    inspect(row).info.pop(CHANGED, None)


@event.listens_for(Session, "before_flush")
def _seal_what_changed(db: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Seal every row whose secrets were set; what has a case of its own gets a key of its own."""
    changed = [row for row in (*db.new, *db.dirty) if isinstance(row, Secrets) and inspect(row).info.get(CHANGED)]
    for row in sorted(changed, key=lambda row: row.begins_household, reverse=True):
        case_id = row.household(db)
        row.sealed = sealed_with(_key(db, row, case_id), inspect(row).info[OPENED], _place_of(row, case_id))
        row.index(keyring_of(db))
        inspect(row).info[CHANGED] = False


def _key(db: Session, row: Secrets, case_id: UUID) -> bytes:
    """Give the key of a row's household: made now with a new case, else the one there is."""
    made: dict[UUID, bytes] = db.info.setdefault(MADE, {})
    if row.begins_household and row in db.new:
        made[case_id] = new_key()
        inspect(row).info[MADE] = keyring_of(db).wrap(made[case_id], case_id)
    if case_id in made:
        return made[case_id]
    with db.no_autoflush:
        return keyring_of(db).unwrap(db.get_one(HouseholdKey, case_id).wrapped)[1]


@event.listens_for(Session, "after_flush_postexec")
def _forget_made_keys(db: Session, _context: UOWTransaction) -> None:
    db.info.pop(MADE, None)


@event.listens_for(Secrets, "after_insert", propagate=True)
def _keep_key(_mapper: Mapper[Any], connection: Connection, row: Secrets) -> None:
    """Keep a new household's key, once its case is there."""
    if made := inspect(row).info.pop(MADE, None):
        key_id, wrapped = made
        connection.execute(insert(HouseholdKey).values(case_id=row.id, key_id=key_id, wrapped=wrapped))
