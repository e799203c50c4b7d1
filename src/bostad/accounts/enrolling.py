"""Setting second factors up and taking one's own away: the first at the first sign-in, others after a fresh proof."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from bostad.accounts.access import Actor
from bostad.accounts.answers import NewAuthenticator, NewPasskey
from bostad.accounts.attempts import count_proof
from bostad.accounts.challenges import set_challenge, take_challenge, waiting_challenge
from bostad.accounts.passkeys import Site, WrongAnswer, check_new
from bostad.accounts.proofs import Factor, Purpose
from bostad.accounts.proving import Proof, go_on_proved, has_factor, has_passkey, lock_person, sealed_as
from bostad.accounts.sealing import seal, unseal
from bostad.accounts.sessions import SessionNow
from bostad.accounts.tables import Authenticator, Passkey, RecoveryCode
from bostad.accounts.tokens import hash_of, read_code
from bostad.accounts.totp import matching_step
from bostad.audit.service import record
from bostad.errors import Invalid, Missing, NotAllowed, ProofWanted
from bostad.records import Sessions
from bostad.words import Sentence, say


def may_enrol(db: Session, session: SessionNow, by: Actor) -> bool:
    """Tell whether a factor may be added: the first one by whoever knows the password, others after a fresh proof.

    Somebody keyed adds her first passkey after a code, and every other after a passkey (S18).
    """
    first_key = session.by_code and not has_passkey(db, by.id)
    return session.fresh or first_key or not has_factor(db, by.id)


def new_secret(sessions: Sessions, drawn: bytes, *, secret: str, session: SessionNow, by: Actor, at: datetime) -> bytes:
    """Give the secret that waits in this session to be taken in by an app: the one drawn, unless one waits already."""
    with sessions() as db:
        _check_may_enrol(db, session, by)
        waiting = _waiting_secret(db, secret, session, by, at)
    if waiting is None:
        sealed = seal(drawn, secret, _waits_as(by.id))
        set_challenge(sessions, session.token_hash, Purpose.NEW_AUTHENTICATOR, sealed, at=at)
    return waiting or drawn


def add_authenticator(
    sessions: Sessions,
    given: NewAuthenticator,
    codes: Sequence[str],
    *,
    secret: str,
    proof: Proof,
    by: Actor,
    at: datetime,
) -> bool:
    """Keep the secret that waits, once a code shows that an app has it; it takes the place of the app before.

    Gives True when the codes drawn became the person's recovery codes, because she had none.
    """
    _check_codes_suffice(proof.session)
    count_proof(sessions, by.id, at=at)
    with sessions.begin() as db:
        lock_person(db, by.id)
        _check_may_enrol(db, proof.session, by)
        waiting = _waiting_secret(db, secret, proof.session, by, at)
        typed = "".join(given.code.split())
        step = matching_step(waiting, typed, after=0, at=at) if waiting and typed.isascii() else None
        if waiting is None or step is None:
            raise Invalid(
                {
                    "code": say(
                        "The app shows another code. Check that it has the secret and that your phone sets its clock by"
                        " itself, and take the next code."
                    )
                }
            )
        take_challenge(db, proof.session.token_hash, Purpose.NEW_AUTHENTICATOR, at=at)
        values = {"sealed": seal(waiting, secret, sealed_as(by.id)), "last_step": step, "added_at": at}
        row = insert(Authenticator).values(id=func.gen_random_uuid(), user_id=by.id, **values)
        db.execute(row.on_conflict_do_update(index_elements=[col(Authenticator.user_id)], set_=values))
        given_codes = _give_first_codes(db, by.id, codes)
        go_on_proved(db, Factor.AUTHENTICATOR, proof, by=by, at=at)
        record(db, "authenticator.added", by=by, at=at, subject=by.id)
    return given_codes


def add_passkey(
    sessions: Sessions,
    answer: object,
    given: NewPasskey,
    codes: Sequence[str],
    *,
    site: Site,
    proof: Proof,
    by: Actor,
    at: datetime,
) -> bool:
    """Keep a new passkey's public half; True when the codes drawn became the person's recovery codes."""
    refusal = Invalid({"name": _not_added(proof.session)})
    with sessions.begin() as db:
        challenge = take_challenge(db, proof.session.token_hash, Purpose.NEW_PASSKEY, at=at)
    if challenge is None:
        raise refusal
    try:
        key = check_new(answer, site, challenge)
    except WrongAnswer:
        raise refusal from None
    with sessions.begin() as db:
        lock_person(db, by.id)
        _check_may_enrol(db, proof.session, by)
        if db.exec(select(Passkey.id).where(Passkey.credential_id == key.credential_id)).first():
            raise refusal
        row = Passkey(
            user_id=by.id,
            name=given.name or at.date().isoformat(),
            credential_id=key.credential_id,
            public_key=key.credential_public_key,
            sign_count=key.sign_count,
            added_at=at,
        )
        db.add(row)
        given_codes = not proof.session.keyed and _give_first_codes(db, by.id, codes)
        go_on_proved(db, Factor.PASSKEY, proof, by=by, at=at)
        record(db, "passkey.added", by=by, at=at, subject=by.id)
    return given_codes


def remove_passkey(sessions: Sessions, passkey_id: UUID, *, session: SessionNow, by: Actor, at: datetime) -> None:
    """Forget one of one's own passkeys, as long as another second factor is left: of somebody keyed, a passkey."""
    with sessions.begin() as db:
        lock_person(db, by.id)
        this = delete(Passkey).where(col(Passkey.id) == passkey_id, col(Passkey.user_id) == by.id)
        if db.execute(this.returning(col(Passkey.id))).first() is None:
            raise Missing("We can't find that passkey.")
        _check_one_is_left(db, session, by)
        record(db, "passkey.removed", by=by, at=at, subject=by.id)


