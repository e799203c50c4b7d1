"""Rules that every template keeps, whoever writes it."""

import re
from pathlib import Path

import pytest

from bostad.resources import resource

TEMPLATES = sorted(resource("templates").rglob("*.html"))
FORBIDDEN = {
    "a value is never marked safe (S45)": r"\|\s*safe\b|\bMarkup\b|\bautoescape\b",
    "no inline script: the security policy would refuse it (S45)": r"<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:",
    "no inline style: the security policy would refuse it (S45)": r"<style\b|\sstyle=",
    "no code in htmx attributes: it would need eval": r"\bhx-on\b|hx-[a-z]+=[\"']js:|hx-trigger=[\"'][^\"']*\[",
    "nothing is loaded from another origin": r"\b(?:src|action|hx-(?:get|post))=[\"'](?:https?:)?//|<link[^>]*//",
}


def _name(file: Path) -> str:
    return str(file.relative_to(resource("templates")))


@pytest.mark.parametrize("file", TEMPLATES, ids=_name)
def test_a_template_keeps_the_rules(file: Path) -> None:
    """ASVS V1.1.2, V1.2.1."""
    text = file.read_text()

    assert [rule for rule, pattern in FORBIDDEN.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("file", [file for file in TEMPLATES if file.name.startswith("_")], ids=_name)
def test_a_part_says_in_its_first_line_what_it_is_and_needs(file: Path) -> None:
    assert file.read_text().startswith(f"{{# {_name(file)} — ")
