"""Reports of what the policy refused: which rule and how often, and never where (S50)."""

import json
import logging

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from bostad.adapters.logs import KEYS, OneLine
from bostad.app import create_app
from bostad.records import Sessions
from bostad.web.policy_reports import LARGEST_REPORT, MOST, OTHER, RULES, Violations, rules_in
from tests.browsing import Browser
from tests.conftest import SETTINGS
from tests.people import CHEAP
from tests.roles import databases_of
from tests.web.statements import statements

PAGE = "https://homes.example/cases/0d9c2a34-0000-4000-8000-000000000001"
OLDER = {
    "csp-report": {
        "document-uri": PAGE,
        "referrer": "",
        "violated-directive": "img-src 'self' data:",
        "blocked-uri": "https://elsewhere.example/Storgatan",
        "script-sample": "SN 2026-0815",
    }
}
NEWER = [
    {"type": "csp-violation", "url": PAGE, "body": {"documentURL": PAGE, "effectiveDirective": "script-src-elem"}},
    {"type": "csp-violation", "url": PAGE, "body": {"documentURL": PAGE, "effectiveDirective": "img-src"}},
]
KINDS = ("application/csp-report", "application/reports+json")
OTHER_KINDS = ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json", "", "/;=")
"""A form of several parts is read on the way in, and whoever reads it again waits for ever."""
JUNK = (
    b"",
    b"{",
    b"null",
    b"[]",
    b"[[1]]",
    b'{"csp-report": 1}',
    b"\xff\xfe",
    b"[" * LARGEST_REPORT,
    b"7" * 9000,
)


FORM = b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nno file\r\n--x--\r\n"


class Watch:
    """A clock that the test moves on."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def app(sessions: Sessions) -> Litestar:
    """Put the web together with counters that no other test has counted in."""
    return create_app(SETTINGS, databases_of(sessions), passwords=CHEAP, schema_is_current=lambda: True)


def test_a_report_leaves_a_rules_name_and_nothing_of_the_page(
    app: Litestar, rows: Session, caplog: pytest.LogCaptureFixture
) -> None:
    """S50, S65. ASVS V3.4.7: without a form's token and without a session, in both shapes that browsers send."""
    browser = Browser(app).client
    answers = [_sent(browser, json.dumps(one), kind) for one, kind in zip((OLDER, NEWER), KINDS, strict=True)]
    lines = [OneLine().format(one) for one in caplog.records if one.name.startswith("bostad")]

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "noted")] * 2
    assert [(json.loads(line)["directive"], json.loads(line)["times"]) for line in lines] == [
        ("img-src", 1),
        ("script-src-elem", 1),
    ]
    assert [line for line in lines if "cases" in line or "elsewhere" in line or "0815" in line] == []
    assert {key for line in lines for key in json.loads(line)} <= KEYS.keys()


def test_whatever_is_sent_is_answered_the_same(app: Litestar, rows: Session, caplog: pytest.LogCaptureFixture) -> None:
    """S50: who sends it is not asked, and what cannot be read is nothing; only its size is refused (S60)."""
    browser = Browser(app).client
    answers = [_sent(browser, junk, kind) for junk in JUNK for kind in KINDS]
    others = [_sent(browser, junk, kind) for junk in (*JUNK, FORM) for kind in OTHER_KINDS]
    too_large = _sent(browser, b"[" * (LARGEST_REPORT + 1), KINDS[0])

    assert {(answer.status_code, answer.content, tuple(answer.headers.raw)) for answer in answers} == {
        (200, b"noted", tuple(answers[0].headers.raw))
    }
    assert too_large.status_code == 413
    assert {answer.status_code for answer in others} == {200, 400}, "400 where it says that it is a form, and is none"
    assert [one for one in caplog.records if one.getMessage() == "policy violated"] == []


def test_a_rule_has_one_line_a_minute_with_how_often_since(caplog: pytest.LogCaptureFixture) -> None:
    """S65: however many are sent, a log stays readable, and nothing is lost."""
    watch = Watch()
    violations = Violations(now=watch)
    body = json.dumps(OLDER).encode()
    for _ in range(5):
        violations.hear(body)
    watch.seconds = 60
    violations.hear(body)

    assert [vars(one)["times"] for one in caplog.records] == [1, 5]
    assert {one.levelno for one in caplog.records} == {logging.WARNING}


def test_after_so_many_in_a_minute_none_is_read() -> None:
    """S58, F08."""
    watch = Watch()
    violations = Violations(now=watch)

    assert [violations.listens() for _ in range(MOST + 2)] == [True] * MOST + [False] * 2
    watch.seconds = 60
    assert violations.listens()


def test_a_name_that_is_no_rules_is_not_repeated() -> None:
    """S65: nothing that somebody wrote comes into the log."""
    made_up = {"body": {"effectiveDirective": "Storgatan 1"}}

    assert list(rules_in(json.dumps([made_up, *NEWER]).encode())) == [OTHER, "script-src-elem", "img-src"]
    assert OTHER not in RULES


def test_a_report_keeps_no_session_alive(app: Litestar, engine: Engine) -> None:
    """S22: a browser sends it by itself, with the cookie; it is nobody's."""
    browser = Browser(app).client
    browser.cookies.set("bostad", "x" * 43, domain="testserver.local", path="/")
    with statements(engine) as by_the_report:
        _sent(browser, json.dumps(OLDER), KINDS[0])
    with statements(engine) as by_a_page:
        browser.get("/accessibility")

    assert by_the_report == []
    assert by_a_page != [], "the same cookie is looked up there"


def _sent(browser: TestClient[Litestar], body: str | bytes, kind: str) -> Response:
    return browser.post("/policy-reports", content=body, headers={"content-type": kind})
