"""The consent on paper, in the household's language: one file per language in the folder `consent_texts`."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bostad.needs.consent import FieldGroup, GivenHow

FOLDER = Path(__file__).parent / "consent_texts"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A printed consent: everything said and filled in, in one language."""

    language: str
    direction: str
    title: str
    paragraphs: tuple[str, ...]
    groups: tuple[str, ...]
    after: tuple[str, ...]
    sign: tuple[str, ...]


@cache
def languages() -> tuple[str, ...]:
    """List the languages there are texts in."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


def consent_text(
    language: str,
    *,
    groups: Collection[FieldGroup],
    given_how: GivenHow | None = None,
    interpreter: bool = False,
    **facts: str,
) -> ConsentText:
    """Fill in the text of a language; `facts` are board, company and ends_on."""
    words = _words(language)
    after = [words["never"], words["until"], words["withdraw"]]
    if given_how is not None:
        after.append(words["given"])
        facts["given_how"] = words["given_how"][given_how.value]
    if interpreter:
        after.append(words["interpreter"])
    return ConsentText(
        language=language,
        direction=words["direction"],
        title=words["title"],
        paragraphs=tuple(text.format(**facts) for text in words["paragraphs"]),
        groups=tuple(words["groups"][group.value] for group in FieldGroup if group in groups),
        after=tuple(text.format(**facts) for text in after),
        sign=tuple(words["sign"]),
    )


@cache
def _words(language: str) -> dict[str, Any]:
    with (FOLDER / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)
