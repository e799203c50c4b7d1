"""`bostad org` and `bostad user`, run as an operator runs them."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from bostad.accounts.answers import ChoosePassword
from bostad.accounts.pages import organisation_named, units_of
from bostad.accounts.signing_in import choose_password, sign_in
from bostad.accounts.tables import User
from bostad.adapters.database import connect, sessions_on
from bostad.adapters.embedded import Servers
from bostad.cli import main
from bostad.records import Sessions, clock
from bostad.zones.logins import Login
from tests.conftest import fresh_database
from tests.people import CHEAP, PASSWORD, from_browser, given

CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{2,4}){6}")
ADD_BOARD = (
    "org",
    "add",
    "namnden",
    "Nämnden",
    "--kind",
    "social_board",
    "--municipality",
    "9901",
    "--unit",
    "Enheten",
)
ADD_ANNA = (
    "user",
    "add",
    "anna",
    "--name",
    "Anna Ek",
    "--org",
    "namnden",
    "--role",
    "social_worker",
    "--unit",
    "Enheten",
)


@pytest.fixture
def database(server_url: str, monkeypatch: pytest.MonkeyPatch, redis_url: str) -> Iterator[Sessions]:
    """Give the commands a database of their own, by the environment alone."""
    with fresh_database(server_url, f"cli_{id(monkeypatch)}") as url:
        door = Servers(url, redis_url).logins()[Login.DOOR]
        environment = {
            "DOOR_DATABASE_URL": door,
            "REDIS_URL": redis_url,
            "SECRET": "x" * 40,
            "HOSTS": "testserver.local",
        }
        for name, value in environment.items():
            monkeypatch.setenv(f"BOSTAD_{name}", value)
        engine = connect(url, pool_size=2)
        yield sessions_on(engine)
        engine.dispose()


def test_an_organisation_and_a_user_are_added_and_she_signs_in(
    database: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [main(ADD_BOARD), main(ADD_ANNA)] == [0, 0]
    (code,) = CODE.findall(capsys.readouterr().out)
    at = clock(database)

    choice = ChoosePassword(username="anna", code=code, new_password=PASSWORD)
    choose_password(database, choice, CHEAP, address="here", at=at)

    assert sign_in(database, given("anna"), CHEAP, browser=from_browser(), at=at).name == "Anna Ek"
    board = organisation_named(database, "namnden")
    assert [unit.name for unit in units_of(database, board)] == ["Enheten"]


def test_disable_and_reset(database: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    main(ADD_BOARD)
    main(ADD_ANNA)
    capsys.readouterr()

    assert main(["user", "reset", "Anna"]) == 0
    assert len(CODE.findall(capsys.readouterr().out)) == 1
    assert main(["user", "disable", "anna"]) == 0
    with database() as db:
        assert db.exec(select(User.disabled_at)).one() is not None
    assert main(["user", "reset", "anna"]) == 1
    assert "disabled" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (ADD_BOARD, "code already"),
        (("org", "add", "x y", "X", "--kind", "social_board", "--municipality", "9901"), "CODE: Use letters a to z"),
        (("org", "add", "x" * 41, "X", "--kind", "social_board", "--municipality", "9901"), "CODE: Use at most 40"),
        (
            ("org", "add", "x", "X", "--kind", "social_board", "--municipality", "99"),
            "--municipality: Write the municipality's code, four digits.",
        ),
        (
            ("user", "add", "b", "--name", "B", "--org", "namnden", "--role", "administrator"),
            "USERNAME: Use letters a to z",
        ),
        (("user", "add", "bo", "--name", "B", "--org", "nowhere", "--role", "administrator"), "nowhere"),
        (("user", "add", "bo", "--name", "B", "--org", "namnden", "--role", "housing_staff"), "--role: "),
        (("user", "add", "bo", "--name", "B", "--org", "namnden", "--role", "social_worker"), "--unit: "),
        ((*ADD_ANNA[:-1], "Ingen"), "Ingen"),
        (("user", "reset", "nobody"), "nobody"),
        (("user", "disable", "nobody"), "nobody"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_was_wrong(
    command: tuple[str, ...], told: str, database: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    main(ADD_BOARD)
    capsys.readouterr()

    assert main(command) == 1

    refused = capsys.readouterr()
    assert (refused.out, refused.err.count("\n")) == ("", 1)
    assert told in refused.err


def test_without_settings_nothing_is_tried(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("BOSTAD_DOOR_DATABASE_URL", raising=False)

    assert main(["user", "disable", "anna"]) == 1
    assert "BOSTAD_DOOR_DATABASE_URL is not set" in capsys.readouterr().err
