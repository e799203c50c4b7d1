"""What browsers are told by every answer, and what they are refused: S50 to S57, one after the other."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import Session

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.app import create_app
from bostad.records import Sessions
from bostad.resources import resource
from bostad.settings import Settings
from bostad.web.headers import POLICY, REPORTS
from tests.browsing import Browser
from tests.factories import UserFactory
from tests.people import CHEAP, SECRET
from tests.roles import databases_of

Browse = Callable[[User | None], Browser]
YEAR = 31_536_000
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "report-uri": "/policy-reports",
}
"""No script, style or eval of a page's own: there is none, so no nonce is needed. Of what is reported a rule's name is
kept (`test_policy_reports.py`); the browser tests fail on any violation."""


@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_every_answer_carries_the_strict_policy_and_is_kept_nowhere(
    role: Role | None, app: Litestar, browse: Browse, rows: Session
) -> None:
    """S50, S54, S55: pages, refusals and ways on, for everybody.

    ASVS V1.2.3, V3.2.1, V3.4.3, V3.4.4, V3.4.6, V3.4.8, V3.5.8, V13.4.6, V14.2.5.
    """
    browser = browse(UserFactory(role=role) if role else None)
    answers = [browser.get(_filled(path), follow_redirects=False) for method, path in _doors(app) if method == "GET"]

    assert len(answers) > 40
    assert dict(part.strip().split(" ", 1) for part in POLICY.split(";")) == STRICT
    for answer in answers:
        headers = answer.headers
        assert headers["content-security-policy"] == POLICY
        assert headers["cache-control"] == "no-store"
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        assert {"camera=()", "geolocation=()", "microphone=()"} <= set(headers["permissions-policy"].split(", "))
        assert "server" not in headers


def test_htmx_may_evaluate_nothing_and_keeps_no_pages(browse: Browse) -> None:
    """S51, S52: htmx 4 has `history: reload` for its page cache; eval and other origins are refused by the policy.

    ASVS V1.3.2.
    """
    page = browse(None).get("/sign-in").text
    (config,) = re.findall(r'name="htmx-config" content=\'([^\']+)\'', page)

    assert json.loads(unescape(config)) == {"history": "reload", "includeIndicatorCSS": False, "defaultTimeout": 15000}
    assert "unsafe-eval" not in POLICY
    assert STRICT["connect-src"] == "'self'"


def test_what_is_written_in_a_form_never_stands_in_an_address(app: Litestar) -> None:
    """S53: changes go by POST, whose fields htmx and browsers put in the body; nothing else changes anything.

    ASVS V3.5.3, V14.2.1.
    """
    assert {method for method, _ in _doors(app)} == {"GET", "POST"}
    texts = [file.read_text() for file in Path(resource("templates")).rglob("*.html")]
    forms = [form for text in texts for form in re.findall(r"<form[^>]*>", text)]

    assert len(forms) > 30
    assert [form for form in forms if 'method="post"' not in form] == []
    assert [text[:60] for text in texts if re.search(r"hx-(?:delete|put|patch)", text)] == []


def test_signing_out_has_the_browser_forget(browse: Browse, rows: Session) -> None:
    """S54: also where one signs out everywhere. ASVS V14.3.1."""
    for way in ("/sign-out", "/me/sign-out-everywhere"):
        answer = browse(UserFactory()).post(way, follow=False)
        assert answer.headers["clear-site-data"] == '"cache", "storage"'


def test_over_tls_browsers_are_told_to_come_no_other_way(sessions: Sessions) -> None:
    """S55. ASVS V3.4.1."""
    headers = _over_tls(sessions).get("/sign-in").headers

    assert headers["strict-transport-security"] == f"max-age={YEAR}; includeSubDomains"


def test_a_browser_is_told_where_to_report_in_the_way_it_knows(sessions: Sessions, browse: Browse) -> None:
    """S50. ASVS V3.4.7: over TLS in the newer way too, which browsers prefer and follow over TLS alone."""
    headers = _over_tls(sessions).get("/sign-in").headers
    plain = browse(None).get("/sign-in").headers

    assert headers["content-security-policy"] == f"{POLICY}; report-to policy"
    assert headers["reporting-endpoints"] == f'policy="{REPORTS}"'
    assert (plain["content-security-policy"], "reporting-endpoints" in plain) == (POLICY, False)


@pytest.mark.parametrize("sent", ["nothing", "another browser's token", "an older token", "a token of no secret"])
def test_no_change_is_taken_without_this_browsers_own_token(
    sent: str, app: Litestar, browse: Browse, rows: Session
) -> None:
    """S56: on every door that changes something, for a stranger and for whoever is signed in. ASVS V3.5.1.

    A browser's report of what the policy refused has no token, and changes nothing.
    """
    older = browse(None).token()
    for browser in (browse(None), browse(UserFactory(role=Role.ADMINISTRATOR))):
        own = browser.token()
        token = {
            "nothing": "",
            "another browser's token": browse(None).token(),
            "an older token": older,
            "a token of no secret": own[:-4] + "AAAA",
        }[sent]
        assert token != own
        taken = [
            path
            for method, path in _doors(app)
            if method == "POST"
            and path != REPORTS
            and browser.client.post(_filled(path), data={"_csrf_token": token}, follow_redirects=False).status_code
            != 403
        ]
        assert taken == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_no_change_is_taken_that_another_site_sent(site: str, app: Litestar, browse: Browse, rows: Session) -> None:
    """S56: also with the right token, and from a neighbour under the same domain."""
    browser = browse(UserFactory(role=Role.ADMINISTRATOR))
    fields, headers = {"_csrf_token": browser.token()}, {"Sec-Fetch-Site": site}
    doors = [path for method, path in _doors(app) if method == "POST"]

    answers = {
        path: browser.client.post(_filled(path), data=fields, headers=headers, follow_redirects=False).status_code
        for path in doors
    }

    assert {path for path, status in answers.items() if status != 403} == set()
    assert len(answers) > 40


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "testserver.local.elsewhere.example", "testserver.local:81", "testserver.local@x", ""]
)
def test_a_host_that_is_not_on_the_list_is_refused(host: str, browse: Browse) -> None:
    """S57: the whole name is compared, and a forwarded one does not stand in for it."""
    for headers in ({"Host": host}, {"Host": host, "X-Forwarded-Host": "testserver.local"}):
        assert browse(None).get("/sign-in", headers=headers).status_code == 400


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host"])
def test_a_forwarded_host_changes_nothing(name: str, browse: Browse, rows: Session) -> None:
    """S57: no address that we lead to, and nothing that a passkey is bound to, comes from such a header.

    ASVS V4.1.3.
    """
    value = "host=elsewhere.example" if name == "Forwarded" else "elsewhere.example"
    answer = browse(None).get("/cases", headers={name: value}, follow_redirects=False)

    assert answer.headers["location"] == "/sign-in?next=/cases"
    page = browse(UserFactory()).get("/second-step/new", headers={name: value})
    assert "&#34;rp&#34;: {&#34;name&#34;: &#34;bostad&#34;, &#34;id&#34;: &#34;testserver.local&#34;}" in page.text
    assert "elsewhere" not in page.text


def _doors(app: Litestar) -> Iterator[tuple[str, str]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                if not route.path.startswith("/static"):
                    yield str(method), route.path


def _filled(path: str) -> str:
    return re.sub(r"\{[a-z_]+:str\}", "nothing", re.sub(r"\{[a-z_]+:uuid\}", str(uuid4()), path))


def _over_tls(sessions: Sessions) -> TestClient[Litestar]:
    settings = Settings(databases={}, redis_url="", secret=SECRET, hosts=("testserver.local",), secure=True, port=0)
    app = create_app(settings, databases_of(sessions), passwords=CHEAP, schema_is_current=lambda: True)
    return TestClient(app, base_url="https://testserver.local")
