"""What one sees of one's own account: who one is here, what one proves it with, and where one is signed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor, Role
from bostad.accounts.sessions import OpenSession, open_sessions
from bostad.accounts.tables import Authenticator, Passkey, RecoveryCode, Unit, User
from bostad.records import Sessions


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One passkey."""

    id: UUID
    name: str
    credential_id: bytes
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can prove her second factor with."""

    username: str
    app_since: datetime | None
    passkeys: tuple[KeyLine, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Tell whether there is a second factor at all; recovery codes alone are none."""
        return self.app_since is not None or bool(self.passkeys)

    @property
    def key_ids(self) -> tuple[bytes, ...]:
        """Give the passkeys' own names for themselves."""
        return tuple(key.credential_id for key in self.passkeys)

    @property
    def several(self) -> bool:
        """Tell whether one of them may go."""
        return (self.app_since is not None) + len(self.passkeys) > 1


@dataclass(frozen=True, slots=True)
class MyPage:
    """A user's own account."""

    username: str
    name: str
    role: Role
    organisation: str
    unit: str | None
    locale: str
    factors: Factors
    sessions: tuple[OpenSession, ...]


def my_page(sessions: Sessions, *, token_hash: str = "", by: Actor, at: datetime) -> MyPage:
    """Show a user her own account; `token_hash` is the session she looks from."""
    with sessions() as db:
        user = db.get_one(User, by.id)
        unit = db.get(Unit, user.unit_id) if user.unit_id else None
        factors, open_ones = factors_in(db, user), open_sessions(db, user, at=at, here=token_hash)
    named = unit.name if unit else None
    return MyPage(user.username, user.name, user.role, by.organisation_name, named, user.locale, factors, open_ones)


def factors_of(sessions: Sessions, *, by: Actor) -> Factors:
    """Show what a person has set up, before or after she has proved it."""
    with sessions() as db:
        return factors_in(db, db.get_one(User, by.id))


def factors_in(db: Session, user: User) -> Factors:
    """Read what a person has set up."""
    app = db.exec(select(Authenticator.added_at).where(Authenticator.user_id == user.id)).one_or_none()
    keys = db.exec(select(Passkey).where(Passkey.user_id == user.id).order_by(col(Passkey.added_at))).all()
    left = select(func.count()).where(RecoveryCode.user_id == user.id, col(RecoveryCode.spent_at).is_(None))
    lines = tuple(KeyLine(key.id, key.name, key.credential_id, key.added_at, key.used_at) for key in keys)
    return Factors(user.username, app, lines, db.exec(left).one())
