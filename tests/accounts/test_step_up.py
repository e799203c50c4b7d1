"""S23: which doors want the second factor proved a short while ago, and what they do when it was not."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import update
from sqlmodel import Session, col, select

from bostad.accounts.access import OrganisationKind, Role
from bostad.accounts.proofs import FRESH_FOR
from bostad.accounts.tables import Draft, SignedIn, Unit, User
from bostad.accounts.tokens import hash_of
from bostad.web.auth import RoleGuard, StepUpGuard
from tests.browsing import Browser, words
from tests.factories import BoardFactory, UnitFactory, UserFactory
from tests.people import HASHED, PASSWORD, code_now

Browse = Callable[[User | None], Browser]

SENSITIVE = {
    "who works with a case and sees its number": {
        "GET /cases/{case_id}/hand-over",
        "POST /cases/{case_id}/hand-over",
        "GET /cases/{case_id}/deputies",
        "POST /cases/{case_id}/deputies",
        "POST /cases/{case_id}/deputies/{user_id}/remove",
        "GET /cases/emergency",
        "POST /cases/emergency",
    },
    "what leaves or comes in as a whole": {
        "GET /cases/import",
        "POST /cases/import",
        "GET /homes/import",
        "POST /homes/import",
        "GET /imports/places",
        "POST /imports/places",
        "GET /imports/schools",
        "POST /imports/schools",
        "GET /consents/{consent_id}/print/{language}",
        "POST /cases/{case_id}/keeping/extract",
        "POST /cases/{case_id}/keeping/extract/file",
        "POST /readers/{case_id}/extract",
    },
    "what is thrown away, and when": {
        "GET /keeping/decision",
        "POST /keeping/decision",
        "POST /keeping/deletions/{deletion_id}/{how}",
        "POST /keeping/units/{unit_id}",
    },
    "how much may be read": {
        "POST /review/limits/{user_id}/lift",
    },
    "who is kept out": {
        "POST /cases/{case_id}/answers/areas/companies",
        "POST /cases/{case_id}/answers/areas/people/{exclusion_id}/lift",
        "POST /cases/{case_id}/answers/areas/{area_id}/remove",
        "POST /cases/{case_id}/apart/{pair_id}/remove",
        "POST /cases/{case_id}/protection/lift",
    },
    "what is shown to a company, and on what ground": {
        "GET /cases/{case_id}/consents/new",
        "POST /cases/{case_id}/consents/new",
        "GET /consents/{consent_id}/renew",
        "POST /consents/{consent_id}/renew",
        "POST /cases/{case_id}/without-consent",
        "POST /decisions/{kind}/{subject}",
        "GET /placements/{placement_id}/release",
        "POST /placements/{placement_id}/release",
    },
    "what binds": {
        "GET /placements/{placement_id}/sign",
        "POST /placements/{placement_id}/sign",
        "GET /agreements/new",
        "POST /agreements/new",
        "GET /agreements/{agreement_id}/edit",
        "POST /agreements/{agreement_id}/edit",
        "GET /agreements/{agreement_id}/{move}",
        "POST /agreements/{agreement_id}/{move}",
        "GET /agreements/{agreement_id}/lines/new",
        "POST /agreements/{agreement_id}/lines/new",
        "GET /lines/{line_id}",
        "POST /lines/{line_id}",
        "GET /joint-matching/{to}",
        "POST /joint-matching/{to}",
        "POST /county-runs/new",
        "POST /county-runs/{run_id}/join",
        "POST /county-runs/{run_id}/leave",
        "POST /contact",
    },
    "who may come in": {
        "GET /users/new",
        "POST /users/new",
        "GET /users/{user_id}/{act}",
        "POST /users/{user_id}/{act}",
        "POST /users/{user_id}/sessions/{session_id}/end",
        "POST /units",
        "GET /start-overs/{request_id}/agree",
        "POST /start-overs/{request_id}/agree",
        "POST /start-overs/{request_id}/refuse",
        "POST /me/password",
        "POST /me/recovery-codes",
        "POST /me/passkeys/{passkey_id}/remove",
        "POST /me/app/remove",
    },
}
"""Every door that asks, by what is behind it. Whoever adds one writes it down here; nothing else asks."""
DOORS = frozenset().union(*SENSITIVE.values())


def test_the_doors_that_ask_are_these_and_no_others(app: Litestar) -> None:
    """ASVS V6.3.4, V7.5.1."""
    assert {door for door, _, guard in _doors(app) if guard} == DOORS


@pytest.mark.parametrize("role", Role)
def test_a_proof_that_is_too_old_leads_to_the_second_step_at_these_doors_alone(
    role: Role, app: Litestar, browse: Browse, rows: Session
) -> None:
    """The matrix: every door that is open to a role, with an old proof and with a fresh one. ASVS V7.5.3."""
    user = _user(role)
    stale, fresh = browse(user), browse(user)
    _let_the_proof_grow_old(rows, stale)
    asked, asked_in_vain = set(), set()
    for door, handler, _ in _doors(app):
        if _is_open(handler, role) and door not in LEAVING:
            asked |= {door} if _leads_to_second_step(stale, door) else set()
            asked_in_vain |= {door} if _leads_to_second_step(fresh, door) else set()

    theirs = {door for door, handler, guard in _doors(app) if guard and _is_open(handler, role)}
    assert asked == theirs
    assert asked_in_vain == set()
    assert theirs


def test_after_the_proof_one_is_back_with_what_one_had_written(browse: Browse, rows: Session) -> None:
    """S22, S23, U35: nothing is done before the proof, nothing is lost, and the session has a new token after it."""
    admin = UserFactory(role=Role.ADMINISTRATOR, password_hash=HASHED)
    browser = browse(admin)
    _let_the_proof_grow_old(rows, browser)
    before = browser.client.cookies["bostad"]

    asked = browser.post("/units", name="Nya enheten")
    assert (asked.url.path, rows.exec(select(Unit)).all()) == ("/second-step", [])
    shown = browser.post("/second-step", code=_code(), next=asked.url.params["next"])
    assert (shown.url.path, "Nya enheten" in words(shown)) == ("/kept", True)
    browser.post("/units", name="Nya enheten", _kept="yes")

    assert rows.exec(select(Unit.name)).all() == ["Nya enheten"]
    assert rows.exec(select(Draft)).all() == []
    assert browser.client.cookies["bostad"] != before
    thief = browse(None)
    thief.client.cookies.set("bostad", before, domain="testserver.local", path="/")
    assert thief.get("/me", follow_redirects=False).status_code == 303


def test_a_password_is_never_kept_while_one_proves_who_one_is(browse: Browse, rows: Session) -> None:
    browser = browse(UserFactory(password_hash=HASHED))
    _let_the_proof_grow_old(rows, browser)

    browser.post("/me/password", password=PASSWORD, new_password="cold and so sweet")

    assert rows.exec(select(Draft)).all() == []


def test_htmx_is_led_to_the_second_step_as_a_page(browse: Browse, rows: Session) -> None:
    """U14."""
    browser = browse(UserFactory(role=Role.ADMINISTRATOR))
    _let_the_proof_grow_old(rows, browser)

    answer = browser.post("/units", htmx=True, name="Nya enheten")

    assert answer.headers["hx-redirect"].startswith("/second-step?next=/kept")


def _doors(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler, StepUpGuard | None]]:
    """List every door; one whose guard asks for some words in the address alone is a door for each of them."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            guard = next((one for one in handler.resolve_guards() if isinstance(one, StepUpGuard)), None)
            for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                path = re.sub(r":[a-z]+\}", "}", route.path)
                if guard and guard.word:
                    for value in guard.values:
                        yield f"{method} {path.replace('{' + guard.word + '}', value)}", handler, guard
                    yield f"{method} {path}", handler, None
                else:
                    yield f"{method} {path}", handler, guard


