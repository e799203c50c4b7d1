"""What docs/components.md says is what the code does, and the bill of materials holds what the locks hold."""

import json
import re

from anyio.from_thread import start_blocking_portal
from anyio.to_thread import current_default_thread_limiter
from cyclonedx.output.json import JsonV1Dot6

from bostad.adapters import spreadsheets, workbooks
from bostad.adapters.database import STATEMENT_SECONDS, connect
from bostad.app import LARGEST_BODY
from bostad.outbox.service import LEASE
from bostad.web.doors import LARGEST_FILE
from bostad.web.pace import PER_SECOND
from bostad.worker import SECONDS_PER_TASK
from tests.assurance.code import ROOT
from tools.sbom import bill

DOCUMENT = (ROOT / "docs" / "components.md").read_text()


def test_the_bill_of_materials_lists_every_locked_package() -> None:
    """S75. ASVS V15.1.2, E25: by name, version and registry, those of Python with their hashes."""
    listed = json.loads(JsonV1Dot6(bill()).output_as_string())["components"]
    lock = (ROOT / "requirements.lock").read_text()
    locked = {
        f"pkg:pypi/{name}@{version}" for name, version in re.findall(r"^([a-z0-9-]+)==([^ ;\\\n]+)", lock, re.MULTILINE)
    }
    npm = json.loads((ROOT / "assets" / "package-lock.json").read_text())["packages"]

    assert {one["purl"] for one in listed if one["purl"].startswith("pkg:pypi/")} == locked
    assert len([one for one in listed if one["purl"].startswith("pkg:npm/")]) == len(npm) - 1 > 2
    assert [one["purl"] for one in listed if "/pypi/" in one["purl"] and not one.get("hashes")] == []


def test_the_risky_components_that_are_named_are_among_them() -> None:
    """ASVS V15.1.4, V15.1.5, V15.2.5: and each says what it is boxed by."""
    part = DOCUMENT.partition("Risky components")[2].partition("Dangerous")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("| ")][2:]
    known = {one.name for one in bill().components}

    assert {name.strip() for row in rows for name in row[0].split(",")} - known == set()
    assert [row for row in rows if len(row) != 3 or not row[2].strip()] == []


def test_the_limits_of_files_are_those_that_are_written() -> None:
    """ASVS V5.1.1, V5.2.1."""
    written = (
        f"{spreadsheets.MAX_BYTES // 10**6} MB, {workbooks.MAX_ROWS} rows, {workbooks.MAX_COLUMNS} columns,"
        f" {workbooks.MAX_TEXT} letters in a cell, {workbooks.MAX_UNPACKED // 10**6} MB unpacked"
    )
    assert written in DOCUMENT
    assert f"bodies up to {LARGEST_BODY // 1024} KiB, files up to {round(LARGEST_FILE / 10**6)} MB" in DOCUMENT


def test_connections_are_limited_as_is_written() -> None:
    """ASVS V13.1.2, V13.1.3, V13.2.6, V15.4.4."""
    pool = connect("postgresql://nobody@127.0.0.1:1/nothing").pool
    with start_blocking_portal() as apart:  # a thread of its own: Chromium's loop may be running in this one
        threads = apart.call(_threads)

    assert f"| {pool.size()}, and {pool._max_overflow} more" in DOCUMENT  # type: ignore[attr-defined]  # noqa: SLF001
    assert f"waits {pool._timeout:.0f} s" in DOCUMENT  # type: ignore[attr-defined]  # noqa: SLF001
    assert f"a statement {STATEMENT_SECONDS} s" in DOCUMENT
    assert f"a lease of {LEASE.seconds // 60} minutes" in DOCUMENT
    assert f"| {SECONDS_PER_TASK // 60} minutes |" in DOCUMENT
    assert f"| {threads:.0f} in a process" in DOCUMENT
    assert PER_SECOND == 5


async def _threads() -> float:
    return current_default_thread_limiter().total_tokens
