"""Since when each key and each password is in use: the log has a row from the day it was first seen (S43).

The row names no secret. It is found by a mark, a keyed hash that nobody can make who does not hold the keys.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from bostad.audit.service import record
from bostad.audit.tables import AuditRow
from bostad.records import Sessions
from bostad.sealing.ages import Age, ages_of_keys, ages_of_secrets
from bostad.sealing.columns import keyring_of
from bostad.sealing.keyring import WRAP, Keyring

Held = Mapping[str, str]
"""Secrets and passwords by the name of the variable that each lies in."""


def mark_of(keyring: Keyring, label: str, secret: str) -> UUID:
    """Give what a secret is known by in the log."""
    return UUID(hex=keyring.fingerprint(f"age of {label}", secret)[:32])


def key_ages(sessions: Sessions, held: Held, *, at: datetime) -> tuple[Age, ...]:
    """Say how old the keys and these secrets are; what is seen for the first time is noted, and begins today."""
    with sessions.begin() as db:
        keyring = keyring_of(db)
        keyring.newest()  # reads the file again, if it has changed
        keys = {key_id: mark_of(keyring, WRAP, key_id) for key_id in keyring.keys.wrapping}
        secrets = {label: mark_of(keyring, label, secret) for label, secret in held.items()}
        known = _first_seen(db, [*keys.values(), *secrets.values()])
        for label, mark in [*((f"{WRAP} {key_id}", mark) for key_id, mark in keys.items()), *secrets.items()]:
            if mark not in known:
                known[mark] = at
                record(db, "keys.noted", by=None, at=at, subject=mark, what=label)
    return (
        *ages_of_keys({key_id: known[mark] for key_id, mark in keys.items()}, at=at),
        *ages_of_secrets({label: known[mark] for label, mark in secrets.items()}, at=at),
    )


def _first_seen(db: Session, marks: list[UUID]) -> dict[UUID, datetime]:
    query = select(AuditRow.subject_id, func.min(AuditRow.at)).where(col(AuditRow.subject_id).in_(marks))
    return {mark: first for mark, first in db.exec(query.group_by(col(AuditRow.subject_id))).all() if mark}
