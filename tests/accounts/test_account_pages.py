"""The administrator's pages and one's own, as they are clicked through without JavaScript (U09)."""

import re
from base64 import b32decode
from collections.abc import Callable

import pytest
from litestar import Litestar
from sqlmodel import Session

from bostad.accounts.access import OrganisationKind, Role
from bostad.accounts.proofs import RECOVERY_CODES
from bostad.accounts.tables import Organisation, User
from bostad.web.accounts import ACTS
from tests.browsing import Browser, words
from tests.factories import BoardFactory, CompanyFactory, UnitFactory, UserFactory
from tests.people import HASHED, PASSWORD, code_now

Browse = Callable[[User | None], Browser]
CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{2,4}){6}")


@pytest.fixture
def board(rows: Session) -> Organisation:
    made: Organisation = BoardFactory()
    return made


@pytest.fixture
def admin(board: Organisation) -> User:
    made: User = UserFactory(organisation=board, role=Role.ADMINISTRATOR)
    return made


def test_from_invitation_to_the_first_page(browse: Browse, board: Organisation, admin: User) -> None:
    """The whole way in: a code handed over, a password chosen, a sign-in."""
    unit = UnitFactory(board=board)
    invited = browse(admin).post("/users/new", username="Anna", name="Anna Ek", role="social_worker", unit=str(unit.id))
    (code,) = set(CODE.findall(invited.text))

    anna = browse(None)
    chosen = anna.post("/code", username="anna", code=code.lower(), new_password=PASSWORD)
    assert (chosen.url.path, chosen.status_code) == ("/sign-in", 200)
    asked = anna.post("/sign-in", username="anna", password=PASSWORD)
    assert asked.url.path == "/second-step/new"
    (written,) = re.findall(r"<code>([A-Z2-7 ]{39})</code>", asked.text)
    secret = b32decode(written.replace(" ", ""))
    codes = anna.post("/second-step/new/app", code=code_now(secret))

    assert len(set(CODE.findall(codes.text))) == RECOVERY_CODES
    assert "Anna Ek" in words(anna.get("/me"))


def test_a_code_is_shown_once(browse: Browse, board: Organisation, admin: User) -> None:
    user = UserFactory(organisation=board, password_hash=HASHED)
    browser = browse(admin)

    shown = browser.post(f"/users/{user.id}/reset")

    assert len(CODE.findall(shown.text)) == 1
    assert shown.headers["cache-control"] == "no-store"
    for address in ("/users", f"/users/{user.id}", f"/users/{user.id}/reset"):
        assert CODE.findall(browser.get(address).text) == []


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_a_page_that_says_what_it_leads_to(
    act: str, browse: Browse, board: Organisation, admin: User
) -> None:
    """U26, U31: it names the user in words, never in the title."""
    user = UserFactory(organisation=board, name="Anna Ek")

    page = browse(admin).get(f"/users/{user.id}/{act}")

    assert page.status_code == 200
    assert "Anna Ek" in words(page)
    assert "Anna Ek" not in page.text.split("</title>")[0]
    assert f'action="/users/{user.id}/{act}"' in page.text
    assert f'href="/users/{user.id}"' in page.text


def test_a_disabled_user_is_out_at_her_next_request_everywhere(
    browse: Browse, board: Organisation, admin: User, app: Litestar
) -> None:
    """S22, S11: in every browser and on every page. ASVS V7.4.2."""
    user = UserFactory(organisation=board)
    browsers = [browse(user), browse(user)]
    assert [browser.get("/me").status_code for browser in browsers] == [200, 200]

    browse(admin).post(f"/users/{user.id}/disable")

    pages = [route.path for route in app.routes if "{" not in route.path and "GET" in getattr(route, "methods", ())]
    guarded = [page for page in pages if page not in OPEN]
    assert "/me" in guarded
    for browser in browsers:
        answers = {page: browser.get(page, follow_redirects=False).headers.get("location", "") for page in guarded}
        assert {page for page, location in answers.items() if not location.startswith("/sign-in")} == set()


def test_ending_sessions_signs_out_and_lets_sign_in_again(browse: Browse, board: Organisation, admin: User) -> None:
    """S22. ASVS V7.4.5."""
    user = UserFactory(organisation=board, password_hash=HASHED)
    browser = browse(user)

    browse(admin).post(f"/users/{user.id}/end-sessions")

    assert browser.get("/me", follow_redirects=False).status_code == 303
    assert browser.sign_in(user.username).url.path == "/news"


