"""What must hold on every page there is, for everybody who can read it."""

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from litestar import Litestar
from playwright.sync_api import Page

from tests.browser.addresses import EMPTY, NOT_A_PAGE, PAGES, all_templates
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.newcomers import newcomers
from tests.browser.town import STAFF, Town
from tests.browser.watching import TELLING

NARROW = (320, 360)
"""A window at 400 %, and a small telephone."""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_FORMS = "() => [...document.forms].filter(form => !form.noValidate).length"
FORBIDDEN = {"/users"}
"""Where the housing staff have no business; the page that says so is looked at too."""


def test_no_page_is_forgotten(app: Litestar) -> None:
    """What has a route is in the list that the other tests go through."""
    known = set(all_templates())
    routes = {route.path for route in app.routes if "GET" in getattr(route, "methods", ())} - NOT_A_PAGE
    ways = {route: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", route)) for route in routes}
    assert [route for route, way in ways.items() if not any(map(way.fullmatch, known))] == []


@pytest.mark.parametrize("reader", PAGES, ids=lambda reader: reader or "stranger")
def test_every_page_is_in_order(visit: Visit, town: Town, reader: str | None) -> None:
    """U01, U02, U05, U06, U08, U13, U18, U31, U37, U44: each page is held against every rule below."""
    page = visit(town.user(reader) if reader else None)
    faults = {}
    for template in PAGES[reader]:
        answer = page.goto(town.address(template))
        assert answer is not None
        refused = template == "/nowhere" or (reader == STAFF and template in FORBIDDEN)
        assert (answer.status >= 400) == refused, (template, answer.status)
        faults[template] = [fault for rule in RULES for fault in rule(page)]
    assert {template: found for template, found in faults.items() if found} == {}


@pytest.mark.parametrize("reader", EMPTY)
def test_pages_with_nothing_on_them_are_in_order(visit: Visit, town: Town, reader: str) -> None:
    """U01: the empty states, which somebody sees who has just begun."""
    page = visit(newcomers(town.sessions)[reader])
    faults = {}
    for address in EMPTY[reader]:
        page.goto(address)
        faults[address] = [fault for rule in RULES for fault in rule(page)]
    assert faults == {address: [] for address in EMPTY[reader]}


def leads_past_the_menu(page: Page) -> Iterator[str]:
    """U06: the first tab stop is a skip link that can be seen, and it works."""
    page.keyboard.press("Tab")
    first = page.locator(":focus")
    if first.get_attribute("href") != "#main" or not first.is_visible():
        yield "the first tab stop is not the skip link"
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "main":
        yield "the skip link leads nowhere"


def tells_nothing(page: Page) -> Iterator[str]:
    """U13, U31: the page has a title of its own; neither it nor the address says what the service is about."""
    if not re.fullmatch(r"\S.* – bostad", page.title()):
        yield f"what page is this? {page.title()}"
    if TELLING.search(f"{page.title()} {page.url}"):
        yield f"tells too much: {page.title()} {page.url}"


def lets_us_check_forms(page: Page) -> Iterator[str]:
    """U18: the browser shows no bubbles of its own."""
    if page.evaluate(OPEN_FORMS):
        yield "a form is checked by the browser"


def shows_where_help_is(page: Page) -> Iterator[str]:
    """U02, U44: in the same place on every page, with the accessibility statement."""
    if page.locator("footer a[href='/accessibility']").count() != 1:
        yield "no help at the foot"


def scrolls_one_way(page: Page) -> Iterator[str]:
    """U05, U37."""
    before = page.viewport_size
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 640})
        if too_much := page.evaluate(SIDEWAYS):
            yield f"{too_much} px too wide for {width} px"
    if before:
        page.set_viewport_size(before)


RULES: tuple[Callable[[Page], Iterable[str]], ...] = (
    leads_past_the_menu,
    tells_nothing,
    lets_us_check_forms,
    shows_where_help_is,
    scrolls_one_way,
    violations,
)
