"""What others did to one's account: written down with the act, and told at the next sign-in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.accounts.proofs import TRIES, News
from bostad.accounts.tables import AccountNews, User
from bostad.audit.service import record
from bostad.records import Sessions

SHOWN = 20


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One thing that was done to an account; `who` is None for the people who run the service."""

    what: News
    at: datetime
    who: str | None
    is_new: bool

    @property
    def by_somebody(self) -> bool:
        """Tell whether somebody is known to have done it."""
        return self.what not in TRIES


def tell(db: Session, user_id: UUID, what: News, *, by: Actor | None, at: datetime) -> None:
    """Write down, within the caller's transaction, what a person is to be told."""
    db.add(AccountNews(user_id=user_id, what=what, by_id=by.id if by else None, at=at))


def news_of(sessions: Sessions, *, by: Actor) -> list[NewsLine]:
    """List what was done to one's own account, newest first."""
    query = (
        select(AccountNews, User.name)
        .join(User, col(User.id) == col(AccountNews.by_id), isouter=True)
        .where(AccountNews.user_id == by.id)
        .order_by(col(AccountNews.at).desc(), col(AccountNews.id))
    )
    with sessions() as db:
        found = db.exec(query.limit(SHOWN)).all()
    return [NewsLine(row.what, row.at, who, row.seen_at is None) for row, who in found]


def has_news(sessions: Sessions, *, by: Actor) -> bool:
    """Tell whether there is something that one has not been told."""
    unseen = select(AccountNews.id).where(AccountNews.user_id == by.id, col(AccountNews.seen_at).is_(None))
    with sessions() as db:
        return db.exec(unseen.limit(1)).first() is not None


def mark_seen(sessions: Sessions, *, by: Actor, at: datetime) -> None:
    """Note that she has read it."""
    unseen = update(AccountNews).where(col(AccountNews.user_id) == by.id, col(AccountNews.seen_at).is_(None))
    with sessions.begin() as db:
        if db.execute(unseen.values(seen_at=at).returning(col(AccountNews.id))).first():
            record(db, "news.read", by=by, at=at, subject=by.id)
