"""The house's sizes: a function fits on half a screen, a module is read in one sitting, a template is one thing."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bostad.resources import resource

ROOT = Path(__file__).resolve().parents[2]
FUNCTION_MAX, FUNCTION_P90 = 45, 20
MODULE_MAX = 250
TEMPLATE_MAX = 120


def test_functions_are_short() -> None:
    lengths = sorted(_functions())

    assert [f"{where} has {length} lines" for length, where in lengths if length > FUNCTION_MAX] == []
    length, _ = lengths[len(lengths) * 9 // 10]
    assert length <= FUNCTION_P90, f"nine functions in ten have at most {length} lines"


def test_modules_are_short() -> None:
    files = [file for folder in ("src", "tests", "tools", "assets") for file in _python(ROOT / folder)]

    assert _longer_than(MODULE_MAX, files) == []


def test_templates_are_short() -> None:
    assert _longer_than(TEMPLATE_MAX, resource("templates").rglob("*.html")) == []


def _functions() -> Iterator[tuple[int, str]]:
    for file in _python(ROOT / "src"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or 0) - node.lineno + 1, f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"


def _python(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*.py") if "node_modules" not in file.parts)


def _longer_than(limit: int, files: Iterator[Path] | list[Path]) -> list[str]:
    lengths = {file: len(file.read_text().splitlines()) for file in files}
    assert lengths, "there is something to measure"
    return [f"{file.relative_to(ROOT)} has {lines} lines" for file, lines in lengths.items() if lines > limit]
