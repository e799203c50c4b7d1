"""The message catalogue: everything that can be shown can be shown in Swedish."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from tools import messages

PLACE = re.compile(r"%\((\w+)\)|\{(\w+)\}")


@pytest.fixture(scope="module")
def collected() -> Catalog:
    return messages.sentences()


@pytest.fixture(scope="module")
def swedish() -> Catalog:
    (catalogue,) = (one for file, one in messages.catalogues().items() if file.parent.parent.name == "sv")
    return catalogue


def test_every_way_to_write_a_sentence_is_looked_through() -> None:
    trees = [ast.parse(file.read_text()) for file in (messages.ROOT / "src").rglob("*.py") if "cli" not in file.parts]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    markers = {
        one.name for one in nodes if isinstance(one, ast.FunctionDef) and "msgid" in map(_name, one.args.args[:1])
    }
    errors = {one.name for one in nodes if isinstance(one, ast.ClassDef) and _takes_a_sentence(one)}

    assert (markers | errors) - set(messages.KEYWORDS) == set()


def test_every_sentence_has_a_translation(collected: Catalog, swedish: Catalog) -> None:
    assert [message.id for message in collected if message.id and not _translated(message, swedish)] == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said(collected: Catalog, swedish: Catalog) -> None:
    assert [message.id for message in swedish if message.id and collected.get(*_key(message)) is None] == []
    assert list(swedish.obsolete.values()) == []


def test_nothing_is_guessed(swedish: Catalog) -> None:
    assert [message.id for message in swedish if message.id and message.fuzzy] == []


def test_a_translation_keeps_the_places_for_facts(swedish: Catalog) -> None:
    assert [message.id for message in swedish if message.id and not _same_places(message)] == []


def test_what_is_shown_is_compiled_from_what_is_written(swedish: Catalog, tmp_path: Path) -> None:
    for file in messages.catalogues():
        assert file.with_suffix(".mo").stat().st_mtime >= file.stat().st_mtime, "run `make setup`"


def _name(node: ast.AST) -> str:
    return str(getattr(node, "arg", getattr(node, "id", "")))


def _takes_a_sentence(kind: ast.ClassDef) -> bool:
    own = any(isinstance(one, ast.FunctionDef) and one.name == "__init__" for one in kind.body)
    return "BostadError" in map(_name, kind.bases) and not own


def _key(message: Message) -> tuple[str, str | None]:
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    return msgid, message.context


def _translated(message: Message, catalogue: Catalog) -> bool:
    there = catalogue.get(*_key(message))
    return there is not None and bool(_forms(there.string)) and all(_forms(there.string))


def _same_places(message: Message) -> bool:
    """Compare the facts named in English with those in the translation; a singular may leave its number out."""
    english, translated = _forms(message.id), _forms(message.string)
    if not all(translated):
        return True  # another test's business
    return all(_places(one) <= _places(*english) for one in translated) and _places(english[-1]) == _places(
        translated[-1]
    )


def _forms(text: object) -> list[str]:
    """Give the one form of a plain sentence, or every form of one with a plural."""
    return [text] if isinstance(text, str) else [str(form) for form in text] if isinstance(text, list | tuple) else []


def _places(*texts: str) -> set[str]:
    return {first or second for text in texts for first, second in PLACE.findall(text)}
