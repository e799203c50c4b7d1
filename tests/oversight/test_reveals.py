"""Twenty households in an hour: enough for a day's work, too few to copy a register (S58)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from bostad.accounts.access import Role
from bostad.accounts.tables import Organisation, Unit, User
from bostad.audit.reveals import MOST_HOUSEHOLDS, note_limit
from bostad.audit.tables import AuditRow
from bostad.needs.tables import Case
from bostad.oversight.lifting import may_be_lifted
from bostad.records import Sessions, clock
from tests.browsing import Browser, words
from tests.factories import NOON, CaseFactory, NeedFactory, UnitFactory, UserFactory, actor

Browse = Callable[[User | None], Browser]


@pytest.fixture
def unit(rows: Session) -> Unit:
    made: Unit = UnitFactory()
    return made


@pytest.fixture
def worker(rows: Session, unit: Unit) -> User:
    made: User = UserFactory(organisation=rows.get_one(Organisation, unit.organisation_id), unit=unit)
    return made


@pytest.fixture
def manager(rows: Session, unit: Unit) -> User:
    board = rows.get_one(Organisation, unit.organisation_id)
    made: User = UserFactory(organisation=board, unit=unit, role=Role.UNIT_MANAGER)
    return made


@pytest.fixture
def cases(worker: User, unit: Unit) -> list[Case]:
    made = [CaseFactory(unit=unit, worker=worker) for _ in range(MOST_HOUSEHOLDS + 1)]
    for case in made:
        NeedFactory(case=case)
    return made


def test_the_twenty_first_household_in_an_hour_waits_and_those_opened_before_do_not(
    browse: Browse, rows: Session, worker: User, manager: User, cases: list[Case]
) -> None:
    """S58, ASVS 2.4.1: what is absent looks absent at the limit too; the manager sees it and lets her go on.

    ASVS V2.4.1.
    """
    browser = browse(worker)
    opened = [browser.get(f"/cases/{case.id}").status_code for case in cases]
    assert opened == [200] * MOST_HOUSEHOLDS + [429]

    one_more = f"/cases/{cases[-1].id}"
    browser.post("/me/language", locale="en")
    stopped = browser.get(one_more)
    assert "You can open the next in" in words(stopped)
    assert cases[-1].case_number not in stopped.text
    assert browser.get(f"/cases/{cases[0].id}/answers/household").status_code == 200
    assert browser.get("/cases").status_code == 200
    assert browser.get(f"/cases/{uuid4()}").status_code == 404
    read = select(AuditRow.action).where(AuditRow.actor_id == worker.id, AuditRow.case_id == cases[-1].id)
    assert rows.exec(read).all() == []

    leading = browse(manager)
    lift = f"/review/limits/{worker.id}/lift"
    assert browser.get(one_more).status_code == 429
    assert leading.get("/overview").text.count(lift) == 1, "however often she has tried"
    lifted = leading.post(lift)
    assert (lifted.url.path, lift in lifted.text) == ("/overview", False)
    assert browser.get(one_more).status_code == 200
    logged = select(AuditRow.actor_id).where(AuditRow.action == "reading.limit_lifted")
    assert rows.exec(logged).all() == [manager.id]


def test_who_has_no_manager_is_let_go_on_by_another_manager_of_the_board(
    browse: Browse, sessions: Sessions, rows: Session, unit: Unit, manager: User
) -> None:
    """S58: the officer, who looks up many cases after an incident, and a unit's only manager; never by themselves."""
    board = rows.get_one(Organisation, unit.organisation_id)
    officer = UserFactory(organisation=board, unit=None, role=Role.DATA_PROTECTION_OFFICER)
    other = UserFactory(organisation=board, unit=UnitFactory(board=board), role=Role.UNIT_MANAGER)
    colleague = UserFactory(organisation=board, unit=UnitFactory(board=board))
    elsewhere = UserFactory(unit=UnitFactory(), role=Role.UNIT_MANAGER)
    for stopped in (officer, other, colleague):
        note_limit(sessions, by=actor(stopped), at=clock(sessions))

    shown = browse(manager).get("/overview").text
    assert [f"/review/limits/{one.id}/lift" in shown for one in (officer, other, colleague)] == [True, True, False]
    lift = f"/review/limits/{officer.id}/lift"
    assert [browse(one).post(lift).status_code for one in (officer, elsewhere)] == [403, 404]
    assert browse(other).post(f"/review/limits/{other.id}/lift").status_code == 404
    after = browse(manager).post(lift)

    assert (after.url.path, lift in after.text) == ("/overview", False)
    for who in (manager, other, officer):
        page = browse(who).get("/log" if who is officer else "/overview")
        assert manager.name in words(page), "who let her go on stands there for all who look"


def test_only_her_own_manager_lets_somebody_go_on_and_never_herself(
    browse: Browse, rows: Session, worker: User, manager: User
) -> None:
    """S58: and only whoever has reached the limit in the last hour."""
    elsewhere = UserFactory(unit=UnitFactory(), role=Role.UNIT_MANAGER)

    assert browse(manager).post(f"/review/limits/{worker.id}/lift").status_code == 409
    assert browse(manager).post(f"/review/limits/{manager.id}/lift").status_code == 404
    assert browse(elsewhere).post(f"/review/limits/{worker.id}/lift").status_code == 404
    assert browse(worker).post(f"/review/limits/{worker.id}/lift").status_code == 403
    assert may_be_lifted(NOON, worker, actor(manager), NOON + timedelta(minutes=59))
    assert not may_be_lifted(NOON, worker, actor(manager), NOON + timedelta(minutes=60))
