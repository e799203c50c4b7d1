"""Keeping and deleting through the pages."""

import json
from collections.abc import Callable

from sqlmodel import Session, select

from bostad.accounts.tables import User
from bostad.keeping.clearing import clear_approved
from bostad.keeping.tables import Deletion
from bostad.needs.tables import Case
from bostad.zones.logins import Login
from tests.browsing import Browser, words
from tests.keeping.conftest import LATER, Town
from tests.roles import in_role

Browse = Callable[[User | None], Browser]


def test_two_people_let_a_case_go(town: Town, browse: Browse, rows: Session) -> None:
    """S24, U26: the board's decision, the preview, an extract, a proposal, the approval of somebody else."""
    case_id = town.moved_in()
    manager, officer = browse(town.manager_user), browse(town.officer_user)
    manager.post(
        "/keeping/decision",
        valid_from="2026-01-01",
        years="5",
        kept="research",
        reference="SN 2026/7",
        extract_first="yes",
    )
    worker = browse(town.world.worker_user)
    worker.post(f"/cases/{case_id}/keeping", kept="no")
    assert "Hamnen" not in words(worker.post(f"/cases/{case_id}/keeping/extract"))
    with town.sessions.begin() as db:
        db.get_one(Case, case_id).extracted_at = LATER
    assert town.review() == 1
    with town.sessions() as db:
        number = db.get_one(Case, case_id).case_number

    assert number in words(manager.get("/keeping"))
    manager.post(f"/keeping/units/{town.world.unit_id}")
    deletion = rows.exec(select(Deletion)).one()
    refused = manager.post(f"/keeping/deletions/{deletion.id}/approve")
    assert refused.status_code == 403
    assert number in words(officer.get("/keeping"))
    assert officer.get(f"/keeping/deletions/{deletion.id}/approve").status_code == 200
    officer.post(f"/keeping/deletions/{deletion.id}/approve")
    assert clear_approved(in_role(town.sessions, Login.WORKER), deletion.id, at=LATER) == 1
    assert number not in words(manager.get("/keeping"))
    assert worker.get(f"/cases/{case_id}").status_code == 404


def test_an_extract_is_a_page_and_a_file_with_a_name_that_says_nothing(town: Town, browse: Browse) -> None:
    """U31, S54: nothing of it stays in the browser. ASVS V5.4.1."""
    case_id = town.moved_in()
    worker = browse(town.world.worker_user)
    with town.sessions() as db:
        number = db.get_one(Case, case_id).case_number

    shown, saved = (worker.post(f"/cases/{case_id}/keeping/extract{part}") for part in ("", "/file"))
    assert number in words(shown)
    assert json.loads(saved.content)["case_number"] == number
    assert saved.headers["content-disposition"] == 'attachment; filename="extract.json"'
    assert {answer.headers["cache-control"] for answer in (shown, saved)} == {"no-store"}


def test_a_form_that_is_sent_empty_asks_again(town: Town, browse: Browse) -> None:
    """U16."""
    case_id = town.moved_in()
    assert browse(town.manager_user).post("/keeping/decision").status_code == 422
    assert browse(town.world.worker_user).post(f"/cases/{case_id}/keeping").status_code == 422


def test_others_find_nothing(town: Town, browse: Browse) -> None:
    case_id = town.moved_in()
    for user in (town.world.staff_user, town.world.worker_user):
        assert browse(user).get("/keeping").status_code == 403
    assert browse(town.world.staff_user).get(f"/cases/{case_id}/keeping").status_code == 403
    assert browse(town.officer_user).get("/keeping/decision").status_code == 403
