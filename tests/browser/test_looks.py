"""How pages look where looks carry meaning: on paper, in forced colours, beside a warning, and musts beside wishes."""

import pytest
from playwright.sync_api import expect

from bostad.records import clock
from tests.browser.conftest import Visit
from tests.browser.town import MANAGER, STAFF, WORKER, Town
from tests.browser.watching import TELLING

FRAMED = """() => [document.activeElement, document.activeElement.closest(".ds-field")].some(
  one => one && getComputedStyle(one).outlineStyle !== "none")"""
COVERED = """() => {
  const stop = document.activeElement.getBoundingClientRect();
  const cover = document.getElementById("time-left").getBoundingClientRect();
  return !document.activeElement.closest("#time-left") && stop.bottom > cover.top + 1 && stop.top < cover.bottom - 1;
}"""


@pytest.mark.parametrize(
    ("reader", "address"), [(WORKER, "/consents/{consent}/print/sv"), (STAFF, "/placements/{moved_in}")]
)
def test_paper_carries_the_page_and_nothing_around_it(visit: Visit, town: Town, reader: str, address: str) -> None:
    """U36: no menu, no buttons; a card is not cut in two."""
    page = visit(town.user(reader))
    page.goto(town.address(address))
    page.emulate_media(media="print")
    for around in ("header", "footer", "nav", "button", ".ds-skip-link"):
        assert page.locator(around).filter(visible=True).count() == 0, around
    assert page.locator("h1").is_visible()
    assert {"avoid"} >= set(page.locator(".card").evaluate_all("all => all.map(e => getComputedStyle(e).breakInside)"))


@pytest.mark.parametrize(
    ("reader", "address"),
    [
        (WORKER, "/cases/{proposed_case}"),
        (WORKER, "/cases/{proposed_case}/check"),
        (WORKER, "/placements/{proposed}"),
        (STAFF, "/placements/{moved_in}"),
        (MANAGER, "/overview"),
    ],
)
def test_paper_says_who_printed_it_and_when_and_the_screen_does_not(
    visit: Visit, town: Town, reader: str, address: str
) -> None:
    """U36, S64: a sheet that is left lying leads back to whoever printed it."""
    page, user = visit(town.user(reader)), town.user(reader)
    page.goto(town.address(address))
    mark = page.locator(".print-mark")
    expect(mark).to_be_hidden()
    page.emulate_media(media="print")
    expect(mark).to_be_visible()
    expect(mark).to_contain_text(user.name)
    expect(mark).to_contain_text(str(clock(town.sessions).year))


@pytest.mark.parametrize(
    ("reader", "address"),
    [
        (WORKER, "/cases/{proposed_case}"),
        (WORKER, "/cases/{proposed_case}/check"),
        (WORKER, "/consents/{consent}/print/sv"),
        (STAFF, "/homes/{home}"),
        (MANAGER, "/overview"),
    ],
)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_no_address_follows_a_link_onto_paper(
    visit: Visit, town: Town, reader: str, address: str, *, scripts: bool
) -> None:
    """U31, U36, S64: a page kept as a PDF says neither where the service is nor which case it was."""
    page = visit(town.user(reader), scripts=scripts)
    page.goto(town.address(address))
    assert page.locator("main a[href]").count() > 0
    assert b"/URI" not in page.pdf()


def test_the_households_own_paper_carries_no_name_of_ours_at_its_foot(visit: Visit, town: Town) -> None:
    page = visit(town.user(WORKER))
    page.goto(town.address("/consents/{consent}/print/sv"))
    expect(page.locator(".print-mark")).to_have_count(0)


def test_the_list_to_fill_in_has_a_name_that_tells_nothing(visit: Visit, town: Town) -> None:
    """U31. ASVS V5.4.2."""
    page = visit(town.user(STAFF))
    page.goto("/homes/import")
    with page.expect_download() as got:
        page.locator("#main a[href='/homes/import/sheet']").click()
    assert got.value.suggested_filename == "lagenheter.xlsx"
    assert not TELLING.search(got.value.suggested_filename)


@pytest.mark.parametrize("colours", ["none", "active"])
def test_a_must_and_a_wish_look_different_in_every_colour(visit: Visit, town: Town, colours: str) -> None:
    """U33: by the line beside them, not by colour alone."""
    page = visit(town.user(WORKER), forced_colors=colours)
    page.goto(town.address("/cases/{proposed_case}/answers/features"))
    style = "one => getComputedStyle(one).borderInlineStartStyle"
    assert page.locator(".must").first.evaluate(style) == "solid"
    assert page.locator(".wish").first.evaluate(style) == "dotted"
    expect(page.locator("fieldset#must legend")).not_to_have_text(page.locator("fieldset#wish legend").inner_text())


def test_the_warning_hides_no_tab_stop(visit: Visit, town: Town) -> None:
    """U04: on a telephone held sideways, with the warning at the foot of the window."""
    page = visit(town.user(WORKER), viewport={"width": 640, "height": 360})
    page.clock.install()
    page.goto(town.address("/cases/{proposed_case}/answers/household"))
    page.clock.fast_forward("28:05")
    expect(page.locator("#time-left")).to_be_visible()
    for _ in range(page.locator("a[href]:visible, button:visible, input:visible").count()):
        page.keyboard.press("Tab")
        assert not page.evaluate(COVERED), page.evaluate("document.activeElement.outerHTML")


def test_in_forced_colours_the_focus_and_the_choice_are_seen(visit: Visit, town: Town) -> None:
    """U06."""
    page = visit(town.user(WORKER), forced_colors="active")
    page.goto(town.address("/placements/{proposed}/decline"))
    for _ in range(page.locator("a[href]:visible, button:visible").count()):
        page.keyboard.press("Tab")
        assert page.evaluate(FRAMED), page.evaluate("document.activeElement.outerHTML")
    choice = page.locator("#main input[type=radio]").first
    before = choice.screenshot()
    choice.check()
    page.locator("h1").click()
    assert choice.screenshot() != before, "what is chosen looks like what is not"
