"""Who has read this case: on the screen, as a file, and for an incident on the command line."""

import csv
import io
import json
from collections.abc import Callable

import pytest

from bostad.accounts.tables import User
from bostad.audit.reading import Reading, seen
from bostad.cli import main
from bostad.errors import Invalid, Missing
from bostad.needs.case_answers import NewCase
from bostad.needs.service import start_case
from bostad.oversight.readers import find_readers, readers_page, take_out
from bostad.oversight.states import Reason
from bostad.records import Sessions
from tests.audit.test_verify import environment_of
from tests.browsing import Browser, words
from tests.factories import NOON, UserFactory
from tests.oversight.conftest import Watched
from tests.worlds import World, make_world

Browse = Callable[[User | None], Browser]


def read(watched: Watched, *names: str) -> None:
    for name in names:
        seen(watched.world.sessions, Reading("case.read", (name,), watched.case_id), by=watched.world.worker, at=NOON)


@pytest.mark.parametrize("who", ["officer", "manager"])
def test_the_officer_and_the_manager_find_a_case_by_its_whole_number(watched: Watched, who: str) -> None:
    """S68: and that they looked is in the log too, hit or miss, never what for."""
    sessions, by = watched.world.sessions, watched.acting(getattr(watched, who))

    assert find_readers(sessions, watched.number, by=by, at=NOON) == watched.case_id
    for wrong in (watched.number[:-1], "9901"):
        with pytest.raises(Invalid):
            find_readers(sessions, wrong, by=by, at=NOON)

    found, *missed = watched.rows("readers.sought")
    assert (found.case_id, found.facts) == (watched.case_id, {"found": True})
    assert [(row.case_id, row.facts) for row in missed] == [(None, {"found": False})] * 2


@pytest.mark.parametrize("who", ["other_manager", "colleague"])
def test_nobody_else_finds_it(watched: Watched, who: str) -> None:
    """S06."""
    sessions, by = watched.world.sessions, watched.acting(getattr(watched, who))
    with pytest.raises(Invalid):
        find_readers(sessions, watched.number, by=by, at=NOON)
    with pytest.raises(Missing):
        readers_page(sessions, watched.case_id, by=by)


def test_readers_of_ones_own_organisation_are_named_and_others_by_their_organisation(watched: Watched) -> None:
    world = watched.world
    world.home()
    world.run()
    read(watched, "case_number")
    seen(world.sessions, Reading("card.read", ("code",), watched.need.id), by=world.staff, at=NOON)
    seen(world.sessions, Reading("cases.listed", (), listed=[watched.case_id]), by=world.worker, at=NOON)

    page = readers_page(world.sessions, watched.case_id, by=watched.acting(watched.officer))

    listed, card, case = page.rows[:3]
    assert (listed.in_list, listed.who) == (True, world.worker_user.name)
    assert (card.who, card.fields) == (world.company.name, ("code",))
    assert (case.who, case.fields) == (world.worker_user.name, ("case_number",))


def test_a_case_with_heightened_protection_is_the_officers_to_watch_and_not_the_managers(watched: Watched) -> None:
    from sqlalchemy import update

    from bostad.needs.tables import Case

    with watched.world.sessions.begin() as db:
        db.execute(update(Case).values(heightened=True))

    sessions = watched.world.sessions
    assert find_readers(sessions, watched.number, by=watched.acting(watched.officer), at=NOON) == watched.case_id
    with pytest.raises(Invalid):
        find_readers(sessions, watched.number, by=watched.acting(watched.manager), at=NOON)


def test_an_extract_leaves_its_reason_in_the_log(watched: Watched) -> None:
    """S64."""
    read(watched, "worker")
    take_out(watched.world.sessions, watched.case_id, Reason.ASKED_FOR, by=watched.acting(watched.officer), at=NOON)

    (row,) = watched.rows("readers.extracted")
    assert (row.case_id, row.facts) == (watched.case_id, {"reason": "asked_for", "rows": 1})


def test_the_officer_searches_looks_and_takes_the_list_out(watched: Watched, browse: Browse) -> None:
    """S64, S68: the file's first line says who took it, when and what for, and no cell is a formula."""
    world = watched.world
    with world.writing():
        odd = UserFactory(organisation_id=world.board.id, organisation=None, unit_id=world.unit_id, name="=1+1")
    seen(world.sessions, Reading("case.read", ("risk",), watched.case_id), by=watched.acting(odd), at=NOON)
    browser = browse(watched.officer)

    assert watched.number not in browser.get("/readers").text
    shown = browser.post("/readers/find", case_number=watched.number)
    assert f"/readers/{watched.case_id}" in str(shown.url)
    assert "=1+1" in words(shown)
    refused = browser.post(f"/readers/{watched.case_id}/extract", to="file")
    assert refused.status_code == 422
    printed = browser.post(f"/readers/{watched.case_id}/extract", to="print", reason="suspicion")
    file = browser.post(f"/readers/{watched.case_id}/extract", to="file", reason="suspicion")

    assert watched.officer.name in words(printed)
    taken, heads, *rows = csv.reader(io.StringIO(file.text.removeprefix("\ufeff")))
    assert watched.officer.name in taken[0]
    assert len(heads) == 6
    assert "'=1+1" in {row[2] for row in rows}
    assert "utdrag.csv" in file.headers["Content-Disposition"]
    assert [row.facts["reason"] for row in watched.rows("readers.extracted")] == ["suspicion", "suspicion"]


@pytest.fixture
def commands(real_sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> World:
    """Let the command find a world of its own."""
    for name, value in environment_of(real_sessions).items():
        monkeypatch.setenv(name, value)
    return make_world(real_sessions)


def test_an_incident_is_taken_out_by_person_and_by_case(commands: World, capsys: pytest.CaptureFixture[str]) -> None:
    """S70: affected cases, readers and times, as CSV and as JSON; and that it was taken out is logged."""
    world, when = commands, ["--from", "2026-11-21", "--to", "2026-11-21"]
    case_id = start_case(world.sessions, NewCase(case_number="=SN 1"), by=world.worker, at=NOON)
    seen(world.sessions, Reading("case.read", ("risk",), case_id), by=world.worker, at=NOON)
    seen(world.sessions, Reading("cases.listed", ("days",), listed=[case_id]), by=world.worker, at=NOON)

    assert main(["audit", "incident", "--user", world.worker_user.username, *when]) == 0
    by_user = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert main(["audit", "incident", "--case-number", "=SN 1", "--json", *when]) == 0
    by_case = json.loads(capsys.readouterr().out)

    assert [(row["action"], row["case_number"], row["fields"]) for row in by_user] == [
        ("case.started", "'=SN 1", ""),
        ("case.read", "'=SN 1", "risk"),
        ("cases.listed", "'=SN 1", "days"),
    ]
    assert {row["username"] for row in by_case} == {world.worker_user.username}
    assert [row["action"] for row in by_case] == ["case.started", "case.read", "cases.listed"]
    assert by_case[1]["at"].startswith("2026-11-21T12:00:00")


@pytest.mark.parametrize("about", [["--user", "nobody"], ["--case-number", "nothing"]])
def test_an_incident_of_nobody_is_said_plainly(
    commands: World, capsys: pytest.CaptureFixture[str], about: list[str]
) -> None:
    assert main(["audit", "incident", *about, "--from", "2026-11-21", "--to", "2026-11-21"]) == 1
    assert "There is no" in capsys.readouterr().err
