"""Somebody comes into the room: one key hides what the page says of a household (U30)."""

from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.stage import People


def test_one_key_hides_the_page_and_the_same_shows_it_as_it_was(page: Page) -> None:
    """U30, U10: nothing is sent and nothing lost; the focus goes to the way back, and back again."""
    page.keyboard.press("Escape")
    expect(page.locator("#main")).to_be_hidden()
    expect(page.locator("#show")).to_be_focused()
    assert violations(page) == []

    page.keyboard.press("Escape")
    expect(page.locator("#case_number")).to_be_focused()
    expect(page.locator("#case_number")).to_have_value("SN 2026/55")
    expect(page.locator(".cover")).to_have_count(0)


def test_a_page_that_was_hidden_hides_by_itself_after_a_minute_at_rest(page: Page) -> None:
    """U30: sixty seconds; whoever has not asked for it is left to read in peace (WCAG 2.2.1)."""
    page.clock.fast_forward("05:00")
    expect(page.locator("#main")).to_be_visible()

    page.locator("#hide").click()
    page.locator("#show").click()
    page.clock.fast_forward("00:50")
    page.keyboard.press("Tab")
    page.clock.fast_forward("00:50")
    expect(page.locator("#main")).to_be_visible()
    page.clock.fast_forward("00:15")
    expect(page.locator("#main")).to_be_hidden()


def test_without_scripts_there_is_no_such_button_and_the_page_is_as_ever(visit: Visit, people: People) -> None:
    """U09."""
    page = visit(people.worker, scripts=False)
    page.goto("/cases")
    expect(page.locator("#hide")).to_be_hidden()
    expect(page.locator(".cover")).to_have_count(0)
    expect(page.locator("#main")).to_be_visible()


def test_the_companys_pages_name_nobody_and_have_nothing_to_hide(visit: Visit, people: People) -> None:
    page = visit(people.staff)
    page.goto("/to-answer")
    expect(page.locator("#hide")).to_have_count(0)
