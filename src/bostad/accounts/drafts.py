"""Drafts: what a person was sending when her session had ended, kept for her alone (U35)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from bostad.accounts.access import Actor
from bostad.accounts.sealing import seal, unseal
from bostad.accounts.tables import Draft
from bostad.records import Sessions

LONGEST_PATH = 200
LARGEST = 64 * 1024
"""Characters of answers in one draft; the longest form is far shorter."""

Answered = Mapping[str, Sequence[str]]
"""A form as it was sent: each field's values in order."""


def save_draft(sessions: Sessions, path: str, answers: Answered, *, user_id: UUID, secret: str, at: datetime) -> bool:
    """Keep answers for one person and one address, over what was kept there; False when it is too much."""
    text = json.dumps({name: list(values) for name, values in answers.items()})
    if len(path) > LONGEST_PATH or len(text) > LARGEST:
        return False
    kept = {"sealed": seal(text.encode(), secret, _what(user_id, path)), "saved_at": at}
    with sessions.begin() as db:
        row = insert(Draft).values(id=uuid4(), user_id=user_id, path=path, **kept)
        db.execute(row.on_conflict_do_update(index_elements=[col(Draft.user_id), col(Draft.path)], set_=kept))
    return True


def kept_draft(sessions: Sessions, path: str, *, by: Actor, secret: str) -> Answered | None:
    """Show what was kept for this person at this address; it stays until it has been sent."""
    with sessions() as db:
        sealed = db.exec(select(Draft.sealed).where(Draft.user_id == by.id, Draft.path == path)).one_or_none()
    if sealed is None:
        return None
    plain = unseal(sealed, secret, _what(by.id, path))
    if plain is None:  # the installation's secret was changed since: the draft is lost, and nothing else
        return None
    answers: dict[str, list[str]] = json.loads(plain)
    return answers


def drop_draft(sessions: Sessions, path: str, *, by: Actor) -> None:
    """Keep it no longer: it was sent, or it was not wanted."""
    with sessions.begin() as db:
        db.execute(delete(Draft).where(col(Draft.user_id) == by.id, col(Draft.path) == path))


def _what(user_id: UUID, path: str) -> str:
    """Name one draft: a row moved to another person or address cannot be opened."""
    return f"draft {user_id} {path}"
