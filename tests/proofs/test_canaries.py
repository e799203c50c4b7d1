"""Canaries: unique words from every field of the case zone stand in no copy, log, queue, address or browser.

S43: what is sealed stands in no dump, write-ahead log, base backup or file of the database. S48: Redis holds ids alone.
S65: no log says anything. S12: what no copy holds, no copy keeps. `make prove PART=canaries` runs this file.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from bostad.resources import resource
from tests.proofs.canaries import Ran, canary_run
from tests.proofs.canary_words import CONTROL, OPEN, SEALED, found_below, found_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]
EVERYTHING = {**SEALED, **OPEN}.values()


@pytest.fixture(scope="module")
def ran(playwright: Playwright) -> Iterator[Ran]:
    assert shutil.which("chromium"), "the canary run needs Chromium"
    with tempfile.TemporaryDirectory(prefix="bostad-canaries-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        with canary_run(folder, playwright.chromium) as run:
            yield run


def test_what_is_sealed_stands_in_no_dump(ran: Ran) -> None:
    assert found_in(ran.dump, [CONTROL, *OPEN.values()]) == {CONTROL, *OPEN.values()}, "what stands open is found"
    assert found_in(ran.dump, SEALED.values()) == set()


def test_what_is_sealed_stands_in_no_file_of_the_database(ran: Ran) -> None:
    """Tables, write-ahead log, temporary files: everything below the server's folder."""
    written = {file for file, held in found_below(ran.database, [CONTROL]).items() if held}
    assert any("/pg_wal/" in file for file in written), "the log of writes is looked into"
    assert any("/base/" in file for file in written)
    assert found_below(ran.database, SEALED.values()) == {}


def test_what_is_sealed_stands_in_no_base_backup(ran: Ran) -> None:
    assert found_below(ran.backup, [CONTROL])
    assert found_below(ran.backup, SEALED.values()) == {}


def test_redis_holds_nothing_of_it(ran: Ran) -> None:
    """S48: neither its keys nor its file of appended commands, through which the worker was told what to do."""
    assert found_in(ran.redis, EVERYTHING) == set()
    assert b"bostad.handle" in b"".join(file.read_bytes() for file in ran.queue.rglob("*.aof"))
    assert found_below(ran.queue, EVERYTHING) == {}


def test_no_log_says_anything_of_it(ran: Ran) -> None:
    """S65."""
    logs = ran.logs()
    assert {"serve.log", "worker.log", "postgres.log", "valkey.log"} <= {log.name for log in logs}
    assert {log.name: held for log in logs for held in found_below(log, EVERYTHING).values()} == {}


def test_no_address_holds_any_of_it(ran: Ran) -> None:
    """S53: recorded by the browser, of every request it made."""
    assert any(address.endswith("/keeping/extract") for address in ran.addresses)
    assert found_in("\n".join(ran.addresses).encode(), EVERYTHING) == set()


def test_the_browser_keeps_none_of_it_on_disk(ran: Ran) -> None:
    """S52, S54: no storage, no cache, no history, no file of its profile."""
    assert any(ran.profile.rglob("Cookies")), "the browser had a profile to keep things in"
    assert found_below(ran.profile, EVERYTHING) == {}


def test_nothing_is_mailed() -> None:
    """S61: there is no program in the house that could; what a person must know stands behind her sign-in."""
    source = resource("templates").parent / "src" / "bostad"
    mailing = re.compile(r"^\s*(?:import|from)\s+(?:smtplib|email|aiosmtplib|mailbox|poplib|imaplib)\b", re.MULTILINE)
    assert [file.name for file in source.rglob("*.py") if mailing.search(file.read_text())] == []
