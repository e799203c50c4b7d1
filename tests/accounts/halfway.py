"""People on their way in: who has given her password, and what she goes on with."""

from datetime import datetime

from sqlmodel import Session, select

from bostad.accounts.access import Actor
from bostad.accounts.answers import SecondStep
from bostad.accounts.proofs import Factor
from bostad.accounts.proving import Proof, prove_with_code
from bostad.accounts.sessions import SessionNow, actor_for_token, begin_session
from bostad.accounts.tables import Authenticator, User
from bostad.records import Sessions
from tests.factories import NOON
from tests.people import SECRET, TOKEN, code_at

NEXT = "next"


def half(
    sessions: Sessions, user: User, *, token: str = TOKEN, at: datetime = NOON, proved_at: datetime | None = None
) -> tuple[Actor, SessionNow]:
    """Begin a session and give who holds it, with the session as it stands."""
    with sessions.begin() as db:
        begin_session(db, user, token, at=at, proved_at=proved_at)
    return now(sessions, token, at=at)


def now(sessions: Sessions, token: str, *, at: datetime = NOON) -> tuple[Actor, SessionNow]:
    found = actor_for_token(sessions, token, at=at)
    assert found is not None
    return found


def prove(
    sessions: Sessions,
    known: tuple[Actor, SessionNow],
    code: str | None = None,
    *,
    at: datetime = NOON,
    token: str = NEXT,
) -> Factor:
    """Prove the second factor: with the app's code of the moment, or another."""
    by, session = known
    typed = SecondStep(code=code_at(at) if code is None else code)
    return prove_with_code(sessions, typed, secret=SECRET, proof=Proof(session, token), by=by, at=at)


def has_app(rows: Session, user: User) -> bool:
    return rows.exec(select(Authenticator).where(Authenticator.user_id == user.id)).first() is not None
