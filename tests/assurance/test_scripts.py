"""Our own scripts in the browser: what they never do."""

import re

from tests.assurance.code import ROOT

SCRIPTS = {file.name: re.sub(r"//.*", "", file.read_text()) for file in (ROOT / "assets" / "src").glob("*.js")}


def test_no_script_writes_markup_or_code() -> None:
    """ASVS V3.2.2, V1.3.2."""
    assert _found(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser") == set()


def test_no_script_takes_a_global_from_the_page_or_makes_one() -> None:
    """ASVS V3.2.3: elements are found by id or selector, never as properties of the document or the window."""
    used = set().union(*(re.findall(r"\b(?:document|window)\.(\w+)", text) for text in SCRIPTS.values()))

    assert used <= {
        "PublicKeyCredential", "activeElement", "addEventListener", "body", "createElement", "forms", "getElementById",
        "history", "location", "print", "clearTimeout", "querySelector", "querySelectorAll", "setTimeout",
    }  # fmt: skip
    assert _found(r"^\s*var |\bwindow\.\w+\s*=[^=]|\bdocument\.\w+\s*=[^=]|\bglobalThis\b") == set()


def test_no_script_writes_under_a_name_that_came_from_elsewhere() -> None:
    """ASVS V15.3.6: so no prototype can be changed; what is remembered of a request lies in a WeakMap."""
    assert _found(r"\w\[[^\]\"'`]+\]\s*=[^=]|Object\.assign|__proto__|\bprototype\b|structuredClone|\.merge\(") == set()
    assert "new WeakMap()" in SCRIPTS["bostad.js"]


def test_no_script_speaks_to_other_windows_or_keeps_anything() -> None:
    """ASVS V3.5.5, V3.5.6, V3.5.2, V14.3.3, V3.7.3: no messages, no scripts for data, no storage, no way outwards."""
    words = (
        r"postMessage|onmessage|localStorage|sessionStorage|indexedDB|document\.cookie|fetch\(|XMLHttpRequest|https?:"
    )
    assert _found(words) == set()


def _found(pattern: str) -> set[str]:
    return {f"{name}: {one}" for name, text in SCRIPTS.items() for one in re.findall(pattern, text, re.MULTILINE)}
