"""The watch that every other test stands under: what it is there to hear, it hears."""

import pytest
from playwright.sync_api import Browser

from tests.browser.live import Live
from tests.browser.watching import Watch

PATIENCE = 50

SINS = {
    "Content Security Policy": "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
    "page error": "setTimeout(() => { throw new Error('lost') })",
    "asked another host": "fetch('http://127.0.0.1:9/').catch(() => {})",
    "kept in the browser": "localStorage.setItem('draft', 'text')",
    "tells too much": "fetch('/cases/v%C3%A5ld').catch(() => {})",
    "unknown in a query": "fetch('/sign-in?case_number=1').catch(() => {})",
    "said aloud": "console.error('said aloud')",
}


@pytest.mark.parametrize(("complaint", "sin"), SINS.items(), ids=SINS)
def test_the_watch_hears(chromium: Browser, live: Live, complaint: str, sin: str) -> None:
    """S50, S52, S53, S59. ASVS V3.6.1, V14.2.3, V14.3.3."""
    watch = Watch(live.base, live.sessions)
    context = chromium.new_context(base_url=live.base, bypass_csp=complaint == "asked another host")
    watch.on(context)
    page = context.new_page()
    page.goto("/sign-in")
    assert watch.faults([page]) == []
    page.evaluate(f"() => {{ {sin} }}")
    heard: list[str] = []
    for _ in range(PATIENCE):
        if heard := watch.faults([page]):
            break
        page.wait_for_timeout(100)
    context.close()
    assert complaint in " ".join(heard)
