"""The log on the screen: every action that is written has words."""

import ast
import re
from pathlib import Path
from typing import TypeGuard

import bostad
from bostad.agreements.states import AgreementMove
from bostad.audit.words import ACTIONS, action_in_words
from bostad.placements.lifecycle import Move


def test_every_action_that_is_recorded_has_words() -> None:
    """U39: the officer reads what was done, not the program's short names."""
    written = _written_out() | {f"placement.{move}" for move in Move} | {f"agreement.{move}" for move in AgreementMove}
    assert len(written) > len(Move) + len(AgreementMove)
    assert written - set(ACTIONS) == set()


def test_an_action_without_words_is_shown_by_its_short_name() -> None:
    """A newer program may have written rows that this one does not know."""
    assert str(action_in_words("tea.made")) == "tea.made"


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
