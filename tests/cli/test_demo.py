"""`bostad demo`, as a person starts it and as a machine may end it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


PATIENCE_SECONDS = 120
"""Four guards in turn may each give their child its time to end; on a busy machine they do."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One demo's folder for all of these tests: making it is what takes time."""
    with tempfile.TemporaryDirectory(prefix="bostad-demo-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "demo"


def test_the_demo_starts_survives_a_kill_and_starts_over(folder: Path) -> None:
    """E02: nothing is left running, and the data is as it was. One test, since each step needs the one before."""
    with _demo(folder) as (demo, port, said):
        assert [role for role in ("ocial", "ousing", "anager", "dministrator") if role not in said] == []
        assert _status(port, "/health/ready") == 200
        assert _status(port, "/") == 303
        children = _descendants(folder)
        assert len(children) >= 4
        demo.kill()
    assert _none_alive(children)

    with _demo(folder) as (demo, port, _):
        assert (folder / "secret").exists()
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE_SECONDS) == 0
        assert not _answers(port)
    assert _descendants(folder) == []

    age = (folder / "postgres" / "PG_VERSION").stat().st_mtime
    with _demo(folder, "--reset") as (demo, _, _):
        assert (folder / "postgres" / "PG_VERSION").stat().st_mtime > age


def test_a_taken_port_is_said_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(_command(tmp_path / "demo", port), check=False, capture_output=True, text=True)

    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert not (tmp_path / "demo").exists()


def test_reset_deletes_nothing_but_a_demo(open_folder: Path) -> None:
    (open_folder / "thesis.txt").write_text("years of work")
    command = [*_command(open_folder, str(_free_port())), "--reset"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)

    assert done.returncode == 1
    assert "does not look like a demo's folder" in done.stderr
    assert (open_folder / "thesis.txt").read_text() == "years of work"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that other users may pass through; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="bostad-demo-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@contextmanager
def _demo(folder: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """Start the demo, and give it when it says that it is ready, with its port and what it said."""
    port = _free_port()
    command = [*_command(folder, str(port)), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as demo:
        assert demo.stdout is not None
        said = []
        for line in demo.stdout:
            said.append(line)
            if "stops everything" in line:
                break
        assert said, "the demo said nothing"
        assert "stops everything" in said[-1], "".join(said)
        try:
            yield demo, port, "".join(said)
        finally:
            if demo.poll() is None:
                demo.terminate()


def _command(folder: Path, port: str) -> list[str]:
    return [sys.executable, "-m", "bostad.cli", "demo", "--folder", str(folder), "--port", port]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _status(port: int, address: str) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", address)
        with connection.getresponse() as answer:
            return answer.status


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _descendants(folder: Path) -> list[int]:
    """Find the processes that name the demo's folder, or whose environment holds its secret's place."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except (OSError, PermissionError):
            continue
        if bytes(folder) in told and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def _none_alive(pids: list[int]) -> bool:
    """Wait a little for the guards to have done their work."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids):
            return True
        time.sleep(0.1)
    return False
