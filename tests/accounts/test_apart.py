"""What proves who somebody is stands apart: out of the sides' reach, and brought over from before."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlmodel import Session

from bostad.accounts.sessions import begin_session
from bostad.accounts.tokens import hash_of
from bostad.records import Sessions, clock
from bostad.resources import resource
from bostad.zones.logins import Login
from tests.conftest import on_database
from tests.factories import UserFactory

PROOFS = ("session", "credential", "authenticator", "passkey", "recovery_code", "challenge", "one_time_code")
OLD_HASH = "$argon2id$v=19$of before"


@pytest.mark.parametrize("table", PROOFS)
def test_the_sides_and_the_reports_read_and_write_nothing_of_it(table: str, rows: Session) -> None:
    """S02, S31: neither a password's hash nor a session, whatever page is wrong."""
    asked = text("select has_table_privilege(:role, :name, :verb) or has_any_column_privilege(:role, :name, :column)")
    held = {
        (login.value, verb)
        for login in (Login.SOCIAL, Login.HOUSING, Login.REPORT)
        for verb in ("select", "insert", "update", "delete")
        if rows.execute(
            asked, {"role": login, "name": table, "verb": verb, "column": "select" if verb == "delete" else verb}
        ).scalar_one()
    }

    assert held == set()


def test_the_account_that_colleagues_read_holds_no_hash(rows: Session) -> None:
    columns = text("select column_name from information_schema.columns where table_name = 'account'")

    assert not any("password" in name or "hash" in name for name in rows.execute(columns).scalars())


def test_the_database_knows_nobody_by_a_session_of_one_factor(sessions: Sessions, rows: Session) -> None:
    """S31: the policies ask `who_user()`, which wants the second factor too."""
    user, at = UserFactory(), clock(sessions)
    asked = text("select set_config('bostad.session', :token, true), who_user()")
    known = []
    for token, proved_at in (("half", None), ("whole", at)):
        with sessions.begin() as db:
            begin_session(db, user, token, at=at, proved_at=proved_at)
        rows.execute(asked, {"token": hash_of(token)})
        known.append(rows.execute(text("select who_user()")).scalar_one())

    assert known == [None, user.id]


def test_a_password_of_before_is_brought_over_and_back(server_url: str) -> None:
    """Whoever had a password has it still, and has been here; drafts, which are sealed anew, are gone."""
    server = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("drop database if exists before with (force)"))
        connection.execute(text("create database before"))
    engine = create_engine(on_database(server_url, "before"))
    try:
        with engine.begin() as connection:
            _go_to(connection, "0002")
            connection.execute(text(OF_BEFORE), {"hash": OLD_HASH})
            _go_to(connection, "0003")
            found = connection.execute(text(WHO_HAS_WHAT)).all()
            assert found == [("anna", OLD_HASH, True), ("bo", None, False)]
            assert connection.execute(text("select count(*) from draft")).scalar_one() == 0
            command.downgrade(_config(connection), "0002")
            kept = connection.execute(text("select password_hash from account order by username")).scalars().all()
            assert kept == [OLD_HASH, None]
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.execute(text("drop database before with (force)"))
        server.dispose()


OF_BEFORE = """
with board as (
    insert into organisation (id, code, name, kind, municipality, private_landlord)
    values (gen_random_uuid(), 'sn', 'SN', 'social_board', '9901', false) returning id
), people as (
    insert into account (id, organisation_id, username, name, role, password_hash, locale)
    select gen_random_uuid(), board.id, named.username, named.username, 'administrator', named.hash, 'sv'
    from board, (values ('anna', cast(:hash as text)), ('bo', null)) named (username, hash) returning id
)
insert into draft (id, user_id, path, sealed, saved_at) select gen_random_uuid(), people.id, '/', '', now() from people
"""
WHO_HAS_WHAT = """
select username, password_hash, entered_at is not null
from account left join credential on credential.user_id = account.id order by username
"""


def _go_to(connection: Connection, revision: str) -> None:
    command.upgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    config.attributes["connection"] = connection
    return config
