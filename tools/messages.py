"""The message catalogue: `update` collects sentences into the .po files, `compile` makes the .mo files beside them."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "bostad" / "locale"
MARKERS = ("say", "asked", "unfit", "_refused")
ERRORS = ("Missing", "NotAllowed", "NotSignedIn", "OutOfStep", "ProofWanted", "TooMany", "UnreadableAnchors")
KEYWORDS = dict(DEFAULT_KEYWORDS) | dict.fromkeys(MARKERS + ERRORS)
"""Besides _() and ngettext(), the markers, and the errors whose first argument is their sentence."""

PYTHON = [("**/cli/**", "ignore"), ("**.py", "python")]
JINJA = [("**.html", "jinja2")]


def sentences() -> Catalog:
    """Collect every sentence that the code and the templates can show. The command line speaks English alone."""
    catalogue = Catalog(domain="bostad", charset="utf-8")
    for folder, method in ((ROOT / "src", PYTHON), (ROOT / "templates", JINJA)):
        options = {pattern: {"silent": "false"} for pattern, kind in method if kind == "jinja2"}
        found = extract_from_dir(folder, method_map=method, options_map=options, keywords=KEYWORDS)
        for file, line, message, comments, context in found:
            place = (Path(folder, file).relative_to(ROOT).as_posix(), line)
            catalogue.add(message, None, [place], auto_comments=comments, context=context)
    return catalogue


def catalogues() -> dict[Path, Catalog]:
    """Read every language's catalogue, by file."""
    return {file: _read(file) for file in sorted(LOCALE.glob("*/LC_MESSAGES/bostad.po"))}


def update() -> None:
    """Give every language the sentences there are now: new ones untranslated, old ones gone, nothing guessed."""
    collected = sentences()
    for file, catalogue in catalogues().items():
        catalogue.update(collected, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with file.open("wb") as output:
            write_po(output, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{file.relative_to(ROOT)}: {len(catalogue)} sentences, {missing} to translate")


def compile_all() -> None:
    """Write the binary file that is read at run time beside every catalogue."""
    for file, catalogue in catalogues().items():
        with file.with_suffix(".mo").open("wb") as output:
            write_mo(output, catalogue)


def _read(file: Path) -> Catalog:
    with file.open("rb") as text:
        return read_po(text, locale=file.parent.parent.name, domain="bostad")


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
