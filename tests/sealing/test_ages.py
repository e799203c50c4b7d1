"""Whoever runs the service is told when a key or a password has grown older than docs/keys.md promises (S43)."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bostad import tasks
from bostad.adapters.key_file import add_key, keyring_from
from bostad.audit.tables import AuditRow
from bostad.cli import main
from bostad.oversight.key_ages import key_ages
from bostad.records import Sessions, clock
from bostad.sealing.ages import KEPT_AFTER, PASSWORD, SECRET, WRAPS, Age
from bostad.settings import held_secrets
from tests.factories import NOON
from tests.sealing.test_inventory import INVENTORY
from tests.sealing.test_keys import _teller
from tests.sealing.test_secrets import anew

HELD = {"BOSTAD_SECRET": "s" * 40, "BOSTAD_DOOR_DATABASE_URL": "a password"}
DAY = timedelta(days=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    add_key(tmp_path / "keys")
    return tmp_path / "keys"


def test_each_is_as_old_as_the_day_it_was_first_seen(sessions: Sessions, rows: Session, file: Path) -> None:
    """S43. ASVS V13.3.4: a month for the key that wraps, a year for BOSTAD_SECRET, 90 days for a password."""
    sessions = anew(sessions, keyring_from(file=str(file), written=""))
    by_day = {day: key_ages(sessions, HELD, at=NOON + day * DAY) for day in (0, 1, 20)}

    for day, ages in by_day.items():
        assert [(age.days, age.is_over, age.most) for age in ages] == [
            (day, False, most) for most in (WRAPS, SECRET, PASSWORD)
        ]
    assert _over(sessions, HELD, days=WRAPS) == []
    assert [age.then for age in _over(sessions, HELD, days=WRAPS + 1)] == ["bostad keys rotate"]
    assert [age.what for age in _over(sessions, HELD, days=PASSWORD + 1)][1:] == ["BOSTAD_DOOR_DATABASE_URL"]
    assert len(_over(sessions, HELD, days=SECRET + 1)) == 3


def test_a_new_one_begins_anew_and_the_one_before_has_to_go_in_time(
    sessions: Sessions, rows: Session, file: Path
) -> None:
    """S43. ASVS V13.3.4: five weeks after a rotation no backup needs the former key any more."""
    old = keyring_from(file=str(file), written="").keys.newest
    key_ages(anew(sessions, keyring_from(file=str(file), written="")), HELD, at=NOON)
    add_key(file)
    sessions = anew(sessions, keyring_from(file=str(file), written=""))
    changed = HELD | {"BOSTAD_SECRET": "t" * 40}
    former, wraps, secret, password = key_ages(sessions, changed, at=NOON + 30 * DAY)

    assert [age.days for age in (former, wraps, secret, password)] == [0, 0, 0, 30]
    assert not former.is_over
    over = _over(sessions, changed, days=30 + KEPT_AFTER + 1)
    assert [age.then for age in over] == [f"bostad keys retire {old}", "bostad keys rotate"]


def test_what_was_seen_is_one_row_of_the_log_that_tells_nothing(sessions: Sessions, rows: Session, file: Path) -> None:
    """S43, S65: the variable's name and a keyed mark; no board, so nobody's page shows it."""
    sessions = anew(sessions, keyring_from(file=str(file), written=""))
    for _ in range(3):
        key_ages(sessions, HELD, at=NOON)
    noted = rows.exec(select(AuditRow).where(AuditRow.action == "keys.noted").order_by(col(AuditRow.number))).all()

    assert [row.facts["what"].split()[0] for row in noted] == ["wrap", *HELD]
    assert {(row.organisation_id, row.board_id, row.actor_id, *sorted(row.facts)) for row in noted} == {
        (None, None, None, "what")
    }
    other = anew(sessions, keyring_from(file=str(_another(file)), written=""))
    key_ages(other, HELD, at=NOON)
    marks = rows.exec(select(AuditRow.subject_id).where(AuditRow.action == "keys.noted")).all()
    assert len(set(marks)) == 6, "the same secrets, marked with other keys, are others"


def test_the_worker_leaves_a_line_for_each_that_is_too_old(
    sessions: Sessions, rows: Session, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """S43. ASVS V13.3.4."""
    sessions = anew(sessions, keyring_from(file=str(file), written=""))
    key_ages(sessions, HELD, at=clock(sessions) - 100 * DAY)
    tasks.tell_of_old_keys(sessions, HELD)

    lines = [vars(one) for one in caplog.records if one.name == "bostad.keys" and one.levelno == logging.WARNING]
    assert [(line["key"].split()[0], line["days"]) for line in lines] == [
        ("key", 100),
        ("BOSTAD_DOOR_DATABASE_URL", 100),
    ]


def test_the_command_says_all_and_its_exit_code_is_for_cron(
    real_sessions: Sessions, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """S43. ASVS V13.3.4: and no secret is printed."""
    with real_sessions() as db:
        url = db.get_bind().engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("BOSTAD_KEYS_FILE", str(file))
    monkeypatch.setenv("BOSTAD_WORKER_DATABASE_URL", url)
    monkeypatch.setenv("BOSTAD_SECRET", HELD["BOSTAD_SECRET"])
    said, key = _teller(capsys), keyring_from(file=str(file), written="").keys.newest

    code, told = said("keys", "ages")
    assert (code, told.splitlines()[0]) == (0, f"key {key}: 0 days at least, of 31.")
    assert "BOSTAD_SECRET: 0 days at least, of 366." in told
    assert "no password here: BOSTAD_DATABASE_URL, " in told
    assert (HELD["BOSTAD_SECRET"] in told, url in told) == (False, False)

    _seen_long_ago(real_sessions, add_key(file).newest, file)
    code, told = said("keys", "ages")
    assert (code, "of 31. Too old: bostad keys rotate." in told) == (1, True)
    assert main(["keys", "rotate"]) == 0
    assert said("keys", "ages")[0] == 1, "the former key's time is over as well"


def test_a_password_is_found_in_its_address_and_in_its_file(tmp_path: Path) -> None:
    """E07: a socket and a certificate need none."""
    (tmp_path / "secret").write_text("from a vault\n")
    given = {
        "BOSTAD_SECRET_FILE": str(tmp_path / "secret"),
        "BOSTAD_SOCIAL_DATABASE_URL": "postgresql://bostad_social:p%40ss@localhost/bostad",
        "BOSTAD_DOOR_DATABASE_URL": "postgresql://bostad_door@/bostad?host=/run/postgresql",
        "BOSTAD_HOSTS": "homes.example",
    }

    assert held_secrets(given) == {"BOSTAD_SECRET": "from a vault", "BOSTAD_SOCIAL_DATABASE_URL": "p%40ss"}


def test_the_document_promises_these_days() -> None:
    """S49."""
    assert f"{WRAPS} days for the key that wraps, {KEPT_AFTER} for a former one after the rotation" in INVENTORY
    assert f"{SECRET} for `BOSTAD_SECRET`, {PASSWORD} for a password" in INVENTORY


def _over(sessions: Sessions, held: Mapping[str, str], *, days: int) -> list[Age]:
    return [age for age in key_ages(sessions, held, at=NOON + days * DAY) if age.is_over]


def _another(file: Path) -> Path:
    other = file.with_name("others")
    add_key(other)
    return other


def _seen_long_ago(sessions: Sessions, key_id: str, file: Path) -> None:
    """Have the newest key be noted as it was a hundred days ago."""
    keyed = anew(sessions, keyring_from(file=str(file), written=""))
    ages = key_ages(keyed, {}, at=clock(sessions) - 100 * DAY)
    assert ages[-1].what == f"key {key_id}"
