"""The programs' own logs: what is refused or fails leaves a line, and no line holds what must not be logged (S65)."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from litestar import get
from sqlalchemy import text
from sqlmodel import Session

import bostad
from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.adapters.logs import KEYS, OneLine
from bostad.app import create_app
from bostad.records import Sessions
from bostad.web.auth import public
from bostad.zones.care import LEVELS
from bostad.zones.care_tables import CARE
from tests.browsing import Browser
from tests.conftest import SETTINGS
from tests.factories import UserFactory
from tests.people import CHEAP
from tests.roles import databases_of

Browse = Callable[[User | None], Browser]
Lines = Callable[[], list[dict[str, str | int]]]
SECRET = "Storgatan 1, SN 2026-0815"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """Give what our own programs have logged, as it would be written."""
    caplog.set_level(logging.INFO, logger="bostad")
    return lambda: [
        json.loads(OneLine().format(one))
        for one in caplog.records
        if one.name.startswith("bostad") and one.levelno >= 20
    ]


@pytest.mark.parametrize(
    ("who", "ask", "line"),
    [
        (Role.ADMINISTRATOR, lambda one: one.get("/cases"), {"door": "/cases", "status": 403}),
        (
            Role.SOCIAL_WORKER,
            lambda one: one.get(f"/cases/{uuid4()}"),
            {"door": "/cases/{case_id}", "status": 404},
        ),
        (Role.SOCIAL_WORKER, lambda one: one.get(f"/{SECRET}"), {"door": "none", "status": 404}),
        (Role.SOCIAL_WORKER, lambda one: one.client.post("/cases/find", data={"case_number": SECRET}), {"status": 403}),
        (Role.SOCIAL_WORKER, lambda one: one.post("/cases/find", case_number="no such"), {"status": 422}),
        (Role.SOCIAL_WORKER, lambda one: one.get("/cases", headers={"Host": "elsewhere.example"}), {"status": 400}),
        (Role.SOCIAL_WORKER, lambda one: one.post("/cases/find", case_number=SECRET * 20_000), {"status": 413}),
        (None, lambda one: one.get("/cases"), {"door": "/cases", "status": 401, "error": "NotSignedIn"}),
    ],
)
def test_every_refusal_leaves_a_line_that_says_where_to_whom_and_how(
    who: Role | None,
    ask: Callable[[Browser], object],
    line: dict[str, str | int],
    browse: Browse,
    rows: Session,
    lines: Lines,
) -> None:
    """ASVS V16.3.2, V16.3.3, V16.2.5: role, absence, form token, input, host, size, stranger; never what was sent."""
    user = UserFactory(role=who) if who else None
    browser = browse(user)
    browser.token()
    ask(browser)

    (found,) = [one for one in lines() if one["event"] == "refused"]
    assert line.items() <= found.items()
    known = None if line.get("door") == "none" or line["status"] == 400 else user  # no page, or under a wrong name
    assert (found.get("user"), found.get("role")) == ((str(known.id), str(known.role)) if known else (None, None))
    assert "Storgatan" not in json.dumps(found)


def test_a_line_holds_listed_keys_alone_and_stays_one_line() -> None:
    """ASVS V16.2.1, V16.2.2, V16.2.4, V16.2.5, V16.4.1."""
    record = _record("bostad.web", "refused\nat=never", case_number=SECRET, door="/x\r\n{}", user="u")
    written = OneLine().format(record)
    said = json.loads(written)

    assert said.keys() == {"at", "level", "log", "event", "door", "user"}
    assert said.keys() <= KEYS.keys()
    assert "\n" not in written
    assert "\r" not in written
    assert datetime.fromisoformat(said["at"]).tzinfo == UTC


def test_what_another_library_says_is_written_without_what_it_says_it_of() -> None:
    """ASVS V16.2.5: Celery's line about a failed task holds the error's text; an SQL error's text holds the values."""
    with pytest.raises(ValueError, match=SECRET) as caught:
        int(SECRET)
    record = _record("celery.app.trace", "Task %s failed: %s\n%s", "handle", SECRET, SECRET, error=caught.value)
    said = json.loads(OneLine().format(record))

    assert said["event"] == "Task %s failed: %s"
    assert said["error"] == "ValueError"
    assert said["steps"].startswith("test_program_log.py:")
    assert "Storgatan" not in json.dumps(said)


def test_no_key_of_a_line_is_more_delicate_than_such_a_log_may_hold() -> None:
    """S03. ASVS V14.2.4, V16.2.5: the list of keys is held to the levels of the data."""
    never = {name for care in CARE.values() for name, level in care.levels.items() if not LEVELS[level].in_program_log}
    may = {name for care in CARE.values() for name, level in care.levels.items() if LEVELS[level].in_program_log}

    assert {key for key, level in KEYS.items() if not LEVELS[level].in_program_log} == set()
    assert {"sealed", "address", "child_ages", "username", "token_hash"} <= never
    assert KEYS.keys() & (never - may) == {"role"}, "the role, as `only(...)` asks for it, and never the person's name"


def test_a_failure_of_ours_is_logged_with_file_and_line_and_without_values(sessions: Sessions, lines: Lines) -> None:
    """S65. ASVS V16.3.4, V16.5.1: also where the database's own message would tell."""

    @get("/broken", opt=public, sync_to_thread=False)
    def broken() -> None:
        with sessions() as db:
            db.execute(text("select cast(:said as integer)"), {"said": SECRET})

    app = create_app(SETTINGS, databases_of(sessions), passwords=CHEAP, schema_is_current=lambda: True)
    app.register(broken)  # in an application of its own: the others' has no such door
    answer = Browser(app).get("/broken")

    assert answer.status_code == 500
    assert "Storgatan" not in answer.text
    (said,) = [one for one in lines() if one["event"] == "unexpected"]
    assert said["error"] == "DataError"
    assert "test_program_log.py:" in str(said["steps"])
    assert "Storgatan" not in json.dumps(said)


def test_nothing_is_logged_to_any_other_place() -> None:
    """ASVS V16.2.3: one handler on standard error, one file of anchors, and the log in the database."""
    source = Path(bostad.__file__).parent
    places = (
        "FileHandler",
        "SysLogHandler",
        "SocketHandler",
        "HTTPHandler",
        "StreamHandler(",
        "addHandler",
        "basicConfig",
    )
    handlers = {file.name for file in _python(source) if any(place in file.read_text() for place in places)}
    loggers = {file.name for file in _python(source) if "getLogger(" in file.read_text()}

    assert handlers == {"logs.py"}
    assert loggers == {"logs.py", "anchor_file.py", "noticing.py", "policy_reports.py", "refusals.py", "tasks.py"}


def _python(folder: Path) -> Iterator[Path]:
    return folder.rglob("*.py")


def _record(
    name: str, message: str, *arguments: object, error: Exception | None = None, **extra: object
) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, info)
    vars(record).update(extra)
    return record
