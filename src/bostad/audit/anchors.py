"""The head of the chain as one line outside the database: when, how many rows, and the last one's hash."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bostad.errors import BostadError

_LINE = re.compile(r"(?P<at>\S+) (?P<number>[0-9]{1,18}) (?P<hash>[0-9a-f]{64})")


class UnreadableAnchors(BostadError):
    """The file of anchors holds a line that is none, or goes backwards."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the chain's head was at a moment."""

    at: datetime
    number: int
    hash: str

    def __str__(self) -> str:
        """Write it as it stands in the file."""
        return f"{self.at.astimezone(UTC).isoformat()} {self.number} {self.hash}"


def read_anchors(lines: Iterable[str]) -> list[Anchor]:
    """Read the lines of an anchor file; numbers never fall from one line to the next."""
    anchors: list[Anchor] = []
    for place, line in enumerate(lines, 1):
        anchor = _read(line.strip())
        if anchor is None or (anchors and anchor.number < anchors[-1].number):
            raise UnreadableAnchors("Line %(place)s of the anchor file cannot be trusted.", place=place)
        anchors.append(anchor)
    return anchors


def _read(line: str) -> Anchor | None:
    found = _LINE.fullmatch(line)
    try:
        return Anchor(datetime.fromisoformat(found["at"]), int(found["number"]), found["hash"]) if found else None
    except ValueError:
        return None
