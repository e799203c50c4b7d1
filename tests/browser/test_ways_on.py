"""Nobody types an address: every page is led to from another, and a page that leads nowhere says where to go."""

import re

import pytest

from tests.browser.addresses import PAGES
from tests.browser.conftest import Visit
from tests.browser.town import STAFF, WORKER, Town

LINK = re.compile(r'href="(/[^"?#]*)')
NOT_LED_TO = {
    "/nowhere": "an address with nothing at it",
    "/news": "shown by itself after signing in",
}
NOT_NOW = {STAFF: {"/users"}, WORKER: {"/decisions"}}
"""Where somebody has no business, or has none until a colleague asks her for something."""


@pytest.mark.parametrize("reader", [reader for reader in PAGES if reader], ids=str)
def test_every_page_that_stands_by_itself_is_led_to_from_another(visit: Visit, town: Town, reader: str) -> None:
    """U23, U28: a page that can only be reached by its address is not there for whoever does not know it."""
    browser = visit(town.user(reader)).request
    pages = {template.partition("?")[0]: town.address(template) for template in PAGES[reader]}
    led_to = {link for address in pages.values() for link in LINK.findall(browser.get(address).text())}

    alone = {template for template in pages if "{" not in template}
    assert alone - NOT_LED_TO.keys() - NOT_NOW.get(reader, set()) - led_to == set()


@pytest.mark.parametrize("reader", [reader for reader in PAGES if reader], ids=str)
def test_a_page_that_leads_nowhere_leads_to_where_the_work_begins(visit: Visit, town: Town, reader: str) -> None:
    """U27: in words of one's own role; who has not signed in is led to the front door."""
    page = visit(town.user(reader))
    page.goto("/")
    first = page.url
    page.goto("/cases/00000000-0000-0000-0000-000000000000")
    page.locator("main ul a").last.click()
    assert page.url == first
