"""What somebody reads when it went wrong: where she is, what to do about it, and the way back."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from bostad.accounts.access import Role
from bostad.accounts.proofs import FRESH_FOR
from bostad.accounts.tables import SignedIn, User
from bostad.web.hosts import WRONG_NAME
from tests.browsing import Browser, words
from tests.factories import UserFactory
from tests.people import HASHED
from tests.worlds import World

Browse = Callable[[User | None], Browser]


@pytest.mark.parametrize("path", ["/sign-in", "/cases", "/nowhere", "/health/ready", "/static/nothing.css"])
def test_under_a_wrong_name_both_languages_say_so_and_nothing_else(path: str, browse: Browse, rows: Session) -> None:
    """S57, U14: in plain words, and alike whether there is something at the address or not."""
    for browser in (browse(None), browse(UserFactory(role=Role.SOCIAL_WORKER))):
        answer = browser.get(path, headers={"Host": "elsewhere.example"})
        assert (answer.status_code, answer.text) == (400, WRONG_NAME)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


def test_a_page_that_had_been_open_too_long_leads_back_to_itself(browse: Browse, rows: Session) -> None:
    """U17, U28: the page is hers; a reload of the refusal shows it, and sends nothing again."""
    browser = browse(UserFactory(role=Role.SOCIAL_WORKER))

    answer = browser.client.post("/cases/new", data={"_csrf_token": "old", "case_number": "SN 1"})

    assert answer.status_code == 403
    assert '<a class="ds-link" href="/cases/new">' in answer.text
    assert 'data-again="/cases/new"' in answer.text


def test_what_is_not_there_for_her_leads_to_her_own_first_page_alone(browse: Browse, rows: Session) -> None:
    """S06, U27: no link says that there is something."""
    answer = browse(UserFactory(role=Role.SOCIAL_WORKER)).get("/agreements/00000000-0000-0000-0000-000000000000")

    main = answer.text.partition("<main")[2].partition("</main>")[0]
    assert answer.status_code == 404
    assert main.count("href=") == 1
    assert '<a class="ds-link" href="/cases">Gå till: Mina ärenden</a>' in main


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.SOCIAL_WORKER, "/cases/import"),
        (Role.HOUSING_STAFF, "/homes/import"),
        (Role.ADMINISTRATOR, "/imports/places"),
        (Role.ADMINISTRATOR, "/imports/schools"),
    ],
    ids=str,
)
def test_whoever_must_show_who_she_is_reads_that_the_file_has_to_be_chosen_again(
    role: Role, address: str, browse: Browse, rows: Session
) -> None:
    """S23, U28, U35: at the second step, and where the file is asked for."""
    browser = browse(UserFactory(role=role, password_hash=HASHED))
    rows.exec(update(SignedIn).values(proved_at=col(SignedIn.proved_at) - 2 * FRESH_FOR))
    rows.commit()

    asked = browser.upload(address, "list.csv", b"a;b")
    assert "Filer sparas inte: du väljer din igen efteråt." in words(asked)
    assert f'name="next" value="{address}?file=again"' in asked.text

    rows.exec(update(SignedIn).values(proved_at=datetime.now(UTC)))
    rows.commit()
    assert "Välj den igen och skicka den." in words(browser.get(f"{address}?file=again"))
    assert "Välj den igen" not in words(browser.get(address))


def test_whoever_was_signed_out_reads_it_where_she_signs_in(browse: Browse, rows: Session) -> None:
    """U35."""
    browser = browse(None)
    asked = browser.upload("/homes/import", "list.csv", b"a;b")
    assert "Filer sparas inte: du väljer din igen när du har loggat in." in words(asked)


def test_a_search_that_finds_nothing_is_not_said_to_save_anything(browse: Browse, rows: Session) -> None:
    """U17: the same words stand above every form, so they are true of a search and of signing in too."""
    answer = browse(UserFactory(role=Role.SOCIAL_WORKER)).post("/cases/find", case_number="")

    assert answer.status_code == 422
    assert "spara" not in answer.text.partition('id="error-summary"')[2].partition("</ul>")[0]


def test_what_is_wrong_is_said_in_the_order_of_the_questions(browse: Browse, rows: Session) -> None:
    """U16: whoever mends from the top of the list goes down the page."""
    UserFactory(role=Role.UNIT_MANAGER)  # another board to agree with
    answer = browse(UserFactory(role=Role.UNIT_MANAGER)).post("/county-runs/new", name="x")

    links = [part.partition('"')[0] for part in answer.text.split('href="#')[1:]]
    fields = [name for name in links if name != "main"]
    assert len(fields) > 3
    assert fields == sorted(fields, key=lambda name: answer.text.index(f'id="{name}"'))


def test_a_reload_after_a_refused_form_shows_the_form_and_not_some_page_above_it(browse: Browse, world: World) -> None:
    """U16, U28: also where a case or a home stands in the address."""
    case_id = world.need().case_id
    for address in (f"/cases/{case_id}/answers/household", f"/cases/{case_id}/deputies"):
        answer = browse(world.worker_user).post(address)
        assert (answer.status_code, f'data-again="{address}"' in answer.text) == (422, True)

    named = browse(world.worker_user).post(f"/cases/{case_id}/answers/areas/named")
    assert f'data-again="/cases/{case_id}/answers/areas"' in named.text


@pytest.mark.parametrize(
    ("written", "told"),
    [("19850712-1234", "personnummer"), ("Anna Andersson", "ser ut som ett namn"), ("SN 2026/7", None)],
)
def test_a_case_is_not_known_by_who_it_is_about(written: str, told: str | None, browse: Browse, world: World) -> None:
    """S09, S31: what is written where a number belongs is looked at before it is kept."""
    answer = browse(world.worker_user).post("/cases/new", case_number=written)
    assert (answer.status_code == 422, (told or "") in words(answer)) == (told is not None, True)


def test_every_import_asks_for_a_file_in_the_same_words(browse: Browse, rows: Session) -> None:
    """U16, U17."""
    for role, address in ((Role.SOCIAL_WORKER, "/cases/import"), (Role.ADMINISTRATOR, "/imports/places")):
        assert "Fil: Välj en fil." in words(browse(UserFactory(role=role)).upload(address, "list.csv", b""))


def test_the_officer_reads_what_was_read_in_her_own_language(browse: Browse, world: World, rows: Session) -> None:
    """U39, S66: the log's short names are the program's."""
    browse(world.worker_user).get(f"/cases/{world.need().case_id}/answers/household")
    officer = UserFactory(organisation=world.board, role=Role.DATA_PROTECTION_OFFICER)

    log = words(browse(officer).get("/log"))
    assert "barnens ålder" in log.lower() or "barnens åldrar" in log.lower()
    assert "child_ages" not in log


def test_whoever_is_asked_to_sign_in_on_the_way_is_told_that_she_comes_there(browse: Browse) -> None:
    """U17, U28: it looks like no page of hers, so it says why it is shown."""
    told = "Logga in så kommer du till sidan du ville till."
    assert told in words(browse(None).get("/overview"))
    assert told not in words(browse(None).get("/"))


def test_the_list_of_homes_says_why_the_month_counts_more_than_it_shows(browse: Browse, world: World) -> None:
    """U34: a sum that differs from what stands below it is explained where it stands."""
    assert "räknas fortfarande som publicerad" in words(browse(world.staff_user).get("/homes"))


def test_no_button_about_a_household_is_called_what_leaves_a_page_unsaved(
    browse: Browse, world: World, rows: Session
) -> None:
    """U26: `Avbryt` alone is what other programs call going back without saving."""
    placement_id = world.released().id
    page = browse(world.worker_user).get(f"/placements/{placement_id}").text
    assert f'href="/placements/{placement_id}/call_off">Avbryt förslaget</a>' in page
