"""Passkeys: made once, used many times, and every way to cheat with one (WebAuthn level 3, sections 7.1 and 7.2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
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
from tests.accounts.soft_key import SITE, PrivateKey, SoftKey, elliptic, rsa
from tests.factories import NOON, UserFactory
from tests.people import HASHED, TOKEN

CHALLENGE = b"thirty-two bytes drawn by chance"
CODES = ("AAAA-AAAA", "BBBB-BBBB")


@pytest.fixture
def user(rows: Session) -> User:
    made: User = UserFactory()
    return made


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
    "nobody's": {"flags": 0x40},
    "without a key": {"flags": 0x01},
    "of another name": {"id": b"another"},
    "with another key": {
        "public_key": elliptic().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    },
    "with a key of another kind": {
        "public_key": generate_private_key(SECP384R1())
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    },
    "with no key": {"public_key": b"no key"},
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
    "nobody's": {"flags": 0},
    "with another signature": {"signature": b"signed"},
    "a copy's": {"count": 1},
}


@pytest.mark.parametrize("wrong", [one for one in WRONG_USE.values() if "public_key" not in one], ids=str)
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


@pytest.mark.parametrize("answer", [None, "", "{}", "[]", "nonsense", "x" * 10_000, ["a"], '{"id": "é"}'])
def test_what_is_no_answer_is_refused(answer: object, sessions: Sessions, user: User) -> None:
    by, session = half(sessions, user)
    set_challenge(sessions, session.token_hash, Purpose.PASSKEY, CHALLENGE, at=NOON)

    with pytest.raises(Invalid):
        prove_with_passkey(sessions, answer, site=SITE, proof=Proof(session, "next"), by=by, at=NOON)


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
