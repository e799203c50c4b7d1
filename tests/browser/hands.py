"""Two ways to use a page: with a pointer, and by keyboard alone. A journey is written once and walked by both."""

from typing import Protocol

from playwright.sync_api import Page

MOST_STOPS = 150
"""More tab stops than any page has: whoever presses Tab so often without arriving is trapped."""

FOCUS_FAULT = """() => {
  const now = document.activeElement;
  if (!now || now === document.body) return "";  // past the last stop, before the first again
  const framed = element => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const seen = framed(now) || framed(now.closest(".ds-field") ?? now);  // a tick box is framed with its words
  if (!seen) return "the focus cannot be seen on " + now.outerHTML.slice(0, 120);
  const box = now.getBoundingClientRect();
  if (box.bottom < 0 || box.top > innerHeight) return "the focus is off the screen on " + now.outerHTML.slice(0, 120);
  if (now.tabIndex > 0) return "a tab stop jumps the queue: " + now.outerHTML.slice(0, 120);
  return "";
}"""
IS_THERE = "element => element === document.activeElement"


class Hands(Protocol):
    """What a person does on a page."""

    page: Page

    def press(self, what: str) -> None:
        """Follow a link or press a button."""

    def write(self, name: str, text: str) -> None:
        """Write into a field."""

    def choose(self, name: str, *values: str) -> None:
        """Choose among radio buttons or tick boxes."""

    def select(self, name: str, value: str) -> None:
        """Choose from a list that folds out."""


class Pointer:
    """A mouse or a finger."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: str) -> None:
        self.page.locator(what).first.click()

    def write(self, name: str, text: str) -> None:
        self.page.locator(f"#main [name='{name}']").fill(text)

    def choose(self, name: str, *values: str) -> None:
        for value in values:
            self.page.locator(f"#main [name='{name}'][value='{value}']").check()

    def select(self, name: str, value: str) -> None:
        self.page.locator(f"#main select[name='{name}']").select_option(value)


class Keyboard:
    """Tab, Enter, Space, arrows and letters, and nothing else (U03)."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: str) -> None:
        self._go_to(what)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def write(self, name: str, text: str) -> None:
        self._go_to(f"#main [name='{name}']")
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def choose(self, name: str, *values: str) -> None:
        for value in values:
            field = f"#main [name='{name}'][value='{value}']"
            if self.page.locator(field).is_checked():
                continue
            if self.page.locator(field).get_attribute("type") == "radio":
                self._turn_to(name, field)
            else:
                self._go_to(field)
                self.page.keyboard.press("Space")
            assert self.page.locator(field).is_checked(), field

    def select(self, name: str, value: str) -> None:
        """Turn through the closed list with the arrows."""
        field = self.page.locator(f"#main select[name='{name}']")
        self._go_to(f"#main select[name='{name}']")
        self.page.keyboard.press("Home")
        for _ in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be reached in the list {name}")

    def _go_to(self, what: str) -> None:
        """Press Tab until one is there; on the way the focus is seen, on the screen, and in the page's own order."""
        goal = self.page.locator(what).first
        goal.wait_for(state="visible")
        for _ in range(MOST_STOPS):
            if goal.evaluate(IS_THERE):
                return
            self.page.keyboard.press("Tab")
            lost = self.page.evaluate(FOCUS_FAULT)
            assert not lost, lost
        raise AssertionError(f"no number of Tab presses leads to {what} on {self.page.url}")

    def _turn_to(self, name: str, field: str) -> None:
        """Go to a group of radio buttons and turn with the arrows."""
        group = f"#main [name='{name}']"
        chosen = self.page.locator(f"{group}:checked")
        self._go_to(f"{group}:checked" if chosen.count() else group)
        if not chosen.count():
            self.page.keyboard.press("Space")
        for _ in range(self.page.locator(group).count()):
            if self.page.locator(field).is_checked():
                return
            self.page.keyboard.press("ArrowDown")
