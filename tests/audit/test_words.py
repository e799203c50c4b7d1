"""The log on the screen: every action that is written has words."""

import ast
import re
from collections.abc import Mapping
from inspect import signature
from pathlib import Path
from typing import TypeGuard

import bostad
from bostad.agreements.states import AgreementMove
from bostad.audit.field_words import FIELDS
from bostad.audit.service import record
from bostad.audit.words import ACTIONS, action_in_words
from bostad.needs.answers import FORMS
from bostad.placements.lifecycle import Move
from bostad.web.reads import SHOWING


def test_every_action_that_is_recorded_has_words() -> None:
    """U39: the officer reads what was done, not the program's short names."""
    written = _written_out() | {f"placement.{move}" for move in Move} | {f"agreement.{move}" for move in AgreementMove}
    assert len(written) > len(Move) + len(AgreementMove)
    assert written - set(ACTIONS) == set()


def test_an_action_without_words_is_shown_by_its_short_name() -> None:
    """A newer program may have written rows that this one does not know."""
    assert str(action_in_words("tea.made")) == "tea.made"


def test_every_field_that_is_read_or_recorded_has_words() -> None:
    """U39, S66: who looks for what was read of a household reads it in her own language."""
    shown = [one for shows in SHOWING.values() for one in (shows.values() if isinstance(shows, Mapping) else (shows,))]
    named = {name for one in shown for name in one.fields} | {
        name for form in FORMS.values() for name in form.model_fields
    }
    assert len(named) > 100
    assert (named | _facts()) - set(FIELDS) == set()


def _facts() -> set[str]:
    """Collect what calls of `record` name besides who, when and what about."""
    trees = [ast.parse(file.read_text()) for file in Path(bostad.__file__).parent.rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {word.arg for call in calls if ast.unparse(call.func) == "record" for word in call.keywords}
    return {name for name in named if name} - set(signature(record).parameters)


def _written_out() -> set[str]:
    """Collect the actions that stand as texts in calls that say who did it: of `record`, and of what leads to it."""
    found = set()
    for file in Path(bostad.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and "by" in {keyword.arg for keyword in node.keywords}:
                found |= {str(part.value) for part in ast.walk(node) if _is_action(part)}
    return found


def _is_action(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and bool(re.fullmatch(r"[a-z_]+\.[a-z_]+", str(node.value)))
