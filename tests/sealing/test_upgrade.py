"""A database from before anything was sealed is brought over whole."""

from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import text

from bostad.adapters.database import _config, connect, migrate, sessions_on
from bostad.needs.tables import AvoidArea, Case
from bostad.sealing.keyring import UnsafeKeys
from tests.conftest import _run, on_database
from tests.keys import KEYRING

ROWS = (
    (
        "insert into organisation (id, code, name, kind, municipality, private_landlord)"
        " values (:org, 'sn', 'Socialnämnden', 'social_board', '9901', false)"
    ),
    "insert into unit (id, organisation_id, name) values (:unit, :org, 'Enheten')",
    (
        "insert into account (id, organisation_id, unit_id, username, name, role, locale)"
        " values (:user, :org, :unit, 'anna', 'Anna', 'social_worker', 'sv')"
    ),
    (
        "insert into case_ (id, board_id, unit_id, worker_id, case_number, opened_at)"
        " values (:case, :org, :unit, :user, 'SN 2026/14', now())"
    ),
    (
        "insert into need (id, case_id, board_id, state, opted_in, started_at, sections_done, version, couples,"
        " child_ages, municipalities, contracts, target_group, must, wish)"
        " values (:need, :case, :org, 'draft', false, now(), '{}', 1, 0, '{}', '{}', '{}', 'violence', '{}', '{}')"
    ),
    (
        "insert into avoid_area (id, need_id, kind, municipality, name, lat, lon, metres)"
        " values (:area, :need, 'circle', '9901', 'Torget', 62.5, 17.5, 300)"
    ),
)
"""One case as version 0.1 wrote it."""


def test_an_upgrade_seals_what_lay_open(server_url: str) -> None:
    """S43: and without the keys it is refused, and changes nothing."""
    ids = {name: uuid4() for name in ("org", "unit", "user", "case", "need", "area")}
    _run(server_url, "drop database if exists upgraded with (force)")
    _run(server_url, "create database upgraded")
    url = on_database(server_url, "upgraded")
    engine = connect(url, pool_size=1)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0004")
        with engine.begin() as connection:
            for statement in ROWS:
                connection.execute(text(statement), {name: one for name, one in ids.items() if f":{name}" in statement})

        with pytest.raises(UnsafeKeys, match="BOSTAD_KEYS_FILE"):
            migrate(url)
        migrate(url, keyring=KEYRING)

        with sessions_on(engine, keyring=KEYRING)() as db:
            case, area = db.get_one(Case, ids["case"]), db.get_one(AvoidArea, ids["area"])
            assert case.case_number == "SN 2026/14"
            assert case.case_number_hash == KEYRING.hash_for(ids["org"], "SN 2026/14")
            assert (area.municipality, area.name, area.lat, area.lon, area.metres) == (
                "9901",
                "Torget",
                62.5,
                17.5,
                300,
            )
    finally:
        engine.dispose()
        _run(server_url, "drop database upgraded with (force)")
