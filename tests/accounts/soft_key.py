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
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bostad.accounts.passkey_check import Site

SITE = Site("bostad.example", "https://bostad.example")
PRESENT, KEY_INCLUDED = 0x01, 0x40
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
        """Answer that it has been made."""
        public = self.key.public_key()
        named = b"\0" * 16 + len(self.id).to_bytes(2, "big") + self.id
        said = self._said(wrong, PRESENT | KEY_INCLUDED) + named + b"".join(_numbers(self.key))
        return _sent(
            id=wrong.get("id", self.id),
            client_data=_client_data("webauthn.create", challenge, wrong),
            said=said,
            public_key=wrong.get("public_key", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
        )

    def used(self, challenge: bytes, /, **wrong: Any) -> str:
        """Answer a challenge."""
        self.count += 1
        client_data, said = _client_data("webauthn.get", challenge, wrong), self._said(wrong, PRESENT)
        signed = said + hashlib.sha256(client_data).digest()
        signature = wrong.get("signature", self._signature(signed))
        return _sent(id=wrong.get("id", self.id), client_data=client_data, said=said, signature=signature)

    def _said(self, wrong: dict[str, Any], flags: int) -> bytes:
        domain = hashlib.sha256(str(wrong.get("domain", SITE.domain)).encode()).digest()
        count = int(wrong.get("count", self.count))
        return domain + bytes([wrong.get("flags", flags)]) + count.to_bytes(4, "big")

    def _signature(self, signed: bytes) -> bytes:
        if isinstance(self.key, EllipticCurvePrivateKey):
            return self.key.sign(signed, ECDSA(SHA256()))
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(signed, PKCS1v15(), SHA256())
        return self.key.sign(signed)


def _client_data(kind: str, challenge: bytes, wrong: dict[str, Any]) -> bytes:
    told = {"type": kind, "challenge": urlsafe_b64encode(challenge).decode().rstrip("="), "origin": SITE.origin}
    told |= {name: str(value) for name, value in wrong.items() if name in {"type", "challenge", "origin"}}
    return json.dumps(told | {"crossOrigin": wrong.get("cross_origin", False)}).encode()


def _numbers(key: PrivateKey) -> tuple[bytes, ...]:
    if isinstance(key, EllipticCurvePrivateKey):
        point = key.public_key().public_numbers()
        return point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
    if isinstance(key, RSAPrivateKey):
        return (key.public_key().public_numbers().n.to_bytes(256, "big"),)
    return (key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),)


def _sent(**parts: bytes) -> str:
    return json.dumps({name: urlsafe_b64encode(part).decode() for name, part in parts.items()})
