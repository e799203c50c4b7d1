"""A process that serves the companies alone: it holds no key, and no way to a case (S31)."""

import pytest

from bostad.accounts.sessions import begin_session
from bostad.adapters.database import Databases
from bostad.app import create_app
from bostad.records import clock
from bostad.settings import UnsafeSettings, read_web_settings
from tests.browsing import Browser, words
from tests.conftest import SETTINGS
from tests.people import CHEAP
from tests.roles import databases_of
from tests.worlds import World

ENVIRONMENT = {
    "BOSTAD_SIDE": "housing",
    "BOSTAD_DOOR_DATABASE_URL": "postgresql:///door",
    "BOSTAD_HOUSING_DATABASE_URL": "postgresql:///housing",
    "BOSTAD_REDIS_URL": "redis://",
    "BOSTAD_SECRET": "x" * 40,
    "BOSTAD_HOSTS": "companies.example",
}


def test_the_companies_pages_need_no_key_and_no_address_of_the_boards() -> None:
    assert {login.name for login in read_web_settings(ENVIRONMENT).databases} == {"DOOR", "HOUSING"}
    with pytest.raises(UnsafeSettings, match="BOSTAD_SOCIAL_DATABASE_URL"):
        read_web_settings(ENVIRONMENT | {"BOSTAD_SIDE": "both"})
    with pytest.raises(UnsafeSettings, match="BOSTAD_SIDE"):
        read_web_settings(ENVIRONMENT | {"BOSTAD_SIDE": "everybody"})


def test_a_social_worker_who_comes_to_the_companies_address_is_sent_away(world: World) -> None:
    world.released()
    every = databases_of(world.sessions)
    companies = Databases(every.door, None, every.housing, None)
    app = create_app(SETTINGS, companies, passwords=CHEAP, schema_is_current=lambda: True)

    pages = {}
    for user, address in ((world.worker_user, "/cases"), (world.staff_user, "/to-answer")):
        browser, now = Browser(app), clock(world.sessions)
        with world.sessions.begin() as db:
            begin_session(db, user, user.username, at=now, proved_at=now)
        browser.client.cookies.set("bostad", user.username, domain="testserver.local", path="/")
        browser.post("/me/language", locale="en")
        pages[address] = browser.get(address)

    assert (pages["/cases"].status_code, pages["/to-answer"].status_code) == (403, 200)
    assert "Your pages are at another address" in words(pages["/cases"])
