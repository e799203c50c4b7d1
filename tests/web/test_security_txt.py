"""Whoever has found a fault reads whom to tell (RFC 9116)."""

from dataclasses import replace
from datetime import datetime, timedelta

from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session

from bostad.app import create_app
from bostad.records import Sessions, clock
from bostad.settings import Settings
from tests.conftest import SETTINGS
from tests.people import CHEAP
from tests.roles import databases_of

PLACE = "/.well-known/security.txt"
NAMED = replace(
    SETTINGS, secure=True, security_contacts=("mailto:incident@homes.example", "tel:+46-8-000000"), codes_suffice=False
)


def test_an_operator_names_whom_to_tell_and_the_page_says_until_when(sessions: Sessions, rows: Session) -> None:
    """RFC 9116: a contact and an end are required; the end is within a year; it is text in UTF-8."""
    answer = _browser(sessions, NAMED).get(PLACE)
    fields = [line.split(": ", 1) for line in answer.text.splitlines()]
    expires = datetime.fromisoformat(dict(fields)["Expires"])

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert [value for name, value in fields if name == "Contact"] == [*NAMED.security_contacts]
    assert ["Canonical", f"https://testserver.local{PLACE}"] in fields
    assert timedelta(days=89) < expires - clock(sessions) <= timedelta(days=90)


def test_who_names_nobody_has_no_such_page(sessions: Sessions, rows: Session) -> None:
    """S06: it is absent like anything else."""
    browser = _browser(sessions, SETTINGS)
    absent, never_was = browser.get(PLACE), browser.get("/.well-known/anything-else")

    assert absent.status_code == never_was.status_code == 404
    assert absent.content == never_was.content


def _browser(sessions: Sessions, settings: Settings) -> TestClient[Litestar]:
    app = create_app(settings, databases_of(sessions), passwords=CHEAP, schema_is_current=lambda: True)
    return TestClient(app, base_url="https://testserver.local")
