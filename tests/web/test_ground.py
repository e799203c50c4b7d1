"""What every answer of the web has in common."""

from collections.abc import Callable

from sqlmodel import Session

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.adapters.database import Databases, connect, sessions_on
from bostad.app import create_app
from tests.browsing import Browser, words
from tests.conftest import SETTINGS
from tests.factories import UserFactory
from tests.people import CHEAP

Browse = Callable[[User | None], Browser]


def test_a_wrong_address_is_a_page_that_says_so(browse: Browse) -> None:
    """U14: every answer of the server becomes visible."""
    answer = browse(None).get("/no-such-page")
    assert answer.status_code == 404
    assert 'id="main"' in answer.text


def test_nothing_but_static_files_is_kept_and_nothing_comes_from_elsewhere(browse: Browse) -> None:
    """S50, S54, S55. ASVS V3.4.5."""
    stranger = browse(None)
    for address in ("/accessibility", "/no-such-page", "/sign-in"):
        headers = stranger.get(address).headers
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"


def test_the_front_door_sends_each_role_to_its_own_first_page(browse: Browse, rows: Session) -> None:
    for role in Role:
        answer = browse(UserFactory(role=role)).get("/", follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"] != "/sign-in"
    assert browse(None).get("/", follow_redirects=False).headers["location"] == "/sign-in"


def test_a_change_without_its_token_is_refused_with_a_page(browse: Browse, rows: Session) -> None:
    """S56."""
    browser = browse(UserFactory())
    answer = browser.client.post("/sign-out", data={})
    assert answer.status_code == 403
    assert 'id="main"' in answer.text
    assert words(answer)


def test_a_change_sent_from_another_site_is_refused(browse: Browse, rows: Session) -> None:
    """S56: Sec-Fetch-Site."""
    browser = browse(UserFactory())
    answer = browser.client.post(
        "/sign-out", data={"_csrf_token": browser.token()}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_host_name_that_is_not_ours_is_refused(browse: Browse) -> None:
    """S57."""
    answer = browse(None).get("/accessibility", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400


def test_a_page_for_another_role_explains_and_reveals_nothing(browse: Browse, rows: Session) -> None:
    """U27: the page says that it is for others, and not what is on it."""
    answer = browse(UserFactory(role=Role.ADMINISTRATOR)).get("/cases")
    assert answer.status_code == 403
    assert 'id="main"' in answer.text
    assert "ärendenummer" not in words(answer).lower()


def test_without_the_database_nothing_is_shown_and_nothing_is_told() -> None:
    """E03. ASVS V16.5.2: who was signed in is not let through, and the page says nothing of why."""
    nowhere = sessions_on(connect("postgresql://nobody@127.0.0.1:1/nothing"))
    ways = Databases(nowhere, nowhere, nowhere, nowhere)
    app = create_app(SETTINGS, ways, passwords=CHEAP, schema_is_current=lambda: False)
    browser = Browser(app)
    browser.client.cookies.set("bostad", "x" * 43, domain="testserver.local", path="/")

    assert (browser.get("/health/live").status_code, browser.get("/health/ready").status_code) == (200, 503)
    for address in ("/cases", "/homes", "/users"):
        answer = browser.get(address)
        assert (answer.status_code, "127.0.0.1" in answer.text, "psycopg" in answer.text) == (500, False, False)
