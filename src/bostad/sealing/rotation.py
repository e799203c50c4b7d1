"""Changing the key that wraps: every household's key is wrapped anew while everybody goes on working (S44)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from bostad.records import Sessions
from bostad.sealing.columns import keyring_of
from bostad.sealing.envelope import BrokenSeal
from bostad.sealing.tables import HouseholdKey

BATCH = 500


@dataclass(frozen=True, slots=True)
class Check:
    """What a walk through all households' keys has found."""

    opened: Mapping[str, int]
    """How many opened, by the id of the key that wrapped them."""
    broken: tuple[UUID, ...]
    """The cases whose key does not open."""


def wrap_anew(sessions: Sessions, *, batch: int = BATCH) -> int:
    """Wrap every household's key with the newest key there is, and give how many were not yet.

    Each batch is a transaction of its own: cut short, the next call goes on where this one stopped.
    """
    done = 0
    while moved := _one_batch(sessions, batch):
        done += moved
    return done


def wrapped_by(sessions: Sessions) -> dict[str, int]:
    """Count the households' keys by the id of the key that wrapped them."""
    with sessions() as db:
        query = select(HouseholdKey.key_id, func.count()).group_by(col(HouseholdKey.key_id))
        return dict(db.exec(query).all())


def check_keys(sessions: Sessions, *, batch: int = BATCH) -> Check:
    """Open every household's key and keep none of them; each must open, and be the one of its own case."""
    opened: Counter[str] = Counter()
    broken: list[UUID] = []
    with sessions() as db:
        rows = db.exec(select(HouseholdKey).order_by(col(HouseholdKey.case_id)).execution_options(yield_per=batch))
        for row in rows:
            if _opens(db, row):
                opened[row.key_id] += 1
            else:
                broken.append(row.case_id)
    return Check(dict(opened), tuple(broken))


def _one_batch(sessions: Sessions, batch: int) -> int:
    with sessions.begin() as db:
        keyring = keyring_of(db)
        newest = keyring.newest()
        older = select(HouseholdKey).where(HouseholdKey.key_id != newest).order_by(col(HouseholdKey.case_id))
        rows = db.exec(older.limit(batch).with_for_update()).all()
        changed = []
        for row in rows:
            case_id, key = keyring.unwrap(row.wrapped)
            key_id, wrapped = keyring.wrap(key, case_id)
            changed.append({"case_id": case_id, "key_id": key_id, "wrapped": wrapped})
        if changed:
            db.execute(update(HouseholdKey), changed)
    return len(rows)


def _opens(db: Session, row: HouseholdKey) -> bool:
    try:
        return keyring_of(db).unwrap(row.wrapped)[0] == row.case_id
    except BrokenSeal:
        return False
