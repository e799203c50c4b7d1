"""The keys lie outside the database, are refused when they are not safe, and change while people work (S43, S44)."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bostad.adapters.key_file import add_key, drop_key, keyring_from
from bostad.cli import main
from bostad.needs.tables import Case
from bostad.records import Sessions
from bostad.sealing.envelope import AES_256_GCM
from bostad.sealing.keyring import LOOKUP, WRAP, UnsafeKeys, read_entries
from bostad.sealing.rotation import check_keys, wrap_anew, wrapped_by
from bostad.sealing.tables import HouseholdKey
from tests.factories import CaseFactory, writing_with
from tests.keys import KEY_TEXT, KEYRING, entry, other_keyring
from tests.sealing.test_secrets import anew


@pytest.fixture
def file(tmp_path: Path) -> Path:
    add_key(tmp_path / "keys")
    return tmp_path / "keys"


def test_a_new_file_is_its_owners_alone_and_each_new_key_wraps(file: Path) -> None:
    first = keyring_from(file=str(file), written="").keys
    assert file.stat().st_mode & 0o777 == 0o600

    second = add_key(file)
    assert (second.lookup_id, next(iter(second.wrapping))) == (first.lookup_id, first.newest)
    assert second.newest not in first.wrapping
    assert list(drop_key(file, first.newest).wrapping) == [second.newest]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o700 | 0o010])
def test_a_file_that_others_may_read_stops_the_start(file: Path, mode: int) -> None:
    """ASVS V13.3.2."""
    file.chmod(mode)
    with pytest.raises(UnsafeKeys, match="nobody but its owner"):
        keyring_from(file=str(file), written="")


UNSAFE: dict[str, str] = {
    "no key that wraps": entry(LOOKUP, 1),
    "no key for look-up": entry(WRAP, 1),
    "two keys for look-up": f"{entry(LOOKUP, 1)} {entry(LOOKUP, 2)} {entry(WRAP, 1)}",
    "the same key twice": f"{KEY_TEXT} {entry(WRAP, 1)}",
    "a key that is too short": f"{entry(LOOKUP, 1)} wrap:00112233:c2hvcnQ=",
    "a key that is not random": f"{entry(LOOKUP, 1)} wrap:00112233:{'A' * 43}=",
    "no base64": f"{entry(LOOKUP, 1)} wrap:00112233:!!!!",
    "another use": f"{KEY_TEXT} sign:00112233:{'A' * 43}=",
    "no id": f"{KEY_TEXT} wrap:{'A' * 43}=",
    "nothing": "",
}


@pytest.mark.parametrize("written", UNSAFE.values(), ids=UNSAFE)
def test_unsafe_keys_are_refused_and_the_refusal_does_not_repeat_them(written: str) -> None:
    with pytest.raises(UnsafeKeys) as refusal:
        read_entries(written)
    assert not any(word.split(":")[-1] in str(refusal.value) for word in written.split())


def test_there_is_one_place_for_keys(file: Path) -> None:
    for given in ({"file": "", "written": ""}, {"file": str(file), "written": KEY_TEXT}):
        with pytest.raises(UnsafeKeys, match="BOSTAD_KEYS_FILE or BOSTAD_KEY"):
            keyring_from(**given)


def test_a_rotation_leaves_everybody_at_work(real_sessions: Sessions, file: Path) -> None:
    """S44: who started before it reads on, and so does who starts after it. ASVS V11.2.2."""
    before = anew(real_sessions, keyring_from(file=str(file), written=""))
    old = keyring_from(file=str(file), written="").keys.newest
    with before() as db, writing_with(db):
        cases = [CaseFactory(case_number=f"9901-{number}").id for number in range(7)]

    new = add_key(file).newest
    after = anew(real_sessions, keyring_from(file=str(file), written=""))
    assert wrap_anew(after, batch=3) == 7
    assert wrap_anew(after) == 0, "a second time there is nothing to do"

    assert wrapped_by(after) == {new: 7}
    drop_key(file, old)
    for sessions in (before, after):
        with sessions() as db:
            assert [db.get_one(Case, case_id).case_number for case_id in cases] == [f"9901-{n}" for n in range(7)]
    with before() as db, writing_with(db):
        CaseFactory(case_number="9901-8")
    assert wrapped_by(before) == {new: 8}, "a process from before wraps with the newest key as well"


def test_each_value_says_how_it_was_sealed(rows: Session) -> None:
    """S44: the algorithm's id stands first in every value, then the key's. ASVS V11.3.2."""
    case = CaseFactory()
    key = rows.get_one(HouseholdKey, case.id)

    assert {case.sealed[0], key.wrapped[0]} == {AES_256_GCM}
    assert key.wrapped[1:5].hex() == key.key_id == KEYRING.keys.newest


def test_a_check_names_the_keys_that_do_not_open(sessions: Sessions, rows: Session) -> None:
    well, broken, moved = CaseFactory(), CaseFactory(), CaseFactory()
    rows.get_one(HouseholdKey, broken.id).wrapped = other_keyring().wrap(b"x" * 32, broken.id)[1]
    rows.get_one(HouseholdKey, moved.id).wrapped = rows.get_one(HouseholdKey, well.id).wrapped
    rows.commit()

    found = check_keys(sessions)
    assert (dict(found.opened), set(found.broken)) == ({KEYRING.keys.newest: 1}, {broken.id, moved.id})


def test_the_commands_make_rotate_check_and_retire(
    real_sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "keys"
    with real_sessions() as db:
        url = db.get_bind().engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("BOSTAD_KEYS_FILE", str(file))
    monkeypatch.setenv("BOSTAD_WORKER_DATABASE_URL", url)
    said = _teller(capsys)

    assert said("keys", "new")[0] == 0
    old = read_entries(file.read_text()).newest
    with anew(real_sessions, keyring_from(file=str(file), written=""))() as db, writing_with(db):
        CaseFactory()
    assert said("keys", "retire", old) == (
        1,
        f"bostad: The key {old} still wraps households' keys; bostad keys rotate first.",
    )
    code, told = said("keys", "rotate")
    new = read_entries(file.read_text()).newest
    assert (code, f"1 households' keys are wrapped by {new} now." in told) == (0, True)
    assert said("keys", "check") == (0, f"{new} wraps 1 households' keys; all of these open.\n1 keys open, 0 do not.")
    assert said("keys", "retire", old)[0] == 0
    assert list(read_entries(file.read_text()).wrapping) == [new]
    with real_sessions() as db:
        assert len(db.exec(select(HouseholdKey).where(HouseholdKey.key_id == new)).all()) == 1


def test_keys_written_in_a_variable_are_read_and_never_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOSTAD_KEY", KEY_TEXT)
    monkeypatch.delenv("BOSTAD_KEYS_FILE", raising=False)

    assert keyring_from(file="", written=os.environ["BOSTAD_KEY"]).keys == KEYRING.keys
    code, told = _teller(capsys)("keys", "new")
    assert (code, "BOSTAD_KEY cannot be written to" in told) == (1, True)


def test_a_drill_counts_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    """S44: the goal is 100,000 keys in ten minutes, and nobody refused; this is the same command on a few."""
    code, told = _teller(capsys)("keys", "rotate", "--drill", "300")

    assert code == 0, told
    assert re.search(r"^300 households' keys wrapped anew in [\d.]+ s", told)
    assert "refused: 0" in told


def _teller(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def said(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, (out + err).strip()

    return said
