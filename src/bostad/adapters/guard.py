"""Child processes that cannot outlive their parent, not even when it is killed with -9.

Every child stands under a guard: a small process that holds one end of a pipe. When the parent ends, in whatever way,
the system closes the other end and the guard stops the child. The same file is the guard's own program, so it imports
nothing but the standard library.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

GRACE_SECONDS = 8
"""How long a child may take to end in good order before it is ended without asking."""

_HERE = Path(__file__)


@dataclass(frozen=True, slots=True)
class Runner:
    """The user that a child runs as, when that is not the user who starts it."""

    uid: int
    gid: int


@contextmanager
def guarded(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    runner: Runner | None = None,
    stop: signal.Signals = signal.SIGTERM,
    grace: int = GRACE_SECONDS,
    keep_open: tuple[int, ...] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command for as long as this block runs, and give its guard.

    The guard's exit code is the command's. Files in `keep_open` (a lock) stay open until the command has ended.
    """
    user = f"{runner.uid}:{runner.gid}" if runner else "-"
    reading, writing = os.pipe()
    with log.open("ab") as output:
        guard = subprocess.Popen(
            [sys.executable, "-I", str(_HERE), str(int(stop)), str(grace), user, *command],
            stdin=reading,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=folder,
            pass_fds=keep_open,
            start_new_session=True,  # a Ctrl-C in the terminal is for the parent, which then ends things in order
        )
    os.close(reading)
    try:
        yield guard
    finally:
        os.close(writing)
        guard.wait()


def main(arguments: Sequence[str]) -> int:
    """Be the guard: start the command, and stop it when standard input closes."""
    stop, grace, user, *command = arguments
    uid, gid = (int(part) for part in user.split(":")) if user != "-" else (None, None)
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, _stay)  # a handler, not SIG_IGN: the child would inherit that
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        process_group=0,
    )
    threading.Thread(target=_stop_when_alone, args=(child, int(stop), int(grace)), daemon=True).start()
    code = child.wait()
    _end_the_rest(child)
    return code


def _stay(_signal: int, _frame: FrameType | None) -> None:
    """Stay: a guard ends with its child and not before."""


def _stop_when_alone(child: subprocess.Popen[bytes], stop: int, grace: int) -> None:
    """Wait for the pipe to close, ask the child to end, and end whatever is left of it."""
    while os.read(0, 1):
        continue
    child.send_signal(stop)
    try:
        child.wait(grace)
    except subprocess.TimeoutExpired:
        _end_the_rest(child)


def _end_the_rest(child: subprocess.Popen[bytes]) -> None:
    """End the child and its own children without asking."""
    with suppress(ProcessLookupError):  # the usual case: nothing is left
        os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
