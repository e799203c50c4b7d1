"""Passkeys: made once, used many times, and every way to cheat with one (WebAuthn level 3, sections 7.1 and 7.2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, select

from bostad.accounts.answers import NewPasskey
from bostad.accounts.challenges import set_challenge
from bostad.accounts.enrolling import add_passkey
from bostad.accounts.proofs import CHALLENGE_HOLDS, FRESH_FOR, Factor, Purpose
from bostad.accounts.proving import Proof, prove_with_passkey
from bostad.accounts.tables import Passkey, User
from bostad.errors import Invalid, ProofWanted
from bostad.records import Sessions
from tests.accounts.halfway import half, now
from tests.accounts.soft_key import KEY_INCLUDED, PRESENT, SITE, VERIFIED, PrivateKey, SoftKey, cose, elliptic, rsa
from tests.factories import NOON, UserFactory
from tests.people import HASHED, TOKEN

CHALLENGE = b"thirty-two bytes drawn by chance"
CODES = ("AAAA-AAAA", "BBBB-BBBB")


@pytest.fixture
def user(rows: Session) -> User:
    made: User = UserFactory()
    return made


P384 = generate_private_key(SECP384R1()).public_key().public_numbers()


@pytest.mark.parametrize("kind", [elliptic, rsa, Ed25519PrivateKey.generate])
def test_a_passkey_is_made_and_used(
    kind: Callable[[], PrivateKey], sessions: Sessions, rows: Session, user: User
) -> None:
    key = SoftKey(kind())
    _add(sessions, user, key)

    assert _use(sessions, user, key, "second") is Factor.PASSKEY
    assert _use(sessions, user, key, "third") is Factor.PASSKEY

    row = rows.exec(select(Passkey)).one()
    assert (row.sign_count, row.used_at) == (2, NOON)


WRONG_NEW: dict[str, dict[str, Any]] = {
    "another page's": {"origin": "https://elsewhere.example"},
    "a use": {"type": "webauthn.get"},
    "in a frame of another page": {"cross_origin": True},
    "another challenge's": {"challenge": "AAAA"},
    "no challenge at all": {"challenge": "!"},
    "another domain's": {"domain": "elsewhere.example"},
    "nobody's": {"flags": VERIFIED | KEY_INCLUDED},
    "anybody's": {"flags": PRESENT | KEY_INCLUDED},
    "without a key": {"flags": PRESENT | VERIFIED},
    "of another name": {"id": b"another"},
    "vouched for by another key": {"signed_by": elliptic()},
    "with a key of another kind": {
        "public_key": {1: 2, 3: -35, -1: 2, -2: P384.x.to_bytes(48, "big"), -3: P384.y.to_bytes(48, "big")}
    },
    "with a short key": {"public_key": {1: 3, 3: -257, -1: (2**1023 + 1).to_bytes(128, "big"), -2: b"\1\0\1"}},
    "with a key on no curve": {"public_key": cose(elliptic()) | {-2: b"\1" * 32}},
    "with no key": {"public_key": b"no key"},
    "with half a key": {"public_key": {1: 2}},
}


@pytest.mark.parametrize("wrong", WRONG_NEW.values(), ids=WRONG_NEW)
def test_a_new_passkey_with_one_thing_wrong_is_refused(
    wrong: dict[str, Any], sessions: Sessions, rows: Session, user: User
) -> None:
    with pytest.raises(Invalid) as refused:
        _add(sessions, user, SoftKey(), **wrong)

    assert list(refused.value.fields) == ["name"]
    assert rows.exec(select(Passkey)).all() == []
    assert not now(sessions, "token")[1].proved


WRONG_USE = {name: wrong for name, wrong in WRONG_NEW.items() if name not in {"a use", "without a key"}} | {
    "a making": {"type": "webauthn.create"},
    "nobody's": {"flags": VERIFIED},
    "anybody's": {"flags": PRESENT},
    "with another signature": {"signature": b"signed"},
    "a copy's": {"count": 1},
}


@pytest.mark.parametrize(
    "wrong", [one for one in WRONG_USE.values() if not one.keys() & {"public_key", "signed_by"}], ids=str
)
def test_a_use_with_one_thing_wrong_is_refused(
    wrong: dict[str, Any], sessions: Sessions, rows: Session, user: User
) -> None:
    """The last: a key whose count does not go on has been copied."""
    key = SoftKey()
    _add(sessions, user, key)
    _use(sessions, user, key, "second")

    with pytest.raises(Invalid):
        _use(sessions, user, key, "third", **wrong)
    assert not now(sessions, "third")[1].proved


@pytest.mark.parametrize(
    "answer", [None, "", "{}", "[]", "nonsense", "[" * 7_000, "x" * 10_000, ["a"], '{"id": "é"}', '{"response": {}}']
)
def test_what_is_no_answer_is_refused(answer: object, sessions: Sessions, user: User) -> None:
    by, session = half(sessions, user)
    proof = Proof(session, "next")
    for purpose in (Purpose.PASSKEY, Purpose.NEW_PASSKEY):
        set_challenge(sessions, session.token_hash, purpose, CHALLENGE, at=NOON)

    with pytest.raises(Invalid):
        prove_with_passkey(sessions, answer, site=SITE, proof=proof, by=by, at=NOON)
    with pytest.raises(Invalid):
        add_passkey(sessions, answer, NewPasskey(name="My key"), CODES, site=SITE, proof=proof, by=by, at=NOON)


def test_a_new_passkey_without_a_challenge_of_ours_is_refused(sessions: Sessions, user: User) -> None:
    """Also one that says that it was asked nothing."""
    by, session = half(sessions, user)

    with pytest.raises(Invalid):
        add_passkey(
            sessions,
            SoftKey().made(b""),
            NewPasskey(name="My key"),
            CODES,
            site=SITE,
            proof=Proof(session, "next"),
            by=by,
            at=NOON,
        )


def test_a_passkey_that_vouches_for_itself_is_as_good_as_one_that_does_not(sessions: Sessions, user: User) -> None:
    """Some do although we ask for nothing of the kind."""
    key = SoftKey()
    _add(sessions, user, key, signed_by=key.key)

    assert _use(sessions, user, key, "second") is Factor.PASSKEY


def test_a_challenge_is_good_for_one_answer_right_or_wrong(sessions: Sessions, user: User) -> None:
    """Replay."""
    key = SoftKey()
    _add(sessions, user, key)
    by, session = half(sessions, user, token="second")
    set_challenge(sessions, session.token_hash, Purpose.PASSKEY, CHALLENGE, at=NOON)

    for answer in (key.used(CHALLENGE, origin="https://elsewhere.example"), key.used(CHALLENGE)):
        with pytest.raises(Invalid):
            prove_with_passkey(sessions, answer, site=SITE, proof=Proof(session, "next"), by=by, at=NOON)


def test_a_challenge_is_one_sessions_and_lasts_ten_minutes(sessions: Sessions, user: User) -> None:
    """ASVS V6.7.2."""
    key = SoftKey()
    _add(sessions, user, key)
    given, other = half(sessions, user, token="second")[1], half(sessions, user, token="third")[1]
    set_challenge(sessions, given.token_hash, Purpose.PASSKEY, CHALLENGE, at=NOON)

    for session, at in ((other, NOON), (given, NOON + CHALLENGE_HOLDS)):
        by = now(sessions, "third")[0]
        with pytest.raises(Invalid):
            prove_with_passkey(sessions, key.used(CHALLENGE), site=SITE, proof=Proof(session, "next"), by=by, at=at)


def test_somebody_elses_passkey_is_not_mine(sessions: Sessions, rows: Session, user: User) -> None:
    key, other = SoftKey(), UserFactory()
    _add(sessions, user, key)

    with pytest.raises(Invalid):
        _use(sessions, other, key, "second")


def test_a_passkey_is_added_once(sessions: Sessions, rows: Session, user: User) -> None:
    key = SoftKey()
    _add(sessions, user, key)

    with pytest.raises(Invalid):
        _add(sessions, UserFactory(), key, token="other")


@pytest.mark.parametrize("proved_at", [None, NOON - FRESH_FOR - timedelta(seconds=1)])
def test_whoever_knows_the_password_alone_cannot_add_a_passkey_to_what_is_there(
    proved_at: object, sessions: Sessions, rows: Session
) -> None:
    """Otherwise a stolen password would be enough."""
    user = UserFactory(password_hash=HASHED)

    with pytest.raises(ProofWanted):
        _add(sessions, user, SoftKey(), proved_at=proved_at)


def _add(sessions: Sessions, user: User, key: SoftKey, *, token: str = TOKEN, **wrong: Any) -> None:
    by, session = half(sessions, user, token=token, proved_at=wrong.pop("proved_at", None))
    set_challenge(sessions, session.token_hash, Purpose.NEW_PASSKEY, CHALLENGE, at=NOON)
    answer, proof = key.made(CHALLENGE, **wrong), Proof(session, f"after {token}")
    add_passkey(sessions, answer, NewPasskey(name="My key"), CODES, site=SITE, proof=proof, by=by, at=NOON)


def _use(sessions: Sessions, user: User, key: SoftKey, token: str, **wrong: Any) -> Factor:
    by, session = half(sessions, user, token=token)
    set_challenge(sessions, session.token_hash, Purpose.PASSKEY, CHALLENGE, at=NOON)
    answer, proof = key.used(CHALLENGE, **wrong), Proof(session, f"after {token}")
    return prove_with_passkey(sessions, answer, site=SITE, proof=proof, by=by, at=NOON)
