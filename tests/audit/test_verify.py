"""Walking the chain: at a click while it is short, by a command when it is long, and while others write."""

from pathlib import Path
from threading import Event, Thread

import pytest
from sqlmodel import select

from bostad.accounts.access import Actor, Role
from bostad.adapters.anchor_file import keep_anchor, load_anchors
from bostad.audit.anchors import Anchor, UnreadableAnchors, read_anchors
from bostad.audit.pages import LONGEST_HERE, check_chain, log_page
from bostad.audit.service import record
from bostad.audit.tables import AuditHead
from bostad.audit.verifying import anchor_now, broken_at, first_broken_anchor
from bostad.cli import main
from bostad.errors import NotAllowed
from bostad.records import Sessions, clock
from bostad.tasks import anchor_log
from tests.audit.tampering import tamper
from tests.factories import NOON, UserFactory, actor, writing_with
from tests.keys import KEY_TEXT


@pytest.fixture
def officer(sessions: Sessions) -> Actor:
    with sessions() as db, writing_with(db):
        return actor(UserFactory(role=Role.DATA_PROTECTION_OFFICER))


def write(sessions: Sessions, *actions: str) -> None:
    for action in actions:
        with sessions.begin() as db:
            record(db, f"log.{action}", by=None, at=NOON)


def test_a_chain_too_long_for_a_page_is_left_to_the_command(sessions: Sessions, officer: Actor) -> None:
    with sessions.begin() as db:
        db.exec(select(AuditHead)).one().number = LONGEST_HERE + 1

    check = check_chain(sessions, by=officer, at=NOON)

    assert (check.rows, check.done, check.broken_at) == (LONGEST_HERE + 1, False, None)


def test_only_the_officer_reads_the_log_and_checks_it(sessions: Sessions) -> None:
    with sessions() as db, writing_with(db):
        manager = actor(UserFactory(role=Role.UNIT_MANAGER))

    with pytest.raises(NotAllowed):
        log_page(sessions, before=None, by=manager)
    with pytest.raises(NotAllowed):
        check_chain(sessions, by=manager, at=NOON)


def test_rows_that_are_added_during_the_walk_do_not_break_it(real_sessions: Sessions) -> None:
    """I07."""
    write(real_sessions, *["before"] * 50)
    stop = Event()

    def keep_writing() -> None:
        while not stop.is_set():
            write(real_sessions, "meanwhile")

    writer = Thread(target=keep_writing)
    writer.start()
    try:
        assert {broken_at(real_sessions) for _ in range(30)} == {None}
    finally:
        stop.set()
        writer.join()
    with real_sessions() as db:
        assert db.exec(select(AuditHead.number)).one() > 50, "somebody did write"


@pytest.mark.parametrize("broken", [False, True])
def test_the_command_tells_whether_the_chain_holds(
    real_sessions: Sessions,
    broken: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """I07."""
    write(real_sessions, "one", "two", "three")
    if broken:
        with real_sessions() as db:
            tamper(db, "delete from audit_row where number = 2")
    for name, value in environment_of(real_sessions).items():
        monkeypatch.setenv(name, value)

    code = main(["audit", "verify"])

    said = capsys.readouterr().out
    assert code == (1 if broken else 0)
    assert said.startswith("The chain does not hold: row 2" if broken else "The chain holds: 3 rows.")


def environment_of(sessions: Sessions) -> dict[str, str]:
    """Give what the commands read their settings from: the owner's own way in stands for the worker's."""
    with sessions() as db:
        url = db.get_bind().engine.url.render_as_string(hide_password=False)
    return {
        "BOSTAD_WORKER_DATABASE_URL": url,
        "BOSTAD_REDIS_URL": "redis://localhost",
        "BOSTAD_SECRET": "x" * 40,
        "BOSTAD_HOSTS": "testserver.local",
        "BOSTAD_KEY": KEY_TEXT,
    }


@pytest.fixture
def commands(real_sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """Let the commands find this test's database."""
    for name, value in environment_of(real_sessions).items():
        monkeypatch.setenv(name, value)
    return real_sessions


def test_a_cut_off_tail_with_its_head_rewritten_is_caught_by_the_anchor(
    commands: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """S67: the chain alone cannot know that it was longer; the file outside the database does."""
    file = tmp_path / "anchors"
    monkeypatch.setenv("BOSTAD_ANCHOR_FILE", str(file))
    write(commands, "one", "two", "three")
    assert main(["audit", "anchor"]) == 0
    write(commands, "four")
    assert main(["audit", "anchor"]) == 0
    with commands() as db:
        tamper(
            db,
            "delete from audit_row where number > 2",
            "update audit_head set (number, hash) = (select number, hash from audit_row where number = 2)",
        )
    capsys.readouterr()

    alone, with_anchors = main(["audit", "verify"]), main(["audit", "verify", "--anchor", str(file)])

    assert (alone, with_anchors) == (0, 1)
    said = capsys.readouterr().out
    assert "The chain holds: 2 rows." in said
    assert "The log was rewritten: row 3" in said


def test_a_chain_computed_anew_is_caught_by_the_anchor(commands: Sessions, tmp_path: Path) -> None:
    """S67: whoever owns the server can make every hash fit again, but not the ones that lie elsewhere."""
    write(commands, "one", "two", "three")
    at = clock(commands)
    anchor = anchor_now(commands, at=at)
    with commands() as db:
        tamper(
            db,
            "update audit_row set action = 'log.other' where number = 3",
            "update audit_row r set hash = audit_hash(r) where number = 3",
            "update audit_head set hash = (select hash from audit_row where number = 3)",
        )

    assert broken_at(commands) is None
    assert first_broken_anchor(commands, [Anchor(at, 0, "0" * 64), anchor]) == anchor


def test_anchors_are_added_line_by_line_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "anchors"
    anchors = [Anchor(NOON, 1, "a" * 64), Anchor(NOON, 2, "b" * 64)]

    for anchor in anchors:
        keep_anchor(anchor, str(file))

    assert load_anchors(str(file)) == anchors
    assert file.stat().st_mode & 0o077 == 0, "nobody else reads or writes it"


def test_without_a_file_the_head_goes_to_the_programs_log(caplog: pytest.LogCaptureFixture) -> None:
    keep_anchor(Anchor(NOON, 7, "a" * 64), "")
    assert f"7 {'a' * 64}" in caplog.text


@pytest.mark.parametrize(
    "lines",
    [
        ["nonsense"],
        [f"2026-11-22T00:00:00+00:00 1 {'a' * 63}"],
        [str(Anchor(NOON, 2, "b" * 64)), str(Anchor(NOON, 1, "a" * 64))],
    ],
    ids=["nonsense", "a line cut short", "going backwards"],
)
def test_an_anchor_file_that_was_touched_is_not_trusted(lines: list[str]) -> None:
    with pytest.raises(UnreadableAnchors, match=f"Line {len(lines)}"):
        read_anchors(lines)


def test_the_worker_anchors_the_log(real_sessions: Sessions, tmp_path: Path) -> None:
    """S67: on a schedule, not when somebody thinks of it. ASVS V16.4.3."""
    write(real_sessions, "one")

    anchor_log(real_sessions, str(tmp_path / "anchors"))

    (anchor,) = load_anchors(str(tmp_path / "anchors"))
    assert (anchor.number, first_broken_anchor(real_sessions, [anchor])) == (1, None)
