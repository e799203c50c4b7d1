"""axe-core on the page as it stands: every rule in light, what colours decide in dark as well (U01)."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

FILE = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
LOOK = "(only) => axe.run(document, {runOnly: only, resultTypes: ['violations']})"


@cache
def _source() -> str:
    return FILE.read_text()


def violations(page: Page) -> list[str]:
    """Say what axe finds, in light and in dark; the page is left in light."""
    page.evaluate(_source())
    found = _look(page, {"type": "tag", "values": TAGS})
    page.emulate_media(color_scheme="dark")
    found += [f"in dark: {one}" for one in _look(page, {"type": "rule", "values": COLOURS})]
    page.emulate_media(color_scheme="light")
    return found


def _look(page: Page, only: dict[str, Any]) -> list[str]:
    result = page.evaluate(LOOK, only)
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"][:3]]
