"""Every form sent empty: what is missing is said at the top and at the field, and nothing else is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from bostad.web.speech import gettext
from tests.browser.addresses import REFUSED
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.town import Town

EMPTIED = """form => {
  for (const field of form.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (["radio", "checkbox"].includes(field.type)) field.checked = false;
    else if (field.tagName === "SELECT") field.selectedIndex = -1;
    else if (field.type !== "file") field.value = "";
  }
}"""
OUT_OF_ORDER = """() => {
  const fields = [...document.querySelectorAll("#error-summary a")].map(a => document.getElementById(a.hash.slice(1)));
  return fields.some((one, i) => i && one.compareDocumentPosition(fields[i - 1]) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""


@pytest.mark.parametrize("reader", REFUSED, ids=lambda reader: reader or "stranger")
def test_what_is_missing_is_said_where_it_is_read(visit: Visit, town: Town, reader: str | None) -> None:
    """U13, U14, U16: title, summary with the focus, links to the fields, the same words there; axe finds nothing."""
    page = visit(town.user(reader) if reader else None)
    faults = {}
    for template, action in REFUSED[reader]:
        page.goto(town.address(template))
        send_empty(page, town.address(action))
        faults[template] = [*said_wrongly(page), *violations(page)]
    assert {template: found for template, found in faults.items() if found} == {}


def test_without_scripts_it_is_said_just_the_same(visit: Visit, town: Town) -> None:
    """U09, U16."""
    page = visit(scripts=False)
    page.goto("/sign-in")
    page.locator("#username").fill("worker1")
    page.locator("#main button").click()
    expect(page.locator("#error-summary a[href='#password']")).to_be_visible()
    expect(page.locator("#password-error")).to_be_visible()
    expect(page.locator("#username")).to_have_value("worker1")


def send_empty(page: Page, action: str) -> None:
    """Empty a form and send it."""
    form = page.locator(f"#main form[action='{action}']" if action else "#main form:not([action])")
    form.evaluate(EMPTIED)
    page.locator("details:has(form)").evaluate_all("all => all.forEach(one => one.open = true)")
    button = form.locator("button[type=submit]").first
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        button.click()
    assert sent.value.status == 422, (page.url, sent.value.status)
    page.wait_for_load_state()


def said_wrongly(page: Page) -> Iterator[str]:
    """Say where a refused form does not say what is wrong as it should."""
    if not page.title().startswith(gettext("Error:")):
        yield f"the title is only: {page.title()}"
    summary = page.locator("#error-summary")
    expect(summary).to_be_visible()
    if not summary.evaluate("box => box === document.activeElement"):
        yield "the summary does not have the focus"
    links = summary.locator("a").all()
    if not links:
        yield "the summary leads nowhere"
    if page.evaluate(OUT_OF_ORDER):
        yield "what is wrong is said in another order than the questions'"
    for link in links:
        yield from _leads_wrong(page, link)


def _leads_wrong(page: Page, link: Locator) -> Iterator[str]:
    name = (link.get_attribute("href") or "").removeprefix("#")
    there = page.locator(f"#{name}-error")
    if there.count() != 1 or not there.is_visible():
        yield f"nothing is said at {name}"
    elif " ".join(there.inner_text().split()) != " ".join(link.inner_text().split()):
        yield f"other words at {name}: {there.inner_text()} / {link.inner_text()}"
    link.click()
    if not page.evaluate("name => document.activeElement.closest('main') && location.hash === '#' + name", name):
        yield f"the link to {name} does not lead into the page"
    if not page.evaluate("name => document.getElementById(name).contains(document.activeElement)", name):
        yield f"the focus does not follow the link to {name}"
