"""Signing in and out as a person does it: pages, cookies, and where one lands."""

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from httpx import Response
from litestar.testing import TestClient
from sqlmodel import Session

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.app import create_app
from bostad.records import Sessions
from bostad.settings import Settings
from tests.browsing import Browser, words
from tests.factories import NOON, UserFactory
from tests.people import CHEAP, HASHED, PASSWORD, code_now
from tests.roles import databases_of

Browse = Callable[[User | None], Browser]


def test_signing_in_leads_to_the_page_that_was_asked_for(browse: Browse, rows: Session) -> None:
    user, browser = UserFactory(password_hash=HASHED, role=Role.ADMINISTRATOR), browse(None)

    asked = browser.get("/users/new", follow_redirects=False)
    assert asked.headers["location"] == "/sign-in?next=/users/new"
    answer = browser.sign_in(user.username, to="/users/new")

    assert (answer.url.path, answer.status_code) == ("/users/new", 200)
    assert browser.get("/sign-in", follow_redirects=False).headers["location"] == "/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        " //elsewhere.example",
        "javascript:alert(1)",
        "elsewhere.example",
        "/x\r\nLocation: //elsewhere.example",
        "",
    ],
)
def test_nobody_is_led_elsewhere_by_signing_in(elsewhere: str, browse: Browse, rows: Session) -> None:
    """ASVS V1.2.2, V3.7.2."""
    user, browser = UserFactory(password_hash=HASHED), browse(None)

    first = browser.post("/sign-in", follow=False, username=user.username, password=PASSWORD, next=elsewhere)
    then = browser.post("/second-step", follow=False, code=code_now(), next=elsewhere)

    assert (first.status_code, first.headers["location"]) == (303, "/second-step?next=/")
    assert (then.status_code, then.headers["location"]) == (303, "/")


def test_a_refused_sign_in_is_the_same_page_for_whomever_it_concerns(browse: Browse, rows: Session) -> None:
    """S06: the same bytes, apart from the name that was written."""
    known, invited = UserFactory(username="known", password_hash=HASHED), UserFactory(username="asked")
    UserFactory(username="ended", password_hash=HASHED, disabled_at=NOON)
    pages = []
    for username in ("known", "asked", "ended", "guess"):
        password = PASSWORD if username == "ended" else "wrong"
        answer = browse(None).post("/sign-in", username=username, password=password)
        token = answer.text.split('name="_csrf_token" value="')[1].split('"')[0]
        pages.append((answer.status_code, _plain(answer), answer.text.replace(username, "-").replace(token, "-")))

    assert (known.username, invited.username) == ("known", "asked")
    assert pages[0] == pages[1] == pages[2] == pages[3]
    assert pages[0][0] == 422


def test_a_refused_sign_in_keeps_the_name_and_never_the_password(browse: Browse, rows: Session) -> None:
    """U13, U16."""
    answer = browse(None).post("/sign-in", username="anna", password="my mistaken password")

    assert 'value="anna"' in answer.text
    assert "my mistaken password" not in answer.text
    assert 'id="error-summary"' in answer.text


def test_a_password_manager_can_fill_the_page_and_nothing_forbids_pasting(browse: Browse) -> None:
    """U43. ASVS V6.2.6, V6.2.7."""
    page = browse(None).get("/sign-in").text

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_too_many_tries_are_a_page_that_says_how_long_to_wait(browse: Browse) -> None:
    """S25, U14."""
    browser = browse(None)
    answers = [browser.post("/sign-in", username="anna", password="wrong") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "min" in words(answers[-1])


def test_a_token_planted_in_a_browser_is_worth_nothing_after_sign_in(browse: Browse, rows: Session) -> None:
    """S22: fixation."""
    attacker, victim = browse(UserFactory()), UserFactory(password_hash=HASHED)
    planted = attacker.client.cookies["bostad"]
    browser = browse(None)
    browser.client.cookies.set("bostad", planted, domain="testserver.local", path="/")

    answer = browser.post("/sign-in", follow=False, username=victim.username, password=PASSWORD)

    assert planted not in answer.headers["set-cookie"]
    assert attacker.get("/me", follow_redirects=False).headers["location"] == "/sign-in?next=/me"


def test_after_signing_out_the_token_is_dead_and_the_browser_told_to_forget(browse: Browse, rows: Session) -> None:
    """S54. ASVS V7.4.1."""
    browser = browse(UserFactory())
    token = browser.client.cookies["bostad"]

    answer = browser.post("/sign-out", follow=False)
    browser.client.cookies.set("bostad", token, domain="testserver.local", path="/")

    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert browser.get("/me", follow_redirects=False).headers["location"] == "/sign-in?next=/me"


def test_htmx_is_led_to_the_sign_in_page_and_back_to_the_page_it_was_on(browse: Browse) -> None:
    """U14."""
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": "http://testserver.local/me?a=b"}

    answer = browse(None).get("/users", headers=headers)

    assert answer.headers["hx-redirect"] == "/sign-in?next=/me%3Fa%3Db"


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_every_cookie_has_its_flags(scheme: str, sessions: Sessions, rows: Session) -> None:
    """S20: also the one that takes the session back, and the framework's own.

    ASVS V3.3.1, V3.3.2, V3.3.3, V3.3.4, V3.3.5.
    """
    cookies = _cookies_of_a_visit(sessions, UserFactory(password_hash=HASHED), scheme)

    prefix = "__Host-" if scheme == "https" else ""
    assert sorted(name for name, _ in cookies) == [f"{prefix}bostad", f"{prefix}bostad", f"{prefix}csrf"]
    for _, flags in cookies:
        assert flags["httponly"] == "True"
        assert flags["samesite"] in {"lax", "strict"}
        assert (flags["path"], flags["domain"]) == ("/", "")
        assert bool(flags["secure"]) is (scheme == "https")
        assert int(flags["length"]) < 300, "far under the 4096 bytes above which browsers drop one"


def _cookies_of_a_visit(sessions: Sessions, user: User, scheme: str) -> list[tuple[str, dict[str, str]]]:
    """Sign in and out and give every cookie that was set, with its flags."""
    settings = Settings({}, "", "x" * 40, ("testserver.local",), secure=scheme == "https", port=0)
    app = create_app(settings, databases_of(sessions), passwords=CHEAP, schema_is_current=lambda: True)
    client = TestClient(app, base_url=f"{scheme}://testserver.local")
    first = client.get("/sign-in")
    (token,) = client.cookies.values()
    fields = {"_csrf_token": token, "username": user.username, "password": PASSWORD}
    answers = [first, *(client.post(f"/sign-{way}", data=fields, follow_redirects=False) for way in ("in", "out"))]
    lines = [line for answer in answers for line in answer.headers.get_list("set-cookie")]
    morsels = [morsel for line in lines for morsel in SimpleCookie(line).items()]
    return [
        (name, {flag: str(value) for flag, value in morsel.items()} | {"length": str(len(name) + len(morsel.value))})
        for name, morsel in morsels
    ]


def _plain(answer: Response) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.headers.items() if name not in {"date", "set-cookie"})