def remove_authenticator(sessions: Sessions, *, session: SessionNow, by: Actor, at: datetime) -> None:
    """Forget one's authenticator app, as long as a passkey is left."""
    with sessions.begin() as db:
        lock_person(db, by.id)
        db.execute(delete(Authenticator).where(col(Authenticator.user_id) == by.id))
        _check_one_is_left(db, session, by)
        record(db, "authenticator.removed", by=by, at=at, subject=by.id)


def new_recovery_codes(
    sessions: Sessions, codes: Sequence[str], *, session: SessionNow, by: Actor, at: datetime
) -> None:
    """Give new recovery codes; those of before work no longer."""
    _check_codes_suffice(session)
    with sessions.begin() as db:
        lock_person(db, by.id)
        _give_codes(db, by.id, codes)
        record(db, "recovery_codes.made", by=by, at=at, subject=by.id)


def _check_may_enrol(db: Session, session: SessionNow, by: Actor) -> None:
    if not may_enrol(db, session, by):
        raise ProofWanted("Prove who you are with your second factor.")


def _waiting_secret(db: Session, secret: str, session: SessionNow, by: Actor, at: datetime) -> bytes | None:
    sealed = waiting_challenge(db, session.token_hash, Purpose.NEW_AUTHENTICATOR, at=at)
    return unseal(sealed, secret, _waits_as(by.id)) if sealed else None


def _waits_as(user_id: UUID) -> str:
    return f"new authenticator {user_id}"


def _not_added(session: SessionNow) -> Sentence:
    if session.keyed:
        return say("The passkey could not be added. Try once more.")
    return say("The passkey could not be added. Try once more, or use an authenticator app.")


def _check_codes_suffice(session: SessionNow) -> None:
    """Refuse to set up what would prove nothing."""
    if session.keyed:
        raise NotAllowed("With your role only a passkey lets you in. Add another passkey, on another device.")


def _check_one_is_left(db: Session, session: SessionNow, by: Actor) -> None:
    if not (has_passkey(db, by.id) if session.keyed else has_factor(db, by.id)):
        raise NotAllowed("This is your only second factor. Add another one first.")


def _give_first_codes(db: Session, user_id: UUID, codes: Sequence[str]) -> bool:
    left = select(RecoveryCode.id).where(RecoveryCode.user_id == user_id, col(RecoveryCode.spent_at).is_(None))
    if db.exec(left.limit(1)).first():
        return False
    _give_codes(db, user_id, codes)
    return True


def _give_codes(db: Session, user_id: UUID, codes: Sequence[str]) -> None:
    db.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    db.add_all(RecoveryCode(user_id=user_id, code_hash=hash_of(read_code(code))) for code in codes)
