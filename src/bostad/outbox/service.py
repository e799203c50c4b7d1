"""Posting work inside a transaction, handing it to the queue outside, and knowing when it is done."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from bostad.outbox.tables import Message
from bostad.records import Sessions

# Longer than the longest task's hard limit: a lease that ends under a live worker would do the work twice.
LEASE = timedelta(minutes=12)
RETRY_AFTER = timedelta(seconds=2)
KEPT_WHEN_DONE = timedelta(days=30)
BATCH = 100


def post(db: Session, kind: str, *, key: str, at: datetime, due_at: datetime | None = None) -> None:
    """Ask for work once this transaction commits; the same kind and key waiting already is asked for once.

    `key` is what the work is about, an id as text: it is all that a task is told (S41). Touching the row that waits,
    rather than leaving it alone, locks it: it cannot be handed out before this transaction's change can be seen. A
    function of the database's does it, since those who ask may not read what others have asked for.
    """
    db.execute(select(func.post_message(kind, key, at, due_at or at)))


def dispatch(sessions: Sessions, send: Callable[[UUID], None], *, at: datetime) -> int:
    """Hand every piece of work that is due to the queue and lease it; what the queue loses comes back in time."""
    with sessions.begin() as db:
        due = (
            select(Message)
            .where(col(Message.done_at).is_(None), Message.due_at <= at)
            .where(or_(col(Message.leased_until).is_(None), col(Message.leased_until) < at))
            .order_by(col(Message.due_at), col(Message.id))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        taken = db.exec(due).all()
        for message in taken:
            message.leased_until = at + LEASE
            message.attempts += 1
        ids = [message.id for message in taken]
    for message_id in ids:
        send(message_id)
    return len(ids)


def take(sessions: Sessions, message_id: UUID) -> tuple[str, str] | None:
    """Give a message's kind and key, or None when it is done already (delivery is at least once)."""
    with sessions() as db:
        message = db.get(Message, message_id)
        return None if message is None or message.done_at else (message.kind, message.key)


def finish(sessions: Sessions, message_id: UUID, *, at: datetime) -> None:
    """Note that the work is done."""
    with sessions.begin() as db:
        db.get_one(Message, message_id, with_for_update=True).done_at = at


def put_back(sessions: Sessions, message_id: UUID, *, at: datetime, because: str) -> None:
    """Let the work be tried again shortly; a twin that waits already takes its place."""
    with sessions.begin() as db:
        message = db.get_one(Message, message_id, with_for_update=True)
        message.last_error = because[:200]
        message.leased_until = at + RETRY_AFTER


def forget_done(sessions: Sessions, *, at: datetime) -> int:
    """Delete what was done long ago; count it."""
    with sessions.begin() as db:
        old = delete(Message).where(col(Message.done_at) < at - KEPT_WHEN_DONE).returning(col(Message.id))
        return len(db.execute(old).all())


def take_over(db: Session, kind: str, keys: Collection[str], *, at: datetime) -> tuple[str, ...]:
    """Note as done what waits under these keys, in a transaction that begins work which does it too; give its keys.

    What somebody is just asking for cannot be seen yet and is left alone. If the work fails, the caller asks again.
    """
    waiting = select(Message).where(Message.kind == kind, col(Message.key).in_(keys), col(Message.done_at).is_(None))
    free = waiting.where(or_(col(Message.leased_until).is_(None), col(Message.leased_until) < at))
    found = db.exec(free.order_by(col(Message.id)).with_for_update(skip_locked=True)).all()
    for message in found:
        message.done_at = at
    return tuple(message.key for message in found)


def forget_about(db: Session, ids: Collection[UUID]) -> int:
    """Delete the work that was about rows that are being deleted; count it."""
    keys = {str(one) for one in ids}
    return len(db.execute(delete(Message).where(col(Message.key).in_(keys)).returning(col(Message.id))).all())


def waits(db: Session, kind: str, key: str) -> bool:
    """Tell whether a piece of work is asked for and not done yet."""
    query = select(Message.id).where(Message.kind == kind, Message.key == key, col(Message.done_at).is_(None))
    return db.exec(query.limit(1)).first() is not None
