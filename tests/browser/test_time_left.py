"""The end of a session: announced, put off, survived (U35); and after signing out nothing is left to see (S54)."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlmodel import col

from bostad.accounts.tables import SignedIn
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.live import Live
from tests.browser.stage import People
from tests.people import PASSWORD, code_now

SUBMIT = "#main form:has(.question) button[type=submit]"


def test_the_warning_comes_two_minutes_ahead_and_is_read_out(page: Page) -> None:
    """U11, U35: thirty minutes in all; shown, announced, with nothing wrong in it, and without taking the focus."""
    warning = page.locator("#time-left")
    page.clock.fast_forward("27:50")
    expect(warning).to_be_hidden()
    expect(page.locator("#status")).to_have_text("")
    page.clock.fast_forward("00:15")
    expect(warning).to_be_visible()
    expect(page.locator("#status")).to_have_text(warning.locator("p").inner_text())
    expect(page.locator("#case_number")).to_be_focused()
    page.clock.resume()
    assert violations(page) == []


def test_whoever_stays_goes_on_where_she_was(page: Page) -> None:
    """U10, U35: one press; what was written stands, the focus is where it was, and the warning comes again later."""
    page.clock.fast_forward("28:05")
    page.locator("#stay").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#time-left")).to_be_hidden()
    expect(page.locator("#case_number")).to_be_focused()
    expect(page.locator("#case_number")).to_have_value("SN 2026/55")
    expect(page.locator("#status")).to_have_text("")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_was_sent_too_late_comes_back_after_sign_in(
    visit: Visit, live: Live, people: People, *, scripts: bool
) -> None:
    """U09, U35: nothing is lost, and nothing is saved before she has signed in again."""
    page = visit(people.worker, scripts=scripts)
    page.goto("/cases/new")
    page.locator("#case_number").fill("SN 2026/56")
    with live.sessions.begin() as db:
        ended = update(SignedIn).where(col(SignedIn.user_id) == people.worker.id)
        db.execute(ended.values(seen_at=col(SignedIn.seen_at) - timedelta(hours=1)))
    page.locator(SUBMIT).click()
    page.locator("#username").fill(people.worker.username)
    page.locator("#password").fill(PASSWORD)
    page.locator(SUBMIT).click()
    page.locator("#code").fill(code_now())
    page.locator("#main form[action='/second-step'] button").click()
    page.locator("#main summary").click()
    expect(page.locator("#main details")).to_contain_text("SN 2026/56")
    if scripts:
        assert violations(page) == []
    page.locator("#main form[action='/cases/new'] button").click()
    expect(page.locator("h1")).to_contain_text("SN 2026/56")


def test_after_signing_out_the_back_button_shows_nothing(visit: Visit, people: People) -> None:
    """S54."""
    placement = people.proposed()
    page = visit(people.worker)
    page.goto(f"/placements/{placement}")
    address = page.locator(f"#placement-{placement} h2").inner_text()
    page.locator("form[action='/sign-out'] button").click()
    expect(page.locator("#username")).to_be_visible()
    page.go_back()
    expect(page.locator("#username")).to_be_visible()
    assert address not in page.content()


def test_signed_in_pages_are_kept_nowhere(visit: Visit, people: People) -> None:
    """S54: the browser is told to store nothing, and at the end to forget what it may have stored.

    ASVS V14.2.2, V14.3.2.
    """
    page = visit(people.worker)
    answer = page.goto("/cases")
    assert answer is not None
    assert answer.header_value("cache-control") == "no-store"
    with page.expect_response("**/sign-out") as out:
        page.locator("form[action='/sign-out'] button").click()
    assert out.value.header_value("clear-site-data") == '"cache", "storage"'
