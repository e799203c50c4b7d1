"""Ways in that an attack has found, each shut and held shut here."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from litestar import Litestar
from sqlalchemy import text

from bostad.accounts import service, signing_in
from bostad.accounts.access import Role
from bostad.accounts.answers import ChangePassword
from bostad.accounts.passwords import Cost, Passwords
from bostad.accounts.sessions import begin_session
from bostad.accounts.signing_in import password_hash_of
from bostad.accounts.tables import Unit, User
from bostad.app import create_app
from bostad.errors import Missing, OutOfStep
from bostad.homes.states import WithdrawnBecause
from bostad.needs.household import ContractForm
from bostad.needs.tables import Place
from bostad.placements.answers import Contract
from bostad.placements.endings import withdraw_home
from bostad.placements.service import sign
from bostad.records import Sessions, clock
from bostad.web.auth import new_token
from bostad.web.doors import LARGEST_FILE
from tests import factories
from tests.browsing import Browser, words
from tests.conftest import SETTINGS
from tests.factories import NOON, actor
from tests.people import CHEAP, HASHED, PASSWORD, TOKEN, from_browser
from tests.roles import databases_of
from tests.worlds import World

Browse = Callable[[User | None], Browser]


def test_another_company_does_not_learn_that_a_home_is_signed_for(world: World) -> None:
    """S06: it was told "a contract is signed" of a home that it may not know of."""
    placement = world.reserved()
    sign(
        world.sessions,
        placement.id,
        Contract(contract=ContractForm.FIRST_HAND, contract_from=NOON.date()),
        by=world.staff,
        at=NOON,
    )
    with world.writing():
        company = factories.CompanyFactory()
        stranger = factories.UserFactory(organisation=company, role=Role.HOUSING_STAFF)

    with pytest.raises(Missing):
        withdraw_home(world.sessions, placement.home_id, WithdrawnBecause.MISTAKE, by=actor(stranger, company), at=NOON)


def test_a_password_is_not_changed_on_a_proof_that_a_reset_has_made_void(world: World) -> None:
    """S22: whoever knows the old password could change it while the administrator took it away."""
    with world.writing():
        user = factories.UserFactory(organisation=world.board, password_hash=HASHED)
        admin = actor(factories.UserFactory(organisation=world.board, role=Role.ADMINISTRATOR), world.board)

    class Slow(Passwords):
        """Hashes so slowly that an administrator is faster."""

        def hash(self, password: str) -> str:
            service.reset_user(world.sessions, user.id, code="AAAA-AAAA-AAAA-AAAA", by=admin, at=NOON)
            return super().hash(password)

    answers = ChangePassword(password=PASSWORD, new_password="figs in the other icebox")
    with pytest.raises(OutOfStep):
        signing_in.change_password(
            world.sessions,
            answers,
            Slow(Cost(memory_kib=8, passes=1, lanes=1)),
            browser=from_browser(TOKEN),
            by=actor(user, world.board),
            at=NOON,
        )
    with world.sessions() as db:
        assert password_hash_of(db, user.id) is None


def test_the_company_that_declines_comes_back_to_its_list(world: World, browse: Browse) -> None:
    """U14: it was sent to the page of what it no longer knows of, and told that there is no such thing."""
    placement = world.reserved()

    answer = browse(world.staff_user).post(f"/placements/{placement.id}/refuse", because="no_contract")

    assert (answer.status_code, answer.url.path) == (200, "/to-answer")


def test_an_endless_answer_is_refused_before_anybody_reads_it(world: World, browse: Browse) -> None:
    """S60: a number with spaces enough in it held a thread for hours. ASVS V1.3.3."""
    need = world.need()
    browser = browse(world.worker_user)

    answer = browser.post(f"/cases/{need.case_id}/answers/household", adults="1" + " " * 100_000 + "1", version="1")

    assert answer.status_code == 422
    assert "2 000" in words(answer).replace("\xa0", " ")


@pytest.mark.parametrize("asking", [{"address": "/cases", "method": "OPTIONS"}, {"address": "/static/%00"}])
def test_what_no_page_asks_for_is_not_there(world: World, browse: Browse, asking: dict[str, str]) -> None:
    """U14: it was a fault of ours, and one that nobody was told of. ASVS V4.1.4."""
    for user in (None, world.worker_user):
        answer = browse(user).client.request(asking.get("method", "GET"), asking["address"], follow_redirects=False)

        assert answer.status_code in {303, 404}, user


def test_of_two_who_save_the_same_at_once_one_is_told_that_the_other_was_faster(
    real_sessions: Sessions, real_world: World
) -> None:
    """F05: the second was told that something is broken."""
    with real_world.writing():
        admin = factories.UserFactory(organisation=real_world.board, role=Role.ADMINISTRATOR)
    browser = Browser(
        create_app(SETTINGS, databases_of(real_sessions), passwords=CHEAP, schema_is_current=lambda: True)
    )
    token = new_token()
    with real_sessions.begin() as db:
        begin_session(db, admin, token, at=clock(real_sessions), proved_at=clock(real_sessions))
    browser.client.cookies.set("bostad", token, domain="testserver.local", path="/")

    with ThreadPoolExecutor() as pool:
        with real_sessions.begin() as db:
            db.add(Unit(organisation_id=real_world.board.id, name="Twin"))
            db.flush()
            answer = pool.submit(browser.post, "/units", name="Twin")
            _wait_until_blocked(real_sessions)
        assert answer.result().status_code == 409


def _wait_until_blocked(sessions: Sessions) -> None:
    """Wait until somebody waits for a lock."""
    waiting = text(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    for _ in range(500):
        with sessions() as db:
            if db.execute(waiting).scalar_one():
                return
        time.sleep(0.02)
    pytest.fail("nobody waits")


@pytest.mark.parametrize(("area", "metres"), [("d" * 121, ""), ("", "0"), ("", "999")])
def test_a_list_with_an_impossible_area_names_its_row(world: World, browse: Browse, area: str, metres: str) -> None:
    """U42: the database refused it, and the page said that something was broken."""
    head = (
        "Ärendenummer;Risk;Väntar sedan;Vuxna;Högsta hyra;Kommuner;Målgrupp;Undvik område;Undvik plats;Undvik plats km"
    )
    row = f"A-1;hög;2026-10-01;1;8000;9901;kvoten;{area};{'Torget' if metres else ''};{metres}"
    with world.sessions.begin() as db:
        db.add(Place(municipality="9901", name="Torget", lat=62.0, lon=18.0))

    answer = browse(world.worker_user).upload("/cases/import", "list.csv", f"{head}\n{row}\n".encode())

    assert answer.status_code == 422
    assert ("Undvik område" if area else "Undvik plats km") in words(answer)


def test_only_doors_that_take_a_file_take_much(app: Litestar, world: World, browse: Browse) -> None:
    """S60: a stranger's ten megabytes of form kept everybody else waiting for seconds before they were refused.

    ASVS V5.2.1, V15.2.2.
    """
    open_wide = {
        route.path
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if (handler.resolve_request_max_body_size() or LARGEST_FILE) >= LARGEST_FILE
    }
    answer = browse(None).client.post("/sign-in", data={"username": "x" * 300_000})

    assert open_wide == {"/cases/import", "/homes/import", "/imports/places", "/imports/schools"}
    assert answer.status_code == 413


def test_a_list_of_a_hundred_thousand_columns_is_refused_at_once(world: World, browse: Browse) -> None:
    """S60: its header was compared with all that we know, column by column."""
    answer = browse(world.worker_user).upload("/cases/import", "list.csv", b"a;" * 100_000 + b"\n1;2\n")

    assert answer.status_code == 422
    assert "100 kolumner" in words(answer)


def test_the_company_is_not_asked_what_the_household_says(world: World, browse: Browse) -> None:
    """S39: the page about the household's answer showed it the need as it stands now, beside the card it was given."""
    placement = world.released()

    answers = [browse(world.staff_user).get(f"/placements/{placement.id}/{move}") for move in ("release", "refuse")]

    assert [answer.status_code for answer in answers] == [404, 200]