def test_an_administrator_of_another_organisation_is_told_there_is_nothing(
    browse: Browse, board: Organisation, admin: User
) -> None:
    """S06: the same answer as for an address that nobody has."""
    user = UserFactory(organisation=board)
    stranger = browse(UserFactory(organisation=CompanyFactory(), role=Role.ADMINISTRATOR))
    absent = "00000000-0000-4000-8000-000000000000"

    for path in ("", *(f"/{act}" for act in ACTS)):
        theirs, nobodys = stranger.get(f"/users/{user.id}{path}"), stranger.get(f"/users/{absent}{path}")
        assert theirs.status_code == 404
        assert theirs.text == nobodys.text
    assert [stranger.post(f"/users/{user.id}/{act}").status_code for act in ACTS] == [404] * len(ACTS)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_users_are_an_administrators_matter(role: Role, browse: Browse, board: Organisation) -> None:
    """S37."""
    browser = browse(UserFactory(organisation=board, role=role))

    assert [browser.get(address).status_code for address in ("/users", "/users/new", "/units")] == [403] * 3
    assert browser.post("/units", name="Enhet").status_code == 403


def test_an_administrator_sees_no_case(browse: Browse, admin: User, app: Litestar) -> None:
    """S01: her pages are these, and no others of the house open for her."""
    browser = browse(admin)
    pages = [route.path for route in app.routes if "{" not in route.path and "GET" in getattr(route, "methods", ())]

    opened = {page for page in pages if page not in OPEN and browser.get(page, follow_redirects=False).is_success}

    hers = {
        "/me",
        "/news",
        "/second-step/new",
        "/users",
        "/users/new",
        "/units",
        "/start-overs",
        "/contact",
        "/how-matching-works",
    }
    assert opened <= hers | {"/imports", "/imports/places", "/imports/schools"}


def test_a_company_is_offered_only_its_own_roles(browse: Browse, rows: Session) -> None:
    company = CompanyFactory(kind=OrganisationKind.HOUSING_COMPANY)
    page = browse(UserFactory(organisation=company, role=Role.ADMINISTRATOR)).get("/users/new").text

    offered = set(re.findall(r'name="role" value="(\w+)"', page))

    assert offered == {"housing_staff", "administrator"}


def test_a_form_with_mistakes_comes_back_as_it_was_written(browse: Browse, board: Organisation, admin: User) -> None:
    """U13, U16."""
    answer = browse(admin).post("/users/new", username="an na", name="Anna Ek", role="social_worker")

    assert answer.status_code == 422
    assert 'value="Anna Ek"' in answer.text
    assert 'value="an na"' in answer.text
    assert 'id="error-summary"' in answer.text


def test_a_unit_is_added_and_listed(browse: Browse, admin: User) -> None:
    browser = browse(admin)

    answer = browser.post("/units", name="Boendeenheten")
    again = browser.post("/units", name="Boendeenheten")

    assert "Boendeenheten" in words(answer)
    assert (answer.status_code, again.status_code) == (200, 422)


def test_a_changed_password_leaves_this_browser_signed_in_under_a_new_token(browse: Browse, rows: Session) -> None:
    """S22. ASVS V6.2.2."""
    user = UserFactory(password_hash=HASHED)
    browser, other = browse(user), browse(user)
    before = browser.client.cookies["bostad"]

    answer = browser.post("/me/password", follow=False, password=PASSWORD, new_password="cold and so sweet")

    assert before not in answer.headers["set-cookie"]
    assert other.get("/me", follow_redirects=False).status_code == 303


def test_the_language_chosen_is_spoken_from_the_next_page_on(browse: Browse, rows: Session) -> None:
    """U08."""
    browser = browse(UserFactory())
    languages = [re.findall(r'<html lang="(\w+)"', browser.get("/me").text)]

    browser.post("/me/language", locale="en")
    languages.append(re.findall(r'<html lang="(\w+)"', browser.get("/me").text))

    assert languages == [["sv"], ["en"]]


def test_signing_out_everywhere_ends_the_other_browser_too(browse: Browse, rows: Session) -> None:
    """ASVS V7.5.2."""
    user = UserFactory()
    browser, other = browse(user), browse(user)

    answer = browser.post("/me/sign-out-everywhere")

    assert answer.url.path == "/sign-in"
    assert other.get("/me", follow_redirects=False).status_code == 303


OPEN = {"/", "/accessibility", "/code", "/health/live", "/health/ready", "/sign-in"}
