"""What the screens show of users and units: plain data, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from bostad.accounts.access import ROLES_OF, Actor, OrganisationKind, Role
from bostad.accounts.sessions import OpenSession, open_sessions
from bostad.accounts.tables import Authenticator, Credential, OneTimeCode, Organisation, Passkey, Unit, User
from bostad.errors import Missing
from bostad.records import Sessions
from bostad.words import Word, say


class UserState(Word):
    """Where a user stands between invited and gone."""

    INVITED = "invited", say("Has a code and no password yet")
    ACTIVE = "active", say("Can sign in")
    WITHOUT = "without", say("Has neither password nor code")
    DISABLED = "disabled", say("Disabled")


@dataclass(frozen=True, slots=True)
class UserPage:
    """One user as an administrator sees her: the account, never the work."""

    id: UUID
    username: str
    name: str
    role: Role
    unit: str | None
    state: UserState
    code_ends_at: datetime | None
    has_app: bool
    passkeys: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose in a form."""

    id: UUID
    name: str


def users_of(sessions: Sessions, *, by: Actor, at: datetime) -> list[UserPage]:
    """List the users of an administrator's own organisation, by name."""
    with sessions() as db:
        return _users(db, at, col(User.organisation_id) == by.organisation_id)


def user_page(sessions: Sessions, user_id: UUID, *, by: Actor, at: datetime) -> UserPage:
    """Show one user of an administrator's own organisation."""
    with sessions() as db:
        found = _users(db, at, col(User.organisation_id) == by.organisation_id, col(User.id) == user_id)
    if not found:
        raise Missing("We can't find that user.")
    return found[0]


def sessions_of(sessions: Sessions, user_id: UUID, *, at: datetime) -> tuple[OpenSession, ...]:
    """List where a user is signed in."""
    with sessions() as db:
        return open_sessions(db, db.get_one(User, user_id), at=at)


def units_of(sessions: Sessions, organisation_id: UUID) -> list[Choice]:
    """List an organisation's units, by name."""
    with sessions() as db:
        units = db.exec(select(Unit).where(Unit.organisation_id == organisation_id)).all()
    return sorted((Choice(unit.id, unit.name) for unit in units), key=lambda unit: unit.name.casefold())


def roles_of(sessions: Sessions, organisation_id: UUID) -> list[Role]:
    """List the roles that belong in an organisation, in their usual order."""
    with sessions() as db:
        kind = OrganisationKind(db.get_one(Organisation, organisation_id).kind)
    return [role for role in Role if role in ROLES_OF[kind]]


def organisation_named(sessions: Sessions, code: str) -> UUID:
    """Find an organisation by its code, for the command line."""
    with sessions() as db:
        found = db.exec(select(Organisation.id).where(Organisation.code == code.lower())).one_or_none()
    if found is None:
        raise Missing("There is no organisation with the code %(code)s.", code=code)
    return found


def unit_named(sessions: Sessions, organisation_id: UUID, name: str) -> UUID:
    """Find a unit by its name, for the command line."""
    with sessions() as db:
        of_that_name = select(Unit.id).where(Unit.organisation_id == organisation_id, Unit.name == name)
        found = db.exec(of_that_name).one_or_none()
    if found is None:
        raise Missing("There is no unit named %(name)s in that organisation.", name=name)
    return found


def user_named(sessions: Sessions, username: str) -> UUID:
    """Find a user by her user name, for the command line."""
    with sessions() as db:
        found = db.exec(select(User.id).where(User.username == username.lower())).one_or_none()
    if found is None:
        raise Missing("There is no user with the name %(username)s.", username=username)
    return found


def _users(db: Session, at: datetime, *which: ColumnElement[bool]) -> list[UserPage]:
    password = exists().where(col(Credential.user_id) == col(User.id))
    app = exists().where(col(Authenticator.user_id) == col(User.id))
    keys = select(func.count(col(Passkey.id))).where(Passkey.user_id == User.id).scalar_subquery()
    found = db.execute(
        columns(User, col(Unit.name), col(OneTimeCode.ends_at), password, app, keys)
        .join(Unit, col(Unit.id) == col(User.unit_id), isouter=True)
        .join(
            OneTimeCode,
            (col(OneTimeCode.user_id) == col(User.id)) & col(OneTimeCode.spent_at).is_(None),
            isouter=True,
        )
        .where(*which)
    ).all()
    pages = [_shown(at, *row) for row in found]
    return sorted(pages, key=lambda page: (page.name.casefold(), page.username))


def _shown(at: datetime, user: User, unit: str | None, code_ends_at: datetime | None, *has: int) -> UserPage:
    password, app, keys = has
    holds = code_ends_at if code_ends_at and code_ends_at > at else None
    if user.disabled_at:
        state = UserState.DISABLED
    elif password:
        state = UserState.ACTIVE
    else:
        state = UserState.INVITED if holds else UserState.WITHOUT
    return UserPage(user.id, user.username, user.name, user.role, unit, state, holds, bool(app), keys)
