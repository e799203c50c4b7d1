"""The pages of a case through HTTP: refusals keep what was written, and every page has its people."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from httpx import Response

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from tests.browsing import Browser, words
from tests.needs.conftest import NUMBER, Scene

Browse = Callable[[User | None], Browser]
TELLING = re.compile(r"våld|violence|skydd|shelter|9901-2026", re.IGNORECASE)


def path(answer: Response) -> str:
    return urlsplit(str(answer.url)).path


OF_A_CASE = (
    "",
    "/check",
    "/opened",
    "/pause",
    "/close",
    "/answers/household",
    "/answers/home",
    "/answers/features",
    "/answers/order",
    "/answers/living",
    "/answers/living/move",
    "/answers/areas",
    "/consents/new",
)
OF_A_CONSENT = ("", "/renew", "/withdraw", "/print/sv", "/print/en")
PASSING_ON = ("/hand-over", "/deputies")


def test_every_page_opens_for_the_worker_and_its_title_and_address_say_nothing(browse: Browse, scene: Scene) -> None:
    """U31: not even the case number stands in a title or an address."""
    browser = browse(scene.worker)
    addresses = ["/cases", "/cases/new", "/cases/import"]
    addresses += [scene.case + one for one in (*OF_A_CASE, *PASSING_ON)] + [scene.consent + one for one in OF_A_CONSENT]

    for address in addresses:
        answer = browser.get(address)
        title = re.search("<title>(.*?)</title>", answer.text, re.DOTALL)
        assert answer.status_code == 200, address
        assert title
        assert not TELLING.search(title[1])
        assert not TELLING.search(address)


@pytest.mark.parametrize("outsider", ["teammate", "manager", "housing", "administrator", "stranger"])
def test_the_pages_of_a_case_are_not_there_for_anybody_else(browse: Browse, scene: Scene, outsider: str) -> None:
    """S06: a colleague without the case is told the same as about one that does not exist."""
    browser = browse(getattr(scene, outsider))
    other_role = getattr(scene, outsider).role is not Role.SOCIAL_WORKER

    for address in [scene.case + one for one in OF_A_CASE] + [scene.consent + one for one in OF_A_CONSENT]:
        answer = browser.get(address)
        assert answer.status_code == (403 if other_role else 404), address
        assert NUMBER not in answer.text
        absent = browser.get(re.sub("[0-9a-f]{8}-[0-9a-f-]{27}", str(UUID(int=0)), address))
        assert (absent.status_code, words(absent)) == (answer.status_code, words(answer))


def test_the_manager_of_the_unit_hands_over_and_sees_number_state_and_days_alone(browse: Browse, scene: Scene) -> None:
    browser = browse(scene.manager)

    shown = words(browser.get(scene.case + "/deputies"))
    assert NUMBER in shown
    assert "9 400" not in shown
    for refused in (scene.housing, scene.administrator, scene.stranger, scene.teammate):
        assert browse(refused).get(scene.case + "/hand-over").status_code in {403, 404}

    browser.post(scene.case + "/hand-over", colleague_id=str(scene.teammate.id))
    assert browse(scene.teammate).get(scene.case).status_code == 200
    assert browse(scene.worker).get(scene.case).status_code == 404


def test_nobody_is_chosen_beforehand_when_a_case_is_handed_over(browse: Browse, scene: Scene) -> None:
    """U26: it cannot be undone by the one who does it, so a press of the button alone does nothing."""
    browser = browse(scene.worker)
    asked = browser.get(scene.case + "/hand-over").text
    assert re.findall(r'<option value="([^"]*)"', asked)[0] == ""
    assert browser.post(scene.case + "/hand-over", colleague_id="").status_code == 422
    assert browser.get(scene.case).status_code == 200


def test_a_question_that_is_asked_with_a_question_mark_gets_no_colon_after_it(browse: Browse, scene: Scene) -> None:
    """U16, U17."""
    refused = browse(scene.worker).post(scene.case + "/close").text
    assert "?:" not in refused
    assert "Varför avslutas ärendet? Det här är inte ifyllt än." in refused


def test_a_case_is_found_by_its_number_which_never_stands_in_an_address(browse: Browse, scene: Scene) -> None:
    """S09."""
    browser = browse(scene.worker)

    assert path(browser.post("/cases/find", case_number=f" {NUMBER} ")) == scene.case
    missed = browser.post("/cases/find", case_number="9901-2026-9999")
    assert (missed.status_code, path(missed)) == (422, "/cases/find")
    assert "9901-2026-9999" in missed.text, "what was written is kept"


def test_a_refused_answer_is_said_at_the_top_and_at_the_field_and_what_was_written_stays(
    browse: Browse, scene: Scene
) -> None:
    """U13, U16."""
    answer = browse(scene.worker).post(
        scene.case + "/answers/household", version="1", adults="two", child_ages="4", ages_true_on="2026-11-01"
    )

    assert answer.status_code == 422
    assert 'href="#adults"' in answer.text
    assert 'value="two"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_change_link_comes_back_to_the_check(browse: Browse, scene: Scene) -> None:
    """U24."""
    browser = browse(scene.worker)
    form = browser.get(scene.case + "/answers/home?back=check").text
    version = re.search(r'name="version" value="(\d+)"', form)
    assert 'name="back" value="check"' in form
    assert version

    saved = browser.post(
        scene.case + "/answers/home", version=version[1], back="check", rent_max="9900", municipalities="9901"
    )

    assert path(saved) == scene.case + "/check"
    assert "9 900" in words(saved).replace("\u00a0", " ")
    elsewhere = browser.post(
        scene.case + "/answers/home",
        version=str(int(version[1]) + 1),
        back="https://elsewhere.example",
        rent_max="9900",
        municipalities="9901",
    )
    assert path(elsewhere) == scene.case, "only our own way back is taken"


def test_an_older_page_is_told_that_something_has_changed_and_keeps_its_answers(browse: Browse, scene: Scene) -> None:
    """U28, I09."""
    answer = browse(scene.worker).post(
        scene.case + "/answers/home", version="0", rent_max="7777", municipalities="9901"
    )

    assert answer.status_code == 422
    assert 'value="7777"' in answer.text


def test_a_consent_is_withdrawn_after_a_page_that_says_what_it_leads_to(browse: Browse, scene: Scene) -> None:
    """U26."""
    browser = browse(scene.worker)
    assert 'method="post"' in browser.get(scene.consent + "/withdraw").text

    withdrawn = browser.post(scene.consent + "/withdraw")
    assert path(withdrawn) == scene.consent
    assert scene.consent + "/withdraw" not in withdrawn.text
    again = browser.post(scene.consent + "/withdraw")
    assert (again.status_code, 'id="main"' in again.text) == (409, True)


def test_the_text_to_talk_over_is_shown_without_recording_anything(browse: Browse, scene: Scene) -> None:
    browser = browse(scene.worker)
    browser.post(scene.consent + "/withdraw")
    company_id = re.search(r'name="company_id" value="([0-9a-f-]{36})"', browser.get(scene.case + "/consents/new").text)
    assert company_id

    paper = browser.post(
        scene.case + "/consents/new",
        print="yes",
        company_id=company_id[1],
        field_groups="size",
        given_on="2026-11-01",
        given_how="oral",
    )

    assert 'lang="sv"' in paper.text
    assert "Hur många vuxna" in words(paper)
    assert browser.get(scene.case).text.count("/consents/") == 2, "the withdrawn one, and the way to a new one"


def test_areas_are_added_refused_and_removed_on_one_page(browse: Browse, scene: Scene) -> None:
    browser, areas = browse(scene.worker), scene.case + "/answers/areas"

    refused = browser.post(areas + "/named", kind="district", municipality="9901")
    assert (refused.status_code, 'href="#name"' in refused.text) == (422, True)
    added = browser.post(areas + "/named", kind="building", municipality="9901", name="Kvarteret Provet")
    removal = re.search(rf'action="({areas}/[0-9a-f-]{{36}}/remove)"', added.text)
    assert removal
    assert "Kvarteret Provet" not in words(browser.post(removal[1]))
