"""The programs' own logs: one JSON object to a line, on standard error, with the keys of a list and no others (S65).

They say that something failed or was refused, at which line of code or which door, never with what values: no text that
a person wrote, no address that was asked for, no statement's parameters, no message of an error. Who read or changed
what stands in the log in the database instead (docs/log.md).
"""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bostad.zones.care import Level

OURS = "bostad"
LONGEST = 120
STEPS = 8
LIBRARIES = "site-packages"
KEYS: Mapping[str, Level] = {
    "at": Level.WORK,
    "level": Level.WORK,
    "log": Level.WORK,
    "event": Level.WORK,
    "door": Level.WORK,
    "method": Level.WORK,
    "status": Level.WORK,
    "role": Level.WORK,
    "user": Level.POINTER,
    "error": Level.WORK,
    "steps": Level.WORK,
    "directive": Level.WORK,
    "times": Level.WORK,
    "key": Level.WORK,
    "days": Level.WORK,
}
"""What a line may hold, and how delicate that is."""


class OneLine(logging.Formatter):
    """Writes a record as one line. What another library says is written unfilled, since only it knows with what."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "event": _event(record),
            **{key: value for key in KEYS if (value := vars(record).get(key)) is not None},
        }
        if record.exc_info and record.exc_info[1]:
            said |= where(record.exc_info[1])
        return json.dumps(said)


def where(error: BaseException) -> Mapping[str, Any]:
    """Say what kind of error it is, and which of our lines led to it where: nothing of what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    told = [frame for frame in frames if LIBRARIES not in frame.filename] + frames[-1:]
    steps = dict.fromkeys(f"{Path(frame.filename).name}:{frame.lineno}" for frame in told)
    return {"error": type(error).__name__, "steps": " > ".join([*steps][-STEPS:])}


def write_lines(level: int) -> None:
    """Have this process write its log that way, from this level on, and in no other place."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def _event(record: logging.LogRecord) -> str:
    is_ours = record.name.partition(".")[0] == OURS
    return record.getMessage() if is_ours else str(record.msg).partition("\n")[0][:LONGEST]
