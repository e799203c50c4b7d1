"""Every regular expression, one by one: none can be made to try the same text in exponentially many ways."""

import ast
import re
from collections.abc import Iterator
from re import _constants as sre  # type: ignore[attr-defined]  # the standard library's own parser of patterns
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from bostad.answers import LONGEST
from tests.assurance.code import ROOT, calls, trees

REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT}
MANY = 64
"""A repeat of fewer than this is counted as bounded."""
FUNCTIONS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
_SCRIPT = re.compile(r"[(=,]\s*/((?:[^/\n\\]|\\.)+)/[a-z]*\.test")
_CHECK = re.compile(r"~\*? '([^']+)'")


def _patterns() -> Iterator[tuple[str, str]]:
    """Give each pattern of the package: `re`, pydantic's `pattern=`, the scripts', and the database's checks."""
    for name, called, call in calls():
        if (
            called.startswith("re.")
            and called.removeprefix("re.") in FUNCTIONS
            and isinstance(call.args[0], ast.Constant)
        ):
            yield name, str(call.args[0].value)
        yield from (
            (name, str(ast.literal_eval(one.value)))
            for one in call.keywords
            if one.arg == "pattern" and _is_text(one.value)
        )
    for file in sorted((ROOT / "assets" / "src").glob("*.js")):
        yield from ((file.name, one) for one in _SCRIPT.findall(file.read_text()))
    for name, tree in trees():
        if name.endswith("tables.py"):
            yield from ((name, one) for one in _CHECK.findall(ast.unparse(tree)))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_there_are_patterns_of_every_kind_to_look_at() -> None:
    found = set(_patterns())
    assert len(found) > 30
    assert {"bostad.js", "passkeys.js"} & {name for name, _ in found}
    assert [name for name, _ in found if name.endswith("tables.py")]


def test_no_pattern_repeats_what_repeats() -> None:
    """ASVS V1.3.12: nothing unbounded inside anything unbounded, and no choice inside it that begins alike twice."""
    faults = {one: list(_faults(parser.parse(one[1]), inside=False)) for one in _patterns()}
    assert {one: said for one, said in faults.items() if said} == {}


@pytest.mark.parametrize(
    "pattern", [r"(a+)+b", r"(a|a)*b", r"(?:\w+\s?)*x", r"(.*)*", r"((a{1,90}){1,90})c", r"(a|ab)*c"]
)
def test_a_pattern_that_could_is_found(pattern: str) -> None:
    assert list(_faults(parser.parse(pattern), inside=False)) != []


def test_what_is_matched_is_short() -> None:
    """ASVS V1.3.12, V2.2.1: no answer of a form is longer than this, so that a square of it is still nothing."""
    assert LONGEST <= 2_000


def _faults(parsed: Any, *, inside: bool) -> Iterator[str]:
    for kind, what in parsed:
        if kind in REPEATS:
            _, most, body = what
            unbounded = most >= MANY
            if inside and unbounded:
                yield "a repeat in a repeat"
            yield from _faults(body, inside=inside or unbounded)
        elif kind is sre.BRANCH:
            if inside and not _begin_apart(what[1]):
                yield "a choice in a repeat, of things that begin alike"
            for one in what[1]:
                yield from _faults(one, inside=inside)
        elif kind is sre.SUBPATTERN:
            yield from _faults(what[3], inside=inside)


def _begin_apart(choices: list[Any]) -> bool:
    firsts = [frozenset(_first(one)) for one in choices]
    return all(firsts) and sum(map(len, firsts)) == len(frozenset().union(*firsts))


def _first(parsed: Any) -> Iterator[int]:
    """Give the letters that a choice can begin with; nothing where that is not plain."""
    nothing: tuple[Any, Any] = (None, ())
    kind, what = parsed[0] if len(parsed) else nothing
    if kind is sre.LITERAL:
        yield what
    elif kind is sre.IN and all(one[0] is sre.LITERAL for one in what):
        yield from (one[1] for one in what)
