"""What the demo is about: the example from Sundsvall, loaded once, all or nothing, as if it had happened by today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.passwords import Cost, Passwords
from bostad.accounts.tables import Organisation
from bostad.adapters.database import connect
from bostad.cli.demo_cast import set_up
from bostad.cli.demo_example import Example, morning
from bostad.cli.demo_story import tell
from bostad.records import Sessions, clock
from bostad.sealing.columns import KEYRING
from bostad.sealing.keyring import Keyring

EVERYBODYS_WORDS = "sju sagor i november"
"""The pass-phrase of every demo user. For the demo alone: all that it opens is invented."""

SET_UP_DAYS_AGO = 200
"""Before the longest wait of the example begins."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One way in, to be printed."""

    role: str
    username: str
    password: str


def load(database_url: str, keyring: Keyring, secret: str) -> list[SignIn]:
    """Load the example unless there is data already, and say how to sign in: one of each role, both landlords."""
    engine = connect(database_url, pool_size=2)
    try:
        load_once(engine, Passwords(Cost()), keyring, secret)
    finally:
        engine.dispose()
    return list(_sign_ins())


def load_once(engine: Engine, passwords: Passwords, keyring: Keyring, secret: str) -> bool:
    """Load the example as of today and tell whether there was anything to do.

    It is one transaction: a demo that is killed while it loads has loaded nothing.
    """
    with engine.begin() as connection:
        sessions: Sessions = sessionmaker(
            connection,
            class_=Session,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
            info={KEYRING: keyring},
        )
        with sessions() as db:
            is_there = db.exec(select(Organisation.id).limit(1)).first() is not None
        if not is_there:
            load_example(sessions, passwords, secret=secret, at=clock(sessions))
    return not is_there


def load_example(sessions: Sessions, passwords: Passwords, *, secret: str, at: datetime) -> None:
    """Let everybody in, and then let them do what the example says, each thing on its day.

    `secret` is the installation's own, under which what everybody's app holds is sealed.
    """
    example = Example(at.date())
    set_up_at = morning(example.days_ago(SET_UP_DAYS_AGO))
    cast = set_up(sessions, example, words=EVERYBODYS_WORDS, passwords=passwords, secret=secret, at=set_up_at)
    tell(cast, example, set_up_at=set_up_at)


def _sign_ins() -> Iterator[SignIn]:
    seen = set()
    for row in Example.table("users"):
        if (row["role"], row["organisation"]) not in seen:
            seen.add((row["role"], row["organisation"]))
            yield SignIn(str(Role(row["role"]).label), row["username"], EVERYBODYS_WORDS)
