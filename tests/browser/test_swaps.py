"""What htmx changes within a page: the focus, the waiting, the sending, and where one is afterwards."""

from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect

from bostad.placements.answering import answer
from bostad.placements.asking import OtherAnswer, ask_other_answer
from bostad.placements.lifecycle import Stage
from bostad.placements.tables import Placement
from bostad.records import clock
from bostad.resources import resource
from tests.browser.conftest import Visit
from tests.browser.stage import People
from tests.browser.watching import Watch
from tests.factories import actor

FOCUS = "() => document.activeElement.closest('[id]')?.id || document.activeElement.tagName"


@pytest.fixture
def placement(people: People) -> UUID:
    return people.proposed()


@pytest.fixture
def page(visit: Visit, people: People, placement: UUID) -> Page:
    """Look at a proposal as the social worker."""
    page = visit(people.worker)
    page.goto(f"/placements/{placement}")
    return page


def hold(page: Page, address: str) -> list[Route]:
    """Keep what is sent to an address on its way, until the test lets it go on."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route))  # noqa: PLW0108 - Playwright looks into it
    return held


def test_every_swap_in_the_templates_is_known_here() -> None:
    """U10: whoever adds a swap says where the focus goes, and adds its test."""
    swaps = {
        (file.name, line.strip())
        for file in Path(resource("templates")).rglob("*.html")
        for line in file.read_text().splitlines()
        if "hx-post" in line or "hx-get" in line
    }
    assert {name for name, _ in swaps} == {"_ui.html", "_time_left.html", "_run_news.html", "_what_if.html"}


def test_after_a_swap_the_focus_is_on_what_came(page: Page, placement: UUID) -> None:
    """U10, U13: the button is gone, the card is there; and the page still says what it is."""
    title = page.title()
    page.locator(f"#put-{placement}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#put-{placement}")).to_have_count(0)
    expect(page.locator(f"#placement-{placement}")).to_be_focused()
    assert page.title() == title


@pytest.mark.parametrize("status", [200, 502])
def test_what_asks_by_itself_disturbs_nobody(visit: Visit, people: People, watch: Watch, status: int) -> None:
    """U10: the focus stays where it is, and nothing is said, whether the answer is news or a failure."""
    watch.expect(f"status of {status}")
    case = people.waiting()
    page = visit(people.worker)
    page.clock.install()
    page.goto(f"/cases/{case}")
    page.locator("header a.brand").focus()
    if status != 200:
        page.route("**/run?*", lambda route: route.fulfill(status=status, body="Bad Gateway"))
    with page.expect_response("**/run?*"):
        page.clock.fast_forward(2_100)
    page.clock.resume()
    expect(page.locator("#run-news")).to_be_visible()
    expect(page.locator("header a.brand")).to_be_focused()
    expect(page.locator("#problems > *")).to_have_count(0)


def test_an_answer_to_what_if_comes_by_itself_and_disturbs_nobody(visit: Visit, people: People) -> None:
    """U10: the page asks, the worker answers, and the focus stays where it is."""
    case, at = people.waiting(), clock(people.sessions)
    worker = actor(people.worker, people.board)
    question = ask_other_answer(people.sessions, case, OtherAnswer(rooms_min=1), by=worker, at=at)
    page = visit(people.worker)
    page.clock.install()
    page.goto(f"/what-if/{question}")
    page.locator("header a.brand").focus()
    answer(people.sessions, question, at=at)
    with page.expect_response("**/what-if/*?turn=*"):
        page.clock.fast_forward(2_100)
    page.clock.resume()
    expect(page.locator("#what-if ul")).to_be_visible()
    expect(page.locator("#what-if[hx-get]")).to_have_count(0)
    expect(page.locator("header a.brand")).to_be_focused()


def test_while_an_answer_is_on_its_way_its_place_is_busy_and_nothing_is_sent_twice(page: Page, placement: UUID) -> None:
    """U12, I10."""
    card, held = page.locator(f"#placement-{placement}"), hold(page, "**/put")
    page.locator(f"#put-{placement}").click()
    expect(card).to_have_attribute("aria-busy", "true")
    page.locator(f"#put-{placement}").click()
    page.keyboard.press("Enter")
    held[0].continue_()
    expect(page.locator(f"#put-{placement}")).to_have_count(0)
    expect(card).not_to_have_attribute("aria-busy", "true")
    assert len(held) == 1


def test_an_ordinary_form_is_sent_once_however_often_one_clicks(page: Page, people: People, placement: UUID) -> None:
    """U12, I10."""
    sent: list[str] = []
    page.context.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(f"/placements/{placement}/release")
    page.locator("#main form button").dblclick()
    expect(page.locator(f"#placement-{placement}")).to_have_attribute("data-stage", "released")
    assert len(sent) == 1


def test_reload_and_back_give_the_whole_page(page: Page, placement: UUID) -> None:
    """U15: a part is never taken for a page."""
    page.locator(f"#put-{placement}").click()
    expect(page.locator(f"#put-{placement}")).to_have_count(0)
    for come_back in (page.reload, lambda: (page.goto("/cases"), page.go_back())):
        come_back()
        expect(page.locator("header a.brand")).to_be_visible()
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator("link[rel=stylesheet]")).to_have_count(3)


def test_the_companys_answer_takes_the_focus_too(visit: Visit, people: People, page: Page, placement: UUID) -> None:
    """U10."""
    page.goto(f"/placements/{placement}/release")
    page.locator("#main form button").click()
    expect(page.locator(f"#placement-{placement}")).to_have_attribute("data-stage", "released")
    staff = visit(people.staff)
    staff.goto(f"/placements/{placement}")
    staff.locator(f"#reserve-{placement}").press("Enter")
    expect(staff.locator(f"#placement-{placement}")).to_have_attribute("data-stage", "reserved")
    expect(staff.locator(f"#placement-{placement}")).to_be_focused()


def test_nothing_is_done_before_the_page_that_says_what_it_leads_to(
    page: Page, people: People, placement: UUID
) -> None:
    """U26: the consequence stands in words, and there is a way back."""
    page.locator(f"#release-{placement}").click()
    expect(page.locator("#main p")).not_to_have_count(0)
    expect(page.locator(f"#main a.ds-button[href='/placements/{placement}']")).to_be_visible()
    with people.sessions() as db:
        assert db.get_one(Placement, placement).stage is Stage.PROPOSED
    page.locator(f"#main a.ds-button[href='/placements/{placement}']").click()
    expect(page.locator(f"#release-{placement}")).to_be_visible()
