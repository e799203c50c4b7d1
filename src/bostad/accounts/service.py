"""Everything that may change an organisation, a unit or a user. One function, one transaction.

`by` is an administrator, who has her own organisation to look after, or None: whoever runs the command line.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, or_, select

from bostad.accounts.access import ROLES_OF, SOCIAL_ROLES, Actor, OrganisationKind, Role
from bostad.accounts.answers import NewOrganisation, NewUser
from bostad.accounts.attempts import LONGEST_WINDOW
from bostad.accounts.news import tell
from bostad.accounts.proofs import NEWS_KEPT, News, one_person_may_reset
from bostad.accounts.proving import has_factor
from bostad.accounts.sessions import LONGEST, REMEMBERED, end_all_of, end_session
from bostad.accounts.signing_in import drop_password
from bostad.accounts.tables import AccountNews, Attempt, Draft, OneTimeCode, Organisation, SignedIn, Unit, User
from bostad.accounts.tokens import hash_of, read_code
from bostad.audit.service import record
from bostad.errors import Invalid, Missing, NotAllowed, OutOfStep
from bostad.records import Sessions
from bostad.words import say

CODE_HOLDS = timedelta(hours=72)
"""A code handed over on a Friday works on the Monday."""
DRAFT_HOLDS = timedelta(days=7)


def add_organisation(sessions: Sessions, new: NewOrganisation, *, by: Actor | None, at: datetime) -> UUID:
    """Add a social board or a housing company, with its first units."""
    organisation = Organisation(**new.model_dump(exclude={"units"}))
    with sessions.begin() as db:
        if db.exec(select(Organisation).where(Organisation.code == new.code)).one_or_none():
            raise Invalid({"code": say("There is an organisation with this code already.")})
        db.add(organisation)
        db.flush()
        db.add_all(Unit(organisation_id=organisation.id, name=name) for name in new.units)
        whose, units = organisation.id, len(new.units)
        record(db, "organisation.added", by=by, at=at, subject=whose, organisation=whose, kind=new.kind, units=units)
    return organisation.id


def add_unit(sessions: Sessions, organisation_id: UUID, name: str, *, by: Actor | None, at: datetime) -> UUID:
    """Add a unit to an organisation."""
    unit = Unit(organisation_id=organisation_id, name=name)
    with sessions.begin() as db:
        _administered(db, organisation_id, by)
        if db.exec(select(Unit).where(Unit.organisation_id == organisation_id, Unit.name == name)).one_or_none():
            raise Invalid({"name": say("There is a unit with this name already.")})
        db.add(unit)
        record(db, "unit.added", by=by, at=at, subject=unit.id, organisation=organisation_id)
    return unit.id


def add_user(
    sessions: Sessions, organisation_id: UUID, new: NewUser, *, code: str, by: Actor | None, at: datetime
) -> UUID:
    """Add a user, who chooses her password with a one-time code."""
    user = User(organisation_id=organisation_id, unit_id=new.unit, username=new.username, name=new.name, role=new.role)
    with sessions.begin() as db:
        organisation = _administered(db, organisation_id, by)
        _check_role(db, organisation, new)
        if db.exec(select(User).where(User.username == new.username)).one_or_none():
            raise Invalid({"username": say("This user name is taken.")})
        db.add(user)
        give_code(db, user, code, at)
        record(db, "user.added", by=by, at=at, subject=user.id, organisation=organisation_id, role=new.role)
    return user.id


def reset_user(sessions: Sessions, user_id: UUID, *, code: str, by: Actor | None, at: datetime) -> None:
    """Give a user a new one-time code; her password and her sessions end at once, and her second factor stays."""
    with sessions.begin() as db:
        user = load_for_change(db, user_id, by)
        if user.disabled_at is not None:
            raise OutOfStep("This user is disabled. Let the user in again first.")
        _check_one_person_is_enough(db, user, by)
        drop_password(db, user.id)
        end_all_of(db, user.id, at=at)
        give_code(db, user, code, at)
        tell(db, user.id, News.RESET, by=by, at=at)
        record(db, "user.reset", by=by, at=at, subject=user.id, organisation=user.organisation_id)


def disable_user(sessions: Sessions, user_id: UUID, *, by: Actor | None, at: datetime) -> None:
    """Shut a user out: her sessions are dead at their next request, and nothing brings them back (S22)."""
    with sessions.begin() as db:
        user = load_for_change(db, user_id, by)
        if by is not None and user.id == by.id:
            raise NotAllowed("You cannot shut yourself out. Ask another administrator.")
        if user.disabled_at is not None:
            return
        user.disabled_at = at
        drop_password(db, user.id)
        db.execute(delete(OneTimeCode).where(col(OneTimeCode.user_id) == user.id))
        ended = end_all_of(db, user.id, at=at)
        whose = user.organisation_id
        record(db, "user.disabled", by=by, at=at, subject=user.id, organisation=whose, sessions=ended)


def enable_user(sessions: Sessions, user_id: UUID, *, code: str, by: Actor | None, at: datetime) -> None:
    """Let a disabled user in again with a one-time code; the second factor that she had is the one she has."""
    with sessions.begin() as db:
        user = load_for_change(db, user_id, by)
        if user.disabled_at is None:
            raise OutOfStep("This user is not disabled.")
        _check_one_person_is_enough(db, user, by)
        user.disabled_at = None
        give_code(db, user, code, at)
        tell(db, user.id, News.ENABLED, by=by, at=at)
        record(db, "user.enabled", by=by, at=at, subject=user.id, organisation=user.organisation_id)


def end_sessions(sessions: Sessions, user_id: UUID, *, by: Actor, at: datetime) -> None:
    """Sign a user out everywhere: her administrator, or she herself."""
    with sessions.begin() as db:
        user = db.get_one(User, by.id) if user_id == by.id else load_for_change(db, user_id, by)
        ended = end_all_of(db, user.id, at=at)
        if user.id != by.id:
            tell(db, user.id, News.SESSIONS_ENDED, by=by, at=at)
        record(db, "user.sessions_ended", by=by, at=at, subject=user.id, sessions=ended)


def end_session_of(sessions: Sessions, user_id: UUID, session_id: UUID, *, by: Actor, at: datetime) -> None:
    """Sign a user out of one browser: her administrator, or she herself."""
    with sessions.begin() as db:
        user = db.get_one(User, by.id) if user_id == by.id else load_for_change(db, user_id, by)
        if end_session(db, user.id, session_id, at=at):
            record(db, "session.ended", by=by, at=at, subject=user.id)


def choose_language(sessions: Sessions, locale: str, *, by: Actor, at: datetime) -> None:
    """Set the language that a user's pages are in."""
    with sessions.begin() as db:
        db.get_one(User, by.id, with_for_update=True).locale = locale
        record(db, "user.language_chosen", by=by, at=at, subject=by.id)


