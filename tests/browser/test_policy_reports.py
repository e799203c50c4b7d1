"""A real browser tells us what our policy refused it (S50)."""

import logging

import pytest
from playwright.sync_api import Browser

from tests.browser.live import Live


def test_what_a_browser_refuses_is_told_to_us_by_its_rule_alone(
    chromium: Browser, live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    """S50, S65. ASVS V3.4.7: a picture from elsewhere on the sign-in page."""
    caplog.set_level(logging.WARNING, logger="bostad.web")
    context = chromium.new_context(base_url=live.base)
    page = context.new_page()
    page.goto("/sign-in?next=/users")
    with page.expect_response("**/policy-reports") as reported:
        page.evaluate("() => { document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/one.png'})) }")
    told = (reported.value.status, reported.value.text())
    context.close()
    lines = [vars(one) for one in caplog.records if one.getMessage() == "policy violated"]

    assert told == (200, "noted")
    assert [line["directive"] for line in lines] == ["img-src"]
    assert [line for line in lines if "users" in str(line.values()) or "one.png" in str(line.values())] == []
