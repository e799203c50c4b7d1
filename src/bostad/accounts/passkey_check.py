"""Whether a passkey's answer is right: the checks of WebAuthn level 3, sections 7.1 and 7.2, as far as they concern us.

We ask for no attestation: which make of key somebody has is not ours to know.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pydantic import Base64UrlBytes, BaseModel, ValidationError

ALGORITHMS = (-8, -7, -257)
"""Ed25519, ECDSA on P-256, RSA with PKCS 1: what every computer and telephone can do one of, the best first."""
LONGEST = 8_000
SMALLEST_RSA = 2_048
HEAD = 37
"""Bytes before the key in what an authenticator says: hash of the domain, flags, count."""
FLAGS = 32
PRESENT, KEY_INCLUDED = 0x01, 0x40
ID_FROM, LENGTH_FROM = 55, 53

M = TypeVar("M", bound=BaseModel)
PublicKey = EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey


class WrongAnswer(Exception):
    """What came back does not prove anything."""


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys are for: a domain, and the origin of its pages."""

    domain: str
    origin: str


class NewKey(BaseModel):
    """What a browser sends when a passkey has been made."""

    id: Base64UrlBytes
    client_data: Base64UrlBytes
    said: Base64UrlBytes
    public_key: Base64UrlBytes


class KeyUsed(BaseModel):
    """What a browser sends when a passkey has been used."""

    id: Base64UrlBytes
    client_data: Base64UrlBytes
    said: Base64UrlBytes
    signature: Base64UrlBytes


def read_new(text: object) -> NewKey:
    """Read what came back for a new passkey."""
    return _read(NewKey, text)


def read_used(text: object) -> KeyUsed:
    """Read what came back from a passkey that was used."""
    return _read(KeyUsed, text)


def check_new(key: NewKey, site: Site, challenge: bytes) -> int:
    """Check a new passkey and give the count it begins with; raises WrongAnswer."""
    _check_client_data(key.client_data, "webauthn.create", site, challenge)
    count = _check_said(key.said, site)
    length = int.from_bytes(key.said[LENGTH_FROM:ID_FROM], "big")
    inside = key.said[ID_FROM : ID_FROM + length]
    if not key.said[FLAGS] & KEY_INCLUDED or not inside or inside != key.id:
        raise WrongAnswer("no key of that name")
    if not all(part in key.said[ID_FROM + length :] for part in _parts(_loaded(key.public_key))):
        raise WrongAnswer("another key")
    return count


def check_used(used: KeyUsed, site: Site, challenge: bytes, *, public_key: bytes, last_count: int) -> int:
    """Check that this passkey answered this challenge, and give its new count; raises WrongAnswer.

    A key that counts and does not count on is a copy of one that does.
    """
    _check_client_data(used.client_data, "webauthn.get", site, challenge)
    count = _check_said(used.said, site)
    signed = used.said + hashlib.sha256(used.client_data).digest()
    try:
        _verify(_loaded(public_key), used.signature, signed)
    except InvalidSignature:
        raise WrongAnswer("signature") from None
    if (count or last_count) and count <= last_count:
        raise WrongAnswer("count")
    return count


def _read(model: type[M], text: object) -> M:
    if not isinstance(text, str) or len(text) > LONGEST:
        raise WrongAnswer("length")
    try:
        return model.model_validate_json(text)
    except ValidationError:
        raise WrongAnswer("form") from None


def _check_client_data(client_data: bytes, kind: str, site: Site, challenge: bytes) -> None:
    """Check what the browser says it was asked, by whom and for what."""
    try:
        told = json.loads(client_data)
        answered = _decoded(told["challenge"])
    except (ValueError, TypeError, KeyError):
        raise WrongAnswer("client data") from None
    if (told.get("type"), told.get("origin"), told.get("crossOrigin", False)) != (kind, site.origin, False):
        raise WrongAnswer("another page")
    if not hmac.compare_digest(answered, challenge):
        raise WrongAnswer("another challenge")


def _check_said(said: bytes, site: Site) -> int:
    """Check that the authenticator speaks of our domain and that somebody was there, and give its count."""
    if len(said) < HEAD or said[:FLAGS] != hashlib.sha256(site.domain.encode()).digest():
        raise WrongAnswer("another domain")
    if not said[FLAGS] & PRESENT:
        raise WrongAnswer("nobody there")
    return int.from_bytes(said[FLAGS + 1 : HEAD], "big")


def _loaded(public_key: bytes) -> PublicKey:
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        raise WrongAnswer("key") from None
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    if isinstance(key, RSAPublicKey) and key.key_size >= SMALLEST_RSA:
        return key
    if isinstance(key, Ed25519PublicKey):
        return key
    raise WrongAnswer("kind of key")


def _parts(key: PublicKey) -> tuple[bytes, ...]:
    """Give the numbers that make up a key, as the authenticator writes them among what it says."""
    if isinstance(key, EllipticCurvePublicKey):
        point = key.public_numbers()
        return point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
    if isinstance(key, RSAPublicKey):
        return (key.public_numbers().n.to_bytes(key.key_size // 8, "big"),)
    return (key.public_bytes(Encoding.Raw, PublicFormat.Raw),)


def _verify(key: PublicKey, signature: bytes, signed: bytes) -> None:
    if isinstance(key, EllipticCurvePublicKey):
        key.verify(signature, signed, ECDSA(SHA256()))
    elif isinstance(key, RSAPublicKey):
        key.verify(signature, signed, PKCS1v15(), SHA256())
    else:
        key.verify(signature, signed)


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
