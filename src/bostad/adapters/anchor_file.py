"""The file that the log's head is written to, outside the database: added to, forced to the disk, never changed.

Let it lie where whoever runs the database cannot write: another machine's disk, or a log that is shipped away. Without
a file the line goes to the program's own log.
"""

import logging
import os
from pathlib import Path

from bostad.audit.anchors import Anchor, read_anchors

log = logging.getLogger("bostad.audit")


def keep_anchor(anchor: Anchor, file: str) -> None:
    """Add one line and see it onto the disk before going on; an empty name means the program's log."""
    if not file:
        log.warning("anchor %s", anchor)  # a warning: what is anchored must reach the log at every level
        return
    path = Path(file)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{anchor}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        _keep_name(path.parent)


def load_anchors(file: str) -> list[Anchor]:
    """Read every anchor of a file."""
    with Path(file).open(encoding="ascii", errors="replace") as lines:
        return read_anchors(lines)


def _keep_name(folder: Path) -> None:
    """See a new file's name onto the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
