"""What happens to a form that is sent after its session has ended (U35)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from litestar import Litestar
from sqlalchemy import update
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.tables import Draft, SignedIn, Unit, User
from bostad.web.returning import local_path
from tests.browsing import Browser, words
from tests.factories import UserFactory
from tests.people import HASHED, PASSWORD

Browse = Callable[[User | None], Browser]
LATE = "/sign-in?next=/kept%3Fpath%3D%252Funits"


@pytest.fixture
def admin(rows: Session) -> User:
    made: User = UserFactory(password_hash=HASHED, role=Role.ADMINISTRATOR)
    return made


def test_answers_that_arrive_too_late_are_kept_and_sent_after_sign_in(
    browse: Browse, rows: Session, admin: User
) -> None:
    """U35: nothing is saved before she has signed in, and nothing is kept after it has been sent."""
    browser = browse(admin)
    _let_time_pass(rows)

    late = browser.post("/units", name="Nya enheten")
    assert (late.url.path, "kept" in late.url.params["next"]) == ("/sign-in", True)
    assert _units(rows) == []
    shown = browser.sign_in(admin.username, to=late.url.params["next"])
    assert (shown.url.path, "Nya enheten" in words(shown)) == ("/kept", True)
    assert browser.get(shown.url.raw_path.decode()).text == shown.text, "a reload loses nothing"
    browser.post("/units", name="Nya enheten", _kept="yes")

    assert _units(rows) == ["Nya enheten"]
    assert rows.exec(select(Draft)).all() == []


def test_kept_answers_can_be_thrown_away(browse: Browse, rows: Session, admin: User) -> None:
    browser = browse(admin)
    _let_time_pass(rows)
    late = browser.post("/units", name="Nya enheten")
    browser.sign_in(admin.username, to=late.url.params["next"])

    browser.post("/kept", path="/units", follow=False)

    assert rows.exec(select(Draft)).all() == []
    assert browser.get("/kept?path=/units", follow_redirects=False).headers["location"] == "/"


def test_somebody_else_at_the_same_desk_never_sees_what_was_kept(browse: Browse, rows: Session, admin: User) -> None:
    """S06."""
    browser, other = browse(admin), UserFactory(password_hash=HASHED, role=Role.ADMINISTRATOR)
    _let_time_pass(rows)
    late = browser.post("/units", name="Nya enheten")

    shown = browser.sign_in(other.username, to=late.url.params["next"])

    assert shown.history[-2].headers["location"] == "/"
    assert "Nya enheten" not in shown.text


def test_htmx_is_led_to_the_same_place(browse: Browse, rows: Session, admin: User) -> None:
    """U14, U35."""
    browser = browse(admin)
    _let_time_pass(rows)

    answer = browser.post("/units", htmx=True, name="Nya enheten")

    assert answer.headers["hx-redirect"] == LATE
    assert len(rows.exec(select(Draft)).all()) == 1


def test_a_password_is_never_kept(browse: Browse, rows: Session, admin: User) -> None:
    browser = browse(admin)
    _let_time_pass(rows)

    browser.post("/me/password", password=PASSWORD, new_password="cold and so sweet")

    assert rows.exec(select(Draft)).all() == []


@pytest.mark.parametrize("ending", ["signed out", "disabled", "stranger"])
def test_nothing_is_kept_for_whom_the_clock_did_not_sign_out(
    ending: str, browse: Browse, rows: Session, admin: User
) -> None:
    browser = browse(None if ending == "stranger" else admin)
    token = browser.client.cookies.get("bostad")
    if ending == "signed out":
        browser.post("/sign-out")
        browser.client.cookies.set("bostad", str(token), domain="testserver.local", path="/")
    elif ending == "disabled":
        admin.disabled_at = datetime.fromisoformat("2026-11-21T12:00:00+00:00")
        rows.add(admin)
        rows.commit()

    answer = browser.post("/units", name="Nya enheten", follow=False)

    assert answer.headers["location"] == "/sign-in?next=/units"
    assert rows.exec(select(Draft)).all() == []


def test_after_an_act_without_a_page_one_comes_back_to_the_page_above_it(browse: Browse) -> None:
    answer = browse(None).post("/me/language", locale="en", follow=False)

    assert answer.headers["location"] == "/sign-in?next=/me"


def test_staying_signed_in_says_until_when(browse: Browse, rows: Session, admin: User) -> None:
    """U35: extendable before the end; afterwards one is led to the sign-in page."""
    browser = browse(admin)
    _let_time_pass(rows, minutes=20)

    answer = browser.post("/stay", htmx=True)
    _let_time_pass(rows, minutes=20)
    still = browser.post("/stay", htmx=True)
    _let_time_pass(rows, minutes=40)
    over = browser.post("/stay", htmx=True)

    assert 'id="time-left"' in answer.text
    assert 'id="time-left"' in still.text
    assert over.headers["hx-redirect"].startswith("/sign-in")


def test_without_scripts_staying_signed_in_leads_to_the_start_page(browse: Browse, admin: User) -> None:
    """U09."""
    assert browse(admin).post("/stay", follow=False).headers["location"] == "/"


def test_every_page_of_the_house_is_a_place_to_come_back_to(app: Litestar) -> None:
    pages = [route.path for route in app.routes if "{" not in route.path]

    assert [page for page in pages if local_path(page) != page] == []


def _let_time_pass(rows: Session, *, minutes: int = 60) -> None:
    """Move the last use back, since the database's clock stands still within a test."""
    rows.execute(update(SignedIn).values(seen_at=SignedIn.seen_at - timedelta(minutes=minutes)))
    rows.commit()


def _units(rows: Session) -> list[str]:
    return list(rows.exec(select(Unit.name)).all())
