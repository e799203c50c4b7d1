"""Passkeys: what a browser is asked, and whether its answer is right. The protocol is the library `webauthn`'s.

We ask for no attestation: which make of key somebody has is not ours to know.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from bostad.accounts.proofs import CHALLENGE_HOLDS

ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
"""What every computer and telephone can do one of, the best first."""
LONGEST = 8_000
SMALLEST_RSA = 2_048
MILLISECONDS = int(CHALLENGE_HOLDS.total_seconds() * 1000)
NAME = "bostad"


class WrongAnswer(Exception):
    """What came back does not prove anything."""


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys are for: a domain, and the origin of its pages."""

    domain: str
    origin: str


def ask_for_new(site: Site, challenge: bytes, *, user_id: UUID, username: str, known: Sequence[bytes]) -> str:
    """Write, as JSON, what a browser needs to make a passkey on a device that holds none of those known."""
    options = generate_registration_options(
        rp_id=site.domain,
        rp_name=NAME,
        user_id=user_id.bytes,
        user_name=username,
        user_display_name=username,
        challenge=challenge,
        timeout=MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=name) for name in known],
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json(options)


def ask_for_use(site: Site, challenge: bytes, *, known: Sequence[bytes]) -> str:
    """Write, as JSON, what a browser needs to use one of the passkeys known."""
    options = generate_authentication_options(
        rp_id=site.domain,
        challenge=challenge,
        timeout=MILLISECONDS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=name) for name in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def check_new(answer: object, site: Site, challenge: bytes) -> VerifiedRegistration:
    """Check that a passkey was made as asked; raises WrongAnswer."""
    with _nothing_but_wrong_answers():
        credential = parse_registration_credential_json(_short(answer))
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
        _check_not_framed(credential.response.client_data_json)
        _check_strong(made.credential_public_key)
        if made.credential_id != credential.raw_id:
            raise WrongAnswer("another name")
    return made


def read_used(answer: object) -> AuthenticationCredential:
    """Read what came back from a passkey that was used; raises WrongAnswer."""
    with _nothing_but_wrong_answers():
        return parse_authentication_credential_json(_short(answer))


def check_used(
    used: AuthenticationCredential, site: Site, challenge: bytes, *, public_key: bytes, last_count: int
) -> int:
    """Check that this passkey answered this challenge, and give its new count; raises WrongAnswer.

    A key that counts and does not count on is a copy of one that does.
    """
    with _nothing_but_wrong_answers():
        _check_not_framed(used.response.client_data_json)
        return verify_authentication_response(
            credential=used,
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=last_count,
            require_user_verification=True,
        ).new_sign_count


@contextmanager
def _nothing_but_wrong_answers() -> Iterator[None]:
    """Make one thing of all that can go wrong: the library lets its parsers' own errors through, too."""
    try:
        yield
    except Exception:  # noqa: BLE001 - whatever a stranger's answer does to a parser, it proves nothing
        raise WrongAnswer("refused") from None


def _short(answer: object) -> str:
    if not isinstance(answer, str) or len(answer) > LONGEST:
        raise WrongAnswer("length")
    return answer


def _check_not_framed(client_data: bytes) -> None:
    """Refuse what was answered in a frame of another page; the library reads that and leaves it to us."""
    if parse_client_data_json(client_data).cross_origin:
        raise WrongAnswer("in a frame")


def _check_strong(public_key: bytes) -> None:
    """Load a new key, as the library does at its first use alone, so that none is kept that cannot be used."""
    key = decoded_public_key_to_cryptography(decode_credential_public_key(public_key))
    if isinstance(key, RSAPublicKey) and key.key_size < SMALLEST_RSA:
        raise WrongAnswer("a short key")
