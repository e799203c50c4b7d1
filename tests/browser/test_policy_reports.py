"""A real browser tells us what our policy refused it (S50)."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, BrowserContext

from tests.browser.live import Live, serving

SIN = "() => { document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/one.png'})) }"
PATIENCE = 100


@pytest.mark.parametrize("way", ["as in a demo, by report-uri", "over TLS, by report-to"])
def test_what_a_browser_refuses_is_told_to_us_by_its_rule_alone(
    way: str, chromium: Browser, live: Live, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """S50, S65. ASVS V3.4.7: a picture from elsewhere on the sign-in page."""
    caplog.set_level(logging.WARNING, logger="bostad.web")
    with serving(live.sessions, _certificate(tmp_path) if "TLS" in way else None) as house:
        context = chromium.new_context(base_url=house.base, ignore_https_errors=True)
        lines = _heard(context, caplog)
        context.close()

    assert [line["directive"] for line in lines] == ["img-src"]
    assert [line for line in lines if "users" in str(line.values()) or "one.png" in str(line.values())] == []


def _heard(context: BrowserContext, caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """Sin against the policy, and wait until the service has written it down."""
    page = context.new_page()
    page.goto("/sign-in?next=/users")
    page.evaluate(SIN)
    lines: list[dict[str, object]] = []
    for _ in range(PATIENCE):
        lines = [vars(one) for one in caplog.records if one.getMessage() == "policy violated"]
        if lines:
            break
        page.wait_for_timeout(100)
    return lines


def _certificate(folder: Path) -> Path:
    """Make a certificate for this computer, with its key, good for an hour."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(plain + made.public_bytes(pem))
    return file
