"""Reading our own code as data: what it imports and calls, file by file."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import bostad

SOURCE = Path(bostad.__file__).parent
ROOT = SOURCE.parents[1]


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Give every module of the package, by its path below src/bostad."""
    files = sorted(SOURCE.rglob("*.py"))
    return tuple((str(file.relative_to(SOURCE)), ast.parse(file.read_text())) for file in files)


def imports() -> Iterator[tuple[str, str]]:
    """Give each module that each file imports."""
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((name, one.name) for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((name, f"{node.module}.{one.name}") for one in node.names)


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Give each call: the file, what is called, and the call itself."""
    return tuple(
        (name, ast.unparse(node.func), node)
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    )


def importers_of(*modules: str) -> set[str]:
    """Give the files that import one of these modules, or something of them."""
    return {name for name, one in imports() if any(one == module or one.startswith(f"{module}.") for module in modules)}
