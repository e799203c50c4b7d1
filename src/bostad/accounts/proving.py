"""Proving who one is, the second step: a code from an app, a passkey, or a recovery code. The session is renewed."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.accounts.answers import SecondStep
from bostad.accounts.attempts import count_proof, forget_proof, is_to_be_told
from bostad.accounts.challenges import take_challenge
from bostad.accounts.news import tell
from bostad.accounts.passkeys import Site, WrongAnswer, check_used, read_used
from bostad.accounts.proofs import Factor, News, Purpose
from bostad.accounts.sealing import unseal
from bostad.accounts.sessions import SessionNow, renew_as_proved
from bostad.accounts.tables import Authenticator, Passkey, RecoveryCode, User
from bostad.accounts.tokens import hash_of, read_code
from bostad.accounts.totp import DIGITS, matching_step
from bostad.audit.service import record
from bostad.errors import Invalid, OutOfStep
from bostad.records import Sessions
from bostad.words import say

_APP_CODE = re.compile(rf"[0-9]{{{DIGITS}}}")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof is for: a session as it stands, and the token drawn to go on with."""

    session: SessionNow
    token: str


def has_passkey(db: Session, user_id: UUID) -> bool:
    """Tell whether a person has a passkey."""
    return db.exec(select(Passkey.id).where(Passkey.user_id == user_id).limit(1)).first() is not None


def has_factor(db: Session, user_id: UUID) -> bool:
    """Tell whether a person has set a second factor up."""
    app = select(Authenticator.id).where(Authenticator.user_id == user_id).exists()
    key = select(Passkey.id).where(Passkey.user_id == user_id).exists()
    found: bool = db.execute(select(or_(app, key))).scalar_one()
    return found


def prove_with_code(
    sessions: Sessions, given: SecondStep, *, secret: str, proof: Proof, by: Actor, at: datetime
) -> Factor:
    """Prove the second factor with a code from the app, which works once, or with a recovery code.

    Of somebody keyed who has a passkey no code is taken: a false page could have asked her for it (S18).
    """
    count_proof(sessions, by.id, at=at)
    typed = "".join(given.code.split())
    with sessions.begin() as db:
        lock_person(db, by.id)
        if proof.session.keyed and has_passkey(db, by.id):
            factor = None
        elif _APP_CODE.fullmatch(typed):
            factor = _app_code(db, typed, secret, by, at)
        else:
            factor = _recovery_code(db, typed, by, at)
        if factor:
            go_on_proved(db, factor, proof, by=by, at=at)
    if factor is None:
        _refuse(sessions, by, at)
    return factor


def prove_with_passkey(
    sessions: Sessions, answer: object, *, site: Site, proof: Proof, by: Actor, at: datetime
) -> Factor:
    """Prove the second factor with a passkey that answers this session's challenge."""
    count_proof(sessions, by.id, at=at)
    with sessions.begin() as db:
        lock_person(db, by.id)
        challenge = take_challenge(db, proof.session.token_hash, Purpose.PASSKEY, at=at)
        is_right = challenge is not None and _passkey(db, answer, site, challenge, by, at)
        if is_right:
            go_on_proved(db, Factor.PASSKEY, proof, by=by, at=at)
    if not is_right:
        _refuse(sessions, by, at)
    return Factor.PASSKEY


def lock_person(db: Session, user_id: UUID) -> User:
    """Lock somebody who may be here; one who has been disabled meanwhile may not."""
    this = select(User).where(User.id == user_id, col(User.disabled_at).is_(None)).with_for_update()
    user = db.exec(this).one_or_none()
    if user is None:
        raise OutOfStep("Your account was changed while you signed in. Try again.")
    return user


def go_on_proved(db: Session, factor: Factor, proof: Proof, *, by: Actor, at: datetime) -> None:
    """Renew the session under its new token; whoever holds the old one is nobody (S22).

    A code alone opens nothing to somebody keyed but the page where she makes her first passkey.
    """
    whole = factor is Factor.PASSKEY or not proof.session.keyed
    if not renew_as_proved(db, proof.session.token_hash, proof.token, at=at, whole=whole):
        raise OutOfStep("Your account was changed while you signed in. Try again.")
    forget_proof(db, by.id, at=at)
    user = db.get_one(User, by.id)
    user.entered_at = user.entered_at or at
    begun = "session.begun" if whole else "code.proved"
    action = "session.proved" if proof.session.proved else begun
    record(db, action, by=by, at=at, subject=by.id, factor=factor)


def _app_code(db: Session, typed: str, secret: str, by: Actor, at: datetime) -> Factor | None:
    app = db.exec(select(Authenticator).where(Authenticator.user_id == by.id).with_for_update()).one_or_none()
    key = unseal(app.sealed, secret, sealed_as(by.id)) if app else None
    if app is None or key is None:
        return None
    step = matching_step(key, typed, after=app.last_step, at=at)
    if step is None:
        return None
    app.last_step = step
    return Factor.AUTHENTICATOR


def sealed_as(user_id: UUID) -> str:
    """Name what an authenticator's secret is sealed as: one row's cannot be opened in another's place."""
    return f"authenticator {user_id}"


def _recovery_code(db: Session, typed: str, by: Actor, at: datetime) -> Factor | None:
    this = update(RecoveryCode).where(
        col(RecoveryCode.user_id) == by.id,
        col(RecoveryCode.code_hash) == hash_of(read_code(typed)),
        col(RecoveryCode.spent_at).is_(None),
    )
    if db.execute(this.values(spent_at=at).returning(col(RecoveryCode.id))).first() is None:
        return None
    tell(db, by.id, News.RECOVERY_CODE_USED, by=by, at=at)
    return Factor.RECOVERY_CODE


def _passkey(db: Session, answer: object, site: Site, challenge: bytes, by: Actor, at: datetime) -> bool:
    try:
        used = read_used(answer)
        this = select(Passkey).where(Passkey.user_id == by.id, Passkey.credential_id == used.raw_id)
        key = db.exec(this.with_for_update()).one_or_none()
        if key is None:
            return False
        count = check_used(used, site, challenge, public_key=key.public_key, last_count=key.sign_count)
    except WrongAnswer:
        return False
    key.sign_count, key.used_at = count, at
    return True


def _refuse(sessions: Sessions, by: Actor, at: datetime) -> NoReturn:
    with sessions.begin() as db:
        if is_to_be_told(db, f"second step of {by.id}", at=at):
            tell(db, by.id, News.WRONG_SECOND_STEPS, by=None, at=at)
        record(db, "factor.refused", by=by, at=at, subject=by.id)
    raise Invalid(
        {
            "code": say(
                "This did not work. Each code works once, for half a minute: take the next one. If that does not work"
                " either, look whether your phone sets its clock by itself."
            )
        }
    )
