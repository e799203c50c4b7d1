"""A passkey in software: answers as a browser and its authenticator do, rightly or with one thing wrong."""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

from bostad.accounts.passkeys import Site

SITE = Site("bostad.example", "https://bostad.example")
PRESENT, VERIFIED, KEY_INCLUDED = 0x01, 0x04, 0x40
PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey | RSAPrivateKey


def elliptic() -> PrivateKey:
    return generate_private_key(SECP256R1())


def rsa() -> PrivateKey:
    return generate_rsa(65537, 2048)


@dataclass
class SoftKey:
    """One passkey."""

    key: PrivateKey = field(default_factory=elliptic)
    id: bytes = b"a passkey's own name"
    count: int = 0

    def made(self, challenge: bytes, /, **wrong: Any) -> str:
        """Answer that it has been made; `signed_by` vouches for itself with that key, as some authenticators do."""
        named = b"\0" * 16 + len(self.id).to_bytes(2, "big") + self.id
        public = wrong.get("public_key", cose(self.key))
        said = self._said(wrong, PRESENT | VERIFIED | KEY_INCLUDED) + named
        said += public if isinstance(public, bytes) else encode_cbor(public)
        client_data = _client_data("webauthn.create", challenge, wrong)
        vouched: dict[str, Any] = {"fmt": "none", "attStmt": {}}
        if "signed_by" in wrong:
            signature = _signature(wrong["signed_by"], _signed(said, client_data))
            vouched = {"fmt": "packed", "attStmt": {"alg": -7, "sig": signature}}
        attestation = encode_cbor(vouched | {"authData": said})
        return _sent(wrong.get("id", self.id), clientDataJSON=client_data, attestationObject=attestation)

    def used(self, challenge: bytes, /, **wrong: Any) -> str:
        """Answer a challenge."""
        self.count += 1
        client_data = _client_data("webauthn.get", challenge, wrong)
        said = self._said(wrong, PRESENT | VERIFIED)
        signature = wrong.get("signature", _signature(self.key, _signed(said, client_data)))
        name = wrong.get("id", self.id)
        return _sent(name, clientDataJSON=client_data, authenticatorData=said, signature=signature)

    def _said(self, wrong: dict[str, Any], flags: int) -> bytes:
        domain = hashlib.sha256(str(wrong.get("domain", SITE.domain)).encode()).digest()
        count = int(wrong.get("count", self.count))
        return domain + bytes([wrong.get("flags", flags)]) + count.to_bytes(4, "big")


def cose(key: PrivateKey) -> dict[int, Any]:
    """Write a key's public half as authenticators do (RFC 9053)."""
    if isinstance(key, EllipticCurvePrivateKey):
        point = key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
    if isinstance(key, RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")}
    return {1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()}


def _signed(said: bytes, client_data: bytes) -> bytes:
    return said + hashlib.sha256(client_data).digest()


def _signature(key: PrivateKey, signed: bytes) -> bytes:
    if isinstance(key, EllipticCurvePrivateKey):
        return key.sign(signed, ECDSA(SHA256()))
    if isinstance(key, RSAPrivateKey):
        return key.sign(signed, PKCS1v15(), SHA256())
    return key.sign(signed)


def _client_data(kind: str, challenge: bytes, wrong: dict[str, Any]) -> bytes:
    told = {"type": kind, "challenge": _written(challenge), "origin": SITE.origin}
    told |= {name: str(value) for name, value in wrong.items() if name in {"type", "challenge", "origin"}}
    return json.dumps(told | {"crossOrigin": wrong.get("cross_origin", False)}).encode()


def _sent(name: bytes, **response: bytes) -> str:
    """Write it as PublicKeyCredential.toJSON does."""
    parts = {part: _written(value) for part, value in response.items()}
    return json.dumps({"id": _written(name), "rawId": _written(name), "type": "public-key", "response": parts})


def _written(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
