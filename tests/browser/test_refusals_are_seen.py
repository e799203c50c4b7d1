"""Every answer becomes visible: what is refused, what has failed, and what never came (U14)."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import update
from sqlmodel import col

from bostad.accounts.tables import User
from bostad.adapters.database import connect, sessions_on
from bostad.needs.tables import Case
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.live import Live, serving
from tests.browser.stage import People
from tests.browser.watching import Watch

SOMETHING = re.compile(r"\w+ \w+")


@pytest.fixture
def placement(people: People) -> UUID:
    return people.proposed()


@pytest.fixture
def page(visit: Visit, people: People, placement: UUID) -> Page:
    page = visit(people.worker)
    page.goto(f"/placements/{placement}")
    return page


def is_said(page: Page) -> None:
    """See that a sentence stands in the place for problems, with the focus, and the page is still there."""
    problem = page.locator("#problems > *")
    expect(problem).to_have_text(SOMETHING)
    expect(problem).to_be_focused()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("header a.brand")).to_have_count(1)
    expect(page.locator("main h1")).to_be_visible()
    assert violations(page) == []


def test_somebody_was_faster(visit: Visit, page: Page, people: People, placement: UUID) -> None:
    """U28, F05: 409 within a page, and as a page; in both one can go on."""
    other = visit(people.worker)
    other.goto(f"/placements/{placement}/release")
    late = visit(people.worker)
    late.goto(f"/placements/{placement}/release")
    other.locator("#main form button").click()
    expect(other.locator(f"#placement-{placement}")).to_have_attribute("data-stage", "released")

    page.locator(f"#put-{placement}").click()
    is_said(page)
    late.locator("#main form button").click()
    expect(late.locator("h1")).to_be_visible()
    assert violations(late) == []
    late.reload()  # sends nothing again
    expect(late.locator(f"#placement-{placement}")).to_have_attribute("data-stage", "released")
    late.go_back()
    late.locator("#main form button").click()
    late.locator(f"#main ul a[href='/placements/{placement}']").click()
    expect(late.locator(f"#placement-{placement}")).to_have_attribute("data-stage", "released")


def test_a_session_that_has_ended_leads_to_the_sign_in_page_and_back(page: Page, live: Live, placement: UUID) -> None:
    """401: not within the card, but as the page it is."""
    page.context.clear_cookies(name="bostad")
    page.locator(f"#put-{placement}").click()
    expect(page.locator("#username")).to_be_visible()
    expect(page.locator("input[name=next]")).to_have_value(f"/placements/{placement}")
    expect(page.locator("header nav")).to_have_count(0)


def test_a_page_that_was_open_too_long_says_so(page: Page, placement: UUID) -> None:
    """403."""
    page.context.clear_cookies(name="csrf")
    page.locator(f"#put-{placement}").click()
    is_said(page)


def test_what_is_not_there_any_more_says_so(page: Page, live: Live, people: People, placement: UUID) -> None:
    """404: the case has been handed over meanwhile."""
    with live.sessions.begin() as db:
        db.execute(update(Case).where(col(Case.board_id) == people.board.id).values(worker_id=people.manager.id))
    page.locator(f"#put-{placement}").click()
    is_said(page)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failure_in_front_of_the_service_is_said_in_our_own_words(
    page: Page, watch: Watch, placement: UUID, status: int
) -> None:
    """5xx from a proxy: its own page is not shown within ours."""
    watch.expect(f"status of {status}")
    answer = {"status": status, "content_type": "text/html", "body": "<html><body><h1>Bad Gateway</h1></body></html>"}
    page.route("**/put", lambda route: route.fulfill(**answer))
    page.locator(f"#put-{placement}").click()
    is_said(page)
    expect(page.get_by_text("Bad Gateway")).to_have_count(0)
    page.unroute("**/put")
    page.locator(f"#put-{placement}").click()
    expect(page.locator(f"#put-{placement}")).to_have_count(0)


def test_a_server_that_does_not_answer_is_said(page: Page, watch: Watch, placement: UUID) -> None:
    """A dead line: nothing is lost, and the same button works when the line is back."""
    watch.expect("ERR_INTERNET_DISCONNECTED", "htmx:error: Failed to fetch")
    page.context.set_offline(True)
    page.locator(f"#put-{placement}").click()
    is_said(page)
    page.context.set_offline(False)
    page.locator(f"#put-{placement}").click()
    expect(page.locator(f"#put-{placement}")).to_have_count(0)
    expect(page.locator("#problems > *")).to_have_count(0)


def test_an_answer_that_takes_too_long_is_given_up(visit: Visit, people: People, placement: UUID, watch: Watch) -> None:
    """Nobody waits for ever; fifteen seconds are enough."""
    watch.expect("htmx:error: timeout")
    page = visit(people.worker)
    page.clock.install()
    page.goto(f"/placements/{placement}")
    held: list[Route] = []
    page.route("**/put", lambda route: held.append(route))  # noqa: PLW0108 - Playwright looks into it
    with page.expect_request("**/put"):
        page.locator(f"#put-{placement}").click()
    page.clock.fast_forward(16_000)
    is_said(page)
    held[0].abort()


def test_our_own_failure_is_a_page_with_a_way_on(visit: Visit, watch: Watch, people: People) -> None:
    """500: here the database is gone. ASVS V16.5.1, V16.5.4."""
    watch.expect("status of 500")
    engine = connect("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with serving(sessions_on(engine)) as broken:
        watch.base = broken.base
        page = visit()
        page.context.add_cookies([{"name": "bostad", "value": "x" * 43, "url": broken.base}])
        page.goto(f"{broken.base}/cases")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("main p").first).to_have_text(SOMETHING)
        expect(page.locator("#main a[href='/']")).to_be_visible()
        page.close()
    engine.dispose()


def test_an_address_that_is_nowhere_is_a_page(visit: Visit, people: People) -> None:
    """404, for a stranger and for somebody signed in."""
    users: tuple[User | None, ...] = (None, people.worker)
    for user in users:
        page = visit(user)
        page.goto("/placements/nothing")
        expect(page.locator("h1")).to_be_visible()
        assert violations(page) == []
