"""Secrets read like attributes and lie sealed in their rows (S43, S45)."""

from uuid import uuid4

import pytest
from sqlalchemy import inspect, text, update
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, col, select

from bostad.needs.stays import AvoidKind
from bostad.needs.tables import AvoidArea, Case, with_number
from bostad.records import Sessions
from bostad.sealing.envelope import BrokenSeal, new_key, open_sealed, padded, seal
from bostad.sealing.keyring import Keyring, NoKeys
from bostad.sealing.tables import HouseholdKey
from tests.factories import NOON, AvoidAreaFactory, CaseFactory, NeedFactory
from tests.keys import KEYRING, other_keyring

NUMBER = "kanariefågel 4711"


def anew(sessions: Sessions, keyring: Keyring | None) -> Sessions:
    """Give the same database to a process with other keys, or with none."""
    return sessionmaker(**{**sessions.kw, "info": {"keyring": keyring}}, class_=sessions.class_)


def test_a_secret_is_read_back_as_it_was_written(sessions: Sessions, rows: Session) -> None:
    case = CaseFactory(case_number=NUMBER)
    area = AvoidAreaFactory(need=NeedFactory(case=case), kind=AvoidKind.CIRCLE, name="Torget", lat=62.5, metres=300)

    with sessions() as db:
        assert db.get_one(Case, case.id).case_number == NUMBER
        found = db.get_one(AvoidArea, area.id)
        assert (found.name, found.lat, found.lon, found.metres) == ("Torget", 62.5, None, 300)


def test_no_column_holds_it(sessions: Sessions, rows: Session) -> None:
    """S43: neither as it is written nor in any coding that a look at the row would show."""
    case = CaseFactory(case_number=NUMBER)
    AvoidAreaFactory(need=NeedFactory(case=case), name=NUMBER)

    tables = ("case_", "avoid_area", "household_key")
    kept = "".join(str(rows.execute(text(f"select t::text from {table} t")).all()) for table in tables)
    assert NUMBER not in kept
    assert NUMBER.encode().hex() not in kept
    assert "case_number" not in {column.key for column in inspect(Case).columns}


def test_a_changed_secret_is_sealed_anew_and_the_others_stay(sessions: Sessions, rows: Session) -> None:
    area = AvoidAreaFactory(name="Torget", municipality="9901")
    with sessions.begin() as db:
        before = db.get_one(AvoidArea, area.id)
        was = before.sealed
        before.name = "Hamnen"

    with sessions() as db:
        after = db.get_one(AvoidArea, area.id)
        assert (after.name, after.municipality) == ("Hamnen", "9901")
        assert after.sealed != was


def test_a_change_that_is_rolled_back_is_forgotten(sessions: Sessions, rows: Session) -> None:
    case = CaseFactory(case_number=NUMBER)
    with sessions() as db:
        found = db.get_one(Case, case.id)
        found.case_number = "en annan"
        db.rollback()
        assert found.case_number == NUMBER


def test_a_side_without_keys_can_neither_read_nor_write_one(sessions: Sessions, rows: Session) -> None:
    case = CaseFactory(case_number=NUMBER)
    without = anew(sessions, None)

    with without() as db:
        found = db.get_one(Case, case.id)
        with pytest.raises(NoKeys):
            _ = found.case_number
    where = {"board_id": case.board_id, "unit_id": case.unit_id, "worker_id": case.worker_id}
    with without() as db:
        db.add(Case(**where, case_number="1", opened_at=NOON))
        with pytest.raises(NoKeys):
            db.flush()


def test_other_keys_open_nothing(sessions: Sessions, rows: Session) -> None:
    case = CaseFactory(case_number=NUMBER)

    with anew(sessions, other_keyring())() as db, pytest.raises(BrokenSeal):
        _ = db.get_one(Case, case.id).case_number


def test_a_value_moved_to_another_row_or_household_does_not_open(sessions: Sessions, rows: Session) -> None:
    """What a value is about is authenticated with it: table, row and case."""
    mine, other = CaseFactory(case_number="1"), CaseFactory(case_number="2")
    twin = AvoidAreaFactory(need=NeedFactory(case=mine), name="Torget")
    second = AvoidAreaFactory(need_id=twin.need_id, need=None, name="Hamnen")
    for table, to, moved in ((Case, mine, other), (AvoidArea, twin, second)):
        rows.execute(update(table).where(col(table.id) == to.id).values(sealed=moved.sealed))
    rows.commit()

    with sessions() as db:
        for row in (db.get_one(Case, mine.id), db.get_one(AvoidArea, twin.id)):
            with pytest.raises(BrokenSeal):
                _ = getattr(row, "case_number", None) or row.name  # type: ignore[union-attr]


def test_without_its_key_a_household_is_closed_for_ever(sessions: Sessions, rows: Session) -> None:
    """S12: what was copied before is closed too, since the copy holds no key that opens it."""
    case = CaseFactory(case_number=NUMBER)
    rows.delete(rows.get_one(HouseholdKey, case.id))
    rows.commit()

    with sessions() as db, pytest.raises(BrokenSeal):
        _ = db.get_one(Case, case.id).case_number


def test_a_number_is_found_exactly_and_by_its_keyed_hash(sessions: Sessions, rows: Session) -> None:
    """S45: the hash is keyed, and by board: that two boards have a case of the same number does not show."""
    case, other = CaseFactory(case_number=NUMBER), CaseFactory(case_number=NUMBER)
    assert case.board_id != other.board_id

    with sessions() as db:
        assert db.exec(select(Case.id).where(with_number(db, case.board_id, NUMBER))).all() == [case.id]
        assert db.exec(select(Case.id).where(with_number(db, case.board_id, NUMBER[:-1]))).all() == []
        hashes = db.exec(select(Case.case_number_hash).where(col(Case.id).in_([case.id, other.id]))).all()
    assert len({*hashes, other_keyring().hash_for(case.board_id, NUMBER)}) == 3


def test_what_is_printed_of_a_row_or_of_keys_says_nothing(rows: Session) -> None:
    """S65: a row in a log line or a traceback is a row printed. ASVS V16.2.5."""
    case = CaseFactory(case_number=NUMBER)
    shown = f"{case!r} {KEYRING!r} {KEYRING.keys!r}"

    assert NUMBER not in shown
    assert KEYRING.keys.lookup.hex() not in shown
    assert repr(KEYRING.keys.lookup) not in shown


def test_the_length_of_a_name_does_not_show() -> None:
    key = new_key()
    lengths = {len(seal(key, padded(b"x" * length), id_of=b"\1", about=b"")) for length in range(1, 65)}
    assert len(lengths) == 1


@pytest.mark.parametrize("place", ["algorithm", "id", "nonce", "text", "tag"])
def test_a_changed_byte_anywhere_is_noticed(place: str) -> None:
    """ASVS V11.2.5, V11.3.3."""
    key, about = new_key(), str(uuid4()).encode()
    sealed = bytearray(seal(key, b"Torget", id_of=b"\1", about=about))
    sealed[{"algorithm": 0, "id": 1, "nonce": 2, "text": 14, "tag": -1}[place]] ^= 1

    with pytest.raises(BrokenSeal):
        open_sealed(key, bytes(sealed), id_length=1, about=about)
