"""The canaries themselves, and how they are looked for: in every coding that a file may hold them in."""

import base64
import binascii
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

SEALED = {
    "case number": "kanarie-41c7-9f",
    "the waiting case's number": "kanarie-8d20-3b",
    "district": "Kanariedalen Qx7v",
    "building": "Kanariehuset Zp3w",
    "reason for placing by hand": "Kanarieord Vb9k mormor",
    "reason for necessary disclosure": "Kanarieskäl Ny5t som är långt nog",
    "note of an emergency": "Kanarienot Hw2m något hände",
    "a number that was looked for": "kanarie-0000-sök",
    "a form whose session had ended": "kanarie-7777-utkast",
}
"""What stands sealed in the database, or not at all."""
OPEN = {"person who must not hear": "Kanariefredrika Tuvesdotter", "place in a shelter": "KNR-58"}
"""What stands open in the case zone, and must come nowhere else."""
CONTROL = "Kanarieenheten Mk4r"
"""The name of a unit, which stands open in the database: a search that does not find it finds nothing."""


def codings(word: str) -> set[bytes]:
    """Give a word as files may hold it: as text, wide, as hexadecimal digits, in an address, in base 64."""
    plain = word.encode()
    wide = {word.encode("utf-16-le"), word.encode("utf-16-be")}
    digits = binascii.hexlify(plain)
    coded = {base64.b64encode(b"." * shift + plain)[4 if shift else 0 : -4] for shift in range(3)}
    folded = {word.casefold().encode(), word.upper().encode()}
    return {plain, digits, digits.upper(), quote(word).encode(), repr(word)[1:-1].encode(), *wide, *coded, *folded}


def found_in(content: bytes, words: Iterable[str]) -> set[str]:
    """Name the words that stand in some bytes, in any coding."""
    return {word for word in words if any(coded in content for coded in codings(word))}


def found_below(place: Path, words: Iterable[str]) -> dict[str, set[str]]:
    """Name, for each file below a folder, the words that stand in it; the files that hold none are left out."""
    wanted = set(words)
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    found = {str(file.relative_to(place.parent)): found_in(file.read_bytes(), wanted) for file in files}
    return {file: held for file, held in found.items() if held}
