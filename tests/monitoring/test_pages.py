"""The overview and the log as people read them in a browser."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from httpx import Response

from bostad.accounts.tables import User
from bostad.audit.pages import PAGE
from bostad.audit.service import record
from bostad.records import Sessions
from tests.audit.tampering import tamper
from tests.browsing import Browser, words
from tests.factories import NOON, actor
from tests.monitoring.conftest import People
from tests.worlds import World

Browse = Callable[[User | None], Browser]


class Tags(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def english(people: People, world: World) -> People:
    """Let everybody read English, the language of these tests' own sentences."""
    with world.sessions.begin() as db:
        for user in (people.manager, people.other_unit, people.officer, people.other_officer):
            db.get_one(User, user.id).locale = "en"
    return people


def test_the_managers_first_page_is_the_overview(world: World, english: People, browse: Browse) -> None:
    need = world.need(consent=False)

    answer = browse(english.manager).get("/")

    assert (answer.status_code, answer.url.path) == (200, "/overview")
    assert "One household in your unit waits for a home." in words(answer)
    assert "too few to say" in words(answer)
    assert f"/cases/{need.case_id}/hand-over" in answer.text
    assert f'href="/cases/{need.case_id}"' not in answer.text, "the manager passes cases on and reads none"
    assert browse(english.manager).get(f"/cases/{need.case_id}/hand-over").status_code == 200


def test_it_is_empty_before_anything_has_happened(english: People, browse: Browse) -> None:
    answer = browse(english.stranger).get("/overview")

    assert answer.status_code == 200


def test_every_table_has_a_caption_scopes_and_numbers_to_the_right(
    world: World, english: People, browse: Browse
) -> None:
    """U34: table first, chart second, and a summary in words before both."""
    world.proposal()

    answer = browse(english.manager).get("/overview")
    tags = Tags(answer)

    assert len(tags.of("table")) == len(tags.of("caption")) >= 4
    assert all(heading["scope"] in {"row", "col"} for heading in tags.of("th"))
    numbers = re.findall(r"<td([^>]*)>\s*[\d\u00a0]+\s*</td>", answer.text)
    assert numbers
    assert set(numbers) == {' class="number"'}
    section = answer.text[answer.text.index('id="going-on-heading"') :]
    assert section.index("<p ") < section.index("<table") < section.index("<svg")


def test_the_chart_says_in_words_what_it_shows(world: World, english: People, browse: Browse) -> None:
    """U34."""
    world.need(consent=False)

    (chart,) = Tags(answer := browse(english.manager).get("/overview")).of("svg")

    assert chart["role"] == "img"
    assert str(chart["aria-labelledby"]).split() == ["still-waiting-title", "still-waiting-summary"]
    assert re.search(r'<desc id="still-waiting-summary">One household waits, since \d+ days.</desc>', answer.text)


def test_nothing_on_the_overview_can_be_filtered(world: World, english: People, browse: Browse) -> None:
    """No number is broken down by who people are: there is nothing to choose, and what is sent along is not read."""
    world.need(consent=False)
    browser = browse(english.manager)
    plain, filtered = (browser.get(address).text for address in ("/overview", "/overview?risk=acute&children=yes"))

    fields = [one for one in Tags(browser.get("/overview")).of("input") if one["type"] != "hidden"]
    assert fields == []
    assert len(filtered) == len(plain)


def test_titles_say_nothing_about_shelters_or_people(english: People, browse: Browse) -> None:
    """U31."""
    titles = [
        re.findall(r"<title>(.*?)</title>", browse(user).get(address).text)[0]
        for user, address in ((english.manager, "/overview"), (english.officer, "/log"))
    ]

    assert titles == ["Overview – bostad", "Log – bostad"]


@pytest.mark.parametrize("role", ["worker", "staff", "officer", "administrator"])
def test_the_overview_is_for_unit_managers(people: People, browse: Browse, role: str) -> None:
    """S37."""
    assert browse(getattr(people, role)).get("/overview").status_code == 403


@pytest.mark.parametrize("role", ["worker", "staff", "manager", "administrator"])
def test_the_log_is_for_the_data_protection_officer(people: People, browse: Browse, role: str) -> None:
    """S37."""
    browser = browse(getattr(people, role))

    assert (browser.get("/log").status_code, browser.post("/log/check").status_code) == (403, 403)


@pytest.mark.parametrize("address", ["/overview", "/log"])
def test_a_stranger_is_shown_the_sign_in_page(browse: Browse, address: str) -> None:
    """S37."""
    assert browse(None).get(address).url.path == "/sign-in"


def test_the_log_names_who_what_and_which_fields_and_no_content(
    sessions: Sessions, english: People, browse: Browse
) -> None:
    manager = actor(english.manager)
    with sessions.begin() as db:
        record(db, "home.changed", by=manager, at=NOON, subject=manager.id, fields=["rent", "floor"], line="hush")

    said = words(browse(english.officer).get("/log"))

    for shown in ("Home changed", english.manager.name, "line, rent, floor", manager.id.hex[:8]):
        assert shown in said
    assert "hush" not in said
    assert str(manager.id) not in said


def test_the_log_is_turned_page_by_page(sessions: Sessions, english: People, browse: Browse) -> None:
    with sessions.begin() as db:
        for step in range(PAGE + 1):
            record(db, f"step.{step}", by=actor(english.manager), at=NOON)
    browser = browse(english.officer)

    newest = browser.get("/log")
    (older,) = re.findall(r'href="(/log\?before=\d+)"', newest.text)
    oldest = browser.get(older)

    assert ("step.50" in newest.text, "step.0<" in newest.text) == (True, False)
    assert ("step.0<" in oldest.text, "before=" in oldest.text) == (True, False)
    assert browser.get(f"/log?before={10**30}").status_code == 200


def test_another_organisations_log_is_not_shown(sessions: Sessions, english: People, browse: Browse) -> None:
    """S06: nor what the housing company does."""
    with sessions.begin() as db:
        record(db, "ours.alone", by=actor(english.manager), at=NOON)
        record(db, "theirs.alone", by=actor(english.staff), at=NOON)

    ours, theirs = (browse(user).get("/log").text for user in (english.officer, english.other_officer))

    assert ("ours.alone" in ours, "theirs.alone" in ours) == (True, False)
    assert "ours.alone" not in theirs


@pytest.mark.parametrize("htmx", [False, True])
def test_the_chain_is_checked_at_a_click(sessions: Sessions, english: People, browse: Browse, htmx: bool) -> None:  # noqa: FBT001
    """I07."""
    with sessions.begin() as db:
        record(db, "step.one", by=actor(english.manager), at=NOON)
    browser = browse(english.officer)

    good = browser.post("/log/check", htmx=htmx)
    with sessions() as db:
        tamper(db, "update audit_row set action = 'step.another' where number = 1")
    bad = browser.post("/log/check", htmx=htmx)

    assert "The chain holds: one row." in words(good)
    assert "The chain does not hold. Row 1" in words(bad)
    assert ("<html" in good.text) is not htmx
    assert "The log's chain checked" in words(browser.get("/log")), "that it was done is on record"
