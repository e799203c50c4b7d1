"""Walking the chain: at a click while it is short, by a command when it is long, and while others write."""

from threading import Event, Thread

import pytest
from sqlmodel import select

from bostad.accounts.access import Actor, Role
from bostad.audit.pages import LONGEST_HERE, check_chain, log_page
from bostad.audit.service import record
from bostad.audit.tables import AuditHead
from bostad.audit.verifying import broken_at
from bostad.cli import main
from bostad.errors import NotAllowed
from bostad.records import Sessions
from tests.audit.tampering import tamper
from tests.factories import NOON, UserFactory, actor, writing_with


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
    for name, value in _environment(real_sessions).items():
        monkeypatch.setenv(name, value)

    code = main(["audit", "verify"])

    said = capsys.readouterr().out
    assert code == (1 if broken else 0)
    assert said.startswith("The chain does not hold: row 2" if broken else "The chain holds: 3 rows.")


def _environment(sessions: Sessions) -> dict[str, str]:
    """Give what the command reads its settings from."""
    with sessions() as db:
        url = db.get_bind().engine.url.render_as_string(hide_password=False)
    return {
        "BOSTAD_DATABASE_URL": url,
        "BOSTAD_REDIS_URL": "redis://unused",
        "BOSTAD_SECRET": "x" * 40,
        "BOSTAD_HOSTS": "testserver.local",
    }
