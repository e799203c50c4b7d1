"""The second step as people meet it: set up at the first sign-in, asked for anew; with a passkey, with an app."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlmodel import col

from bostad.accounts.access import Role
from bostad.accounts.signing_in import set_password
from bostad.accounts.tables import SignedIn, User
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.live import Live
from tests.browser.watching import Watch
from tests.factories import BoardFactory, UserFactory, writing_with
from tests.people import HASHED, PASSWORD, code_now

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
NEW_KEY = "#main form[data-passkey='new'] button"
USE_KEY = "#main form[data-passkey='use'] button"
CODE = "#main form[action='/second-step'] button"


@pytest.fixture
def newcomer(live: Live) -> User:
    """Let somebody in who has chosen a password and nothing more."""
    with live.sessions() as db, writing_with(db):
        user: User = UserFactory(organisation=BoardFactory(), role=Role.ADMINISTRATOR)
        set_password(db, user.id, HASHED)
        db.commit()
    return user


@pytest.fixture
def admin(live: Live) -> User:
    with live.sessions() as db, writing_with(db):
        user: User = UserFactory(organisation=BoardFactory(), role=Role.ADMINISTRATOR, password_hash=HASHED)
    return user


def by_name(page: Page, live: Live, watch: Watch) -> str:
    """Give the service's address by name: passkeys belong to a name, never to a number."""
    watch.base = live.base.replace("127.0.0.1", "localhost")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return watch.base


def give_password(page: Page, user: User, base: str = "") -> None:
    page.goto(f"{base}/sign-in")
    page.locator("#username").fill(user.username)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")


def test_a_passkey_is_made_at_the_first_sign_in_and_used_at_the_next(
    visit: Visit, live: Live, watch: Watch, newcomer: User
) -> None:
    """S18, U43: by a real browser's own ceremony; the recovery codes are shown once; nothing violates the policy."""
    page = visit()
    base = by_name(page, live, watch)
    give_password(page, newcomer, base)
    expect(page.locator(NEW_KEY)).to_be_visible()
    assert violations(page) == []
    page.locator("#name").fill("Min dator")
    page.locator(NEW_KEY).click()
    expect(page.locator("#main li code")).to_have_count(8)
    assert violations(page) == []
    page.locator("#main a.ds-button").click()
    expect(page.locator("header a[href='/me']")).to_have_text(newcomer.name)
    page.goto(f"{base}/me")
    expect(page.locator("#main")).to_contain_text("Min dator")
    page.locator("form[action='/sign-out'] button").click()

    give_password(page, newcomer, base)
    expect(page.locator(USE_KEY)).to_be_visible()
    assert violations(page) == []
    page.locator(USE_KEY).click()
    expect(page.locator("header a[href='/me']")).to_have_text(newcomer.name)


def test_a_passkey_that_is_not_there_is_said_and_the_code_remains(
    visit: Visit, live: Live, watch: Watch, newcomer: User
) -> None:
    """U14: whoever closes the browser's own box is told what to do next, with the focus on it."""
    page = visit()
    base = by_name(page, live, watch)
    give_password(page, newcomer, base)
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('closed')); }")
    page.locator(NEW_KEY).click()
    expect(page.locator("[data-failed]")).to_be_visible()
    expect(page.locator("[data-failed]")).to_be_focused()
    expect(page.locator("#main form[action='/second-step/new/app'] button")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_by_a_number_or_without_scripts_no_passkey_is_offered_and_the_app_is(
    visit: Visit, newcomer: User, *, scripts: bool
) -> None:
    """U09."""
    page = visit(scripts=scripts)
    give_password(page, newcomer)
    expect(page.locator("#code")).to_be_visible()
    expect(page.get_by_role("img", name="QR-kod")).to_be_visible()
    expect(page.locator(NEW_KEY)).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_is_sensitive_asks_anew_and_goes_on_with_what_was_written(
    visit: Visit, live: Live, admin: User, *, scripts: bool
) -> None:
    """S23, U09, U35."""
    page = visit(admin, scripts=scripts)
    page.goto("/units")
    page.locator("#name").fill("Nya enheten")
    with live.sessions.begin() as db:
        mine = update(SignedIn).where(col(SignedIn.user_id) == admin.id)
        db.execute(mine.values(proved_at=col(SignedIn.proved_at) - timedelta(hours=1)))
    page.locator("#main form[action='/units'] button").click()
    expect(page.locator("#code")).to_be_visible()
    if scripts:
        assert violations(page) == []
    page.locator("#code").fill("000000")
    page.locator(CODE).click()
    expect(page.locator("#code-error")).to_be_visible()
    page.locator("#code").fill(code_now())
    page.locator(CODE).click()
    page.locator("#main form[action='/units'] button").click()
    expect(page.locator("#main ul.ds-list")).to_contain_text("Nya enheten")