LEAVING = {"POST /sign-out", "POST /me/sign-out-everywhere", "POST /me/sessions/{session_id}/end"}


def _is_open(handler: HTTPRouteHandler, role: Role) -> bool:
    guards = [guard for guard in handler.resolve_guards() if isinstance(guard, RoleGuard)]
    return bool(guards) and all(role in guard.roles for guard in guards)


def _leads_to_second_step(browser: Browser, door: str) -> bool:
    method, path = door.split(" ")
    if path.startswith("/second-step"):
        return False
    address = re.sub(r"\{(?:move|act|kind|to|part|language|how)\}", "nothing", path)
    address = re.sub(r"\{[a-z_]+\}", str(uuid4()), address)
    answer = browser.get(address, follow_redirects=False) if method == "GET" else browser.post(address, follow=False)
    location: str = answer.headers.get("location", "")
    return location.startswith("/second-step")


def _let_the_proof_grow_old(rows: Session, browser: Browser) -> None:
    this = col(SignedIn.token_hash) == hash_of(browser.client.cookies["bostad"])
    long_ago = col(SignedIn.proved_at) - FRESH_FOR - timedelta(seconds=1)
    rows.execute(update(SignedIn).where(this).values(proved_at=long_ago))
    rows.commit()


def _user(role: Role) -> User:
    company = role is Role.HOUSING_STAFF
    kind = OrganisationKind.HOUSING_COMPANY if company else OrganisationKind.SOCIAL_BOARD
    organisation = BoardFactory(kind=kind)
    user: User = UserFactory(organisation=organisation, role=role, unit=UnitFactory(board=organisation))
    return user


def _code() -> str:
    return code_now()
