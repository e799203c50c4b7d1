"""Where worlds are written and unwritten: one database, one moment, and nothing that stays."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import Session, SQLModel, select

from bostad.accounts.sessions import actor_of, begin_session
from bostad.accounts.tables import SignedIn
from bostad.audit.service import record
from bostad.records import Sessions
from tests.proofs.draw import Draw
from tests.proofs.elsewhere import fill
from tests.proofs.hidden import Hidden
from tests.proofs.released import Released, released

STAFF, ADMIN = "token-of-the-staff", "token-of-the-administrator"

_STAND_STILL = (
    "create schema standing",
    "create function standing.clock_timestamp() returns timestamptz stable return timestamptz '{at}'",
    "grant usage on schema standing to public",
    "set local search_path = standing, pg_catalog, public",
)
"""The clock is the database's, so that is where it is stopped: a function of this transaction's own comes first."""


@dataclass(frozen=True, slots=True)
class World:
    """A world as it stands written: what the company knows, all else, and every id there is."""

    known: Released
    behind: Hidden
    ids: frozenset[str]


def connection_of(sessions: Sessions) -> Connection:
    """Give the connection that a test's sessions share."""
    bound: Connection = sessions.kw["bind"]
    return bound


def stop_the_clock(sessions: Sessions) -> datetime:
    """Let no time pass in what is left of the test; give the moment."""
    connection = connection_of(sessions)
    now: datetime = connection.execute(text("select date_trunc('minute', now())")).scalar_one()
    for statement in _STAND_STILL:
        connection.execute(text(statement.format(at=now.isoformat())))
    return now


@contextmanager
def undone(sessions: Sessions) -> Iterator[None]:
    """Take back whatever is done inside."""
    point = connection_of(sessions).begin_nested()
    try:
        yield
    finally:
        point.rollback()


@contextmanager
def standing_world(sessions: Sessions, seed: int, hidden: int, at: datetime) -> Iterator[World]:
    """Write a world: `seed` draws what the company knows, `hidden` all else and the order in which rows arrive.

    Triggers rest meanwhile: they guard each step of what has happened here long ago.
    """
    known = released(seed, at)
    behind = Hidden(known, hidden)
    fill(behind)
    tried = {str(one) for ids in known.ids(Draw(seed)).values() for one in ids}
    tried |= set(map(str, known.session_ids))
    ids = frozenset(tried | {str(row.id) for row in [*known.rows, *behind.rows]})
    with undone(sessions):
        with sessions.begin() as db:
            db.execute(text("set local session_replication_role = replica"))
            _write(db, [*known.rows, *behind.rows], behind.draw)
            db.execute(text("set local session_replication_role = origin"))
            _happened(db, known, behind)
            for user, token, session_id in zip(
                (known.staff, known.admin), (STAFF, ADMIN), known.session_ids, strict=True
            ):
                begin_session(db, user, token, at=at, proved_at=at)
                db.flush()
                db.exec(select(SignedIn).where(SignedIn.user_id == user.id)).one().id = session_id
        yield World(known, behind, ids)


def _write(db: Session, rows: Iterable[Any], draw: Draw) -> None:
    """Add rows, parents first, and in an order of this world's own within each table."""
    by_table: dict[str, list[Any]] = {}
    for row in rows:
        by_table.setdefault(row.__tablename__, []).append(row)
    for table in SQLModel.metadata.sorted_tables:
        mine = by_table.pop(table.name, [])
        draw.shuffle(mine)
        db.add_all(mine)
        db.flush()
    assert not by_table, "every row has a table"


def _happened(db: Session, known: Released, behind: Hidden) -> None:
    """Tell the log what was done with the company's homes, with other people's doings between."""
    staff = actor_of(known.staff, known.company)
    for number, home in enumerate(known.homes):
        if behind.draw.maybe():
            _somebody_did(db, known, behind)
        record(db, "home.published", by=staff, at=known.at - timedelta(hours=50 - number), subject=home.id)


def _somebody_did(db: Session, known: Released, behind: Hidden) -> None:
    board = behind.draw.choice(known.boards)
    worker = behind.draw.choice(behind.workers[board.id])
    by, at = actor_of(worker, board), behind.draw.moment(known.at, 90)
    record(db, "case.started", by=by, at=at, subject=behind.draw.id())
