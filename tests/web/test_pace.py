"""S58: nobody copies the house page by page."""

import pytest
from litestar import Litestar
from sqlmodel import Session

from bostad.accounts.sessions import begin_session
from bostad.accounts.tables import User
from bostad.app import create_app
from bostad.errors import TooMany
from bostad.records import Sessions, clock
from bostad.web.auth import new_token
from bostad.web.pace import CHANGE_SECONDS, MOST_SESSIONS, Pace
from tests.browsing import Browser, words
from tests.conftest import SETTINGS
from tests.factories import UserFactory
from tests.people import CHEAP
from tests.roles import databases_of


class Watch:
    """A clock that the test moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def hurried(sessions: Sessions, watch: Watch) -> Litestar:
    """Put the web together with a pace of six requests in a minute."""
    pace = Pace(per_second=1, seconds=6, now=watch)
    return create_app(SETTINGS, databases_of(sessions), passwords=CHEAP, schema_is_current=lambda: True, pace=pace)


def test_five_a_second_over_a_minute_is_the_pace() -> None:
    assert Pace().most == 300


def test_who_asks_too_fast_is_told_to_wait_and_another_is_not(
    hurried: Litestar, sessions: Sessions, rows: Session, watch: Watch
) -> None:
    """U14: as a page that says so; and what others do is not counted for her."""
    fast, slow = (_signed_in(hurried, sessions, UserFactory()) for _ in range(2))

    answers = [fast.get("/me") for _ in range(7)]

    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert 'id="main"' in answers[-1].text
    assert words(answers[-1])
    assert slow.get("/me").status_code == 200
    watch.seconds = 6
    assert fast.get("/me").status_code == 200


def test_nobody_decides_faster_than_people_can(sessions: Sessions, rows: Session, watch: Watch) -> None:
    """S58. ASVS V2.4.2: ten changes in ten seconds. What is read meanwhile does not count, and then all is well."""
    app = create_app(
        SETTINGS, databases_of(sessions), passwords=CHEAP, schema_is_current=lambda: True, pace=Pace(now=watch)
    )
    browser = _signed_in(app, sessions, UserFactory())

    statuses = [browser.post("/me/language", locale="en").status_code for _ in range(10)]
    assert set(statuses) == {200}
    assert browser.post("/me/language", locale="sv").status_code == 429
    assert 'lang="en"' in browser.get("/me").text, "what was refused has changed nothing"
    watch.seconds = CHANGE_SECONDS
    assert browser.post("/me/language", locale="sv").status_code == 200


def test_a_stranger_and_a_style_sheet_are_not_counted(hurried: Litestar) -> None:
    stranger = Browser(hurried)

    assert {stranger.get("/sign-in").status_code for _ in range(10)} == {200}


def test_the_memory_is_bounded(watch: Watch) -> None:
    """F08."""
    pace = Pace(per_second=1, seconds=1, now=watch)
    for number in range(MOST_SESSIONS):
        pace.count(str(number))
    with pytest.raises(TooMany):
        pace.count("0")

    pace.count("one more")

    pace.count("0")


def _signed_in(app: Litestar, sessions: Sessions, user: User) -> Browser:
    browser, token = Browser(app), new_token()
    with sessions.begin() as db:
        begin_session(db, user, token, at=clock(sessions), proved_at=clock(sessions))
    browser.client.cookies.set("bostad", token, domain="testserver.local", path="/")
    return browser