def clean(sessions: Sessions, *, at: datetime) -> int:
    """Delete what sign-in needs no longer: old sessions, codes, counts of attempts and drafts; give how many rows."""
    used_up = or_(col(OneTimeCode.ends_at) < at, col(OneTimeCode.spent_at).is_not(None))
    stale = (
        delete(SignedIn).where(col(SignedIn.started_at) < at - LONGEST - REMEMBERED).returning(col(SignedIn.id)),
        delete(OneTimeCode).where(used_up).returning(col(OneTimeCode.id)),
        delete(Attempt).where(col(Attempt.window_start) < at - LONGEST_WINDOW).returning(col(Attempt.id)),
        delete(AccountNews).where(col(AccountNews.at) < at - NEWS_KEPT).returning(col(AccountNews.id)),
        delete(Draft).where(col(Draft.saved_at) < at - DRAFT_HOLDS).returning(col(Draft.id)),
    )
    with sessions.begin() as db:
        return sum(len(db.execute(rows).all()) for rows in stale)


def _administered(db: Session, organisation_id: UUID, by: Actor | None) -> Organisation:
    """Load an organisation that `by` may change; an administrator knows her own and no other."""
    if by is not None and by.role is not Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator can do that.")
    organisation = db.get(Organisation, organisation_id)
    if organisation is None or (by is not None and by.organisation_id != organisation_id):
        raise Missing("We can't find that organisation.")
    return organisation


def load_for_change(db: Session, user_id: UUID, by: Actor | None) -> User:
    """Lock a user whom `by` looks after; a user of another organisation is as good as absent (S06)."""
    if by is not None and by.role is not Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator can do that.")
    query = select(User).where(User.id == user_id).with_for_update()
    if by is not None:
        query = query.where(User.organisation_id == by.organisation_id)
    user = db.exec(query).one_or_none()
    if user is None:
        raise Missing("We can't find that user.")
    return user


def give_code(db: Session, user: User, code: str, at: datetime) -> None:
    """Keep a new code's hash; the one before, if it was never used, works no longer."""
    db.flush()
    db.execute(delete(OneTimeCode).where(col(OneTimeCode.user_id) == user.id))
    db.add(OneTimeCode(user_id=user.id, code_hash=hash_of(read_code(code)), ends_at=at + CODE_HOLDS))


def _check_one_person_is_enough(db: Session, user: User, by: Actor | None) -> None:
    """Refuse a code with which an administrator alone could come in as somebody who has been here (S24)."""
    is_enough = one_person_may_reset(has_factor=has_factor(db, user.id), has_been_here=user.entered_at is not None)
    if by is not None and not is_enough:
        raise NotAllowed(
            "This person has no second factor now, so one person alone may not give a code. Ask to start over."
        )


def _check_role(db: Session, organisation: Organisation, new: NewUser) -> None:
    """Hold a role against its organisation, and a unit against both."""
    if new.role not in ROLES_OF[OrganisationKind(organisation.kind)]:
        raise Invalid({"role": say("This role does not belong in this organisation.")})
    if new.role in SOCIAL_ROLES and new.unit is None:
        raise Invalid({"unit": say("Choose the unit whose cases this person works with.")})
    unit = db.get(Unit, new.unit) if new.unit else None
    if new.unit and (unit is None or unit.organisation_id != organisation.id):
        raise Invalid({"unit": say("Choose one of the organisation's own units.")})
