"""What the web's own login roles may do with the log, asked in SQL: add a row in one's own name, and nothing else."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from bostad.accounts.access import Role
from bostad.audit.service import record
from bostad.zones.logins import Login
from tests.conftest import KnownAs
from tests.factories import NOON, BoardFactory, UserFactory, actor
from tests.roles import in_role
from tests.worlds import World

WEB = (Login.DOOR, Login.SOCIAL, Login.HOUSING, Login.REPORT)
ADD = "insert into audit_row (at, action, facts, actor_id, organisation_id) values (now(), 'a.b', '{}', :who, :whose)"


def test_one_adds_rows_in_ones_own_name_alone(world: World, known: KnownAs) -> None:
    """S67: neither another's name nor another's organisation is believed."""
    hers = known(world.worker_user, Login.SOCIAL)
    own = {"who": world.worker_user.id, "whose": world.board.id}

    with hers.begin() as db:
        db.execute(text(ADD), own)
    for wrong in ({"who": world.staff_user.id}, {"whose": world.company.id}, {"who": None}):
        with pytest.raises(ProgrammingError, match="row-level security"), hers.begin() as db:
            db.execute(text(ADD), own | wrong)


@pytest.mark.parametrize("login", WEB)
@pytest.mark.parametrize(
    "statement",
    [
        "insert into audit_row (number, at, action, facts) values (1, now(), 'a.b', '{}')",
        "insert into audit_row (hash, at, action, facts) values ('mine', now(), 'a.b', '{}')",
        "insert into audit_row (previous, at, action, facts) values ('mine', now(), 'a.b', '{}')",
        "insert into audit_row (written_at, at, action, facts) values (now(), now(), 'a.b', '{}')",
        "insert into audit_row (board_id, at, action, facts) values (null, now(), 'a.b', '{}')",
        "update audit_row set action = 'a.b'",
        "delete from audit_row",
        "truncate audit_row",
        "select * from audit_head",
        "select * from audit_head for update",
        "update audit_head set number = 0",
        "alter table audit_row disable trigger all",
        "drop trigger audit_row_stays on audit_row",
        "set local session_replication_role = 'replica'",
    ],
)
def test_no_web_role_has_more_of_the_log_than_adding_to_it(world: World, login: Login, statement: str) -> None:
    """S27, S67: no choice of number, hash or time; no change; not even a look at the head."""
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        in_role(world.sessions, login).begin() as db,
    ):
        db.execute(text(statement))


@pytest.mark.parametrize(
    ("role", "login", "count"),
    [
        (Role.SOCIAL_WORKER, Login.SOCIAL, 0),
        (Role.ADMINISTRATOR, Login.SOCIAL, 0),
        (Role.UNIT_MANAGER, Login.SOCIAL, 2),
        (Role.DATA_PROTECTION_OFFICER, Login.SOCIAL, 2),
        (Role.HOUSING_STAFF, Login.HOUSING, 0),
    ],
)
def test_the_log_is_read_by_whoever_answers_for_it(
    world: World, known: KnownAs, role: Role, login: Login, count: int
) -> None:
    """S66: one's own organisation's rows, and those about its cases whoever wrote them."""
    need = world.need()
    with world.writing():
        organisation = world.company if role is Role.HOUSING_STAFF else world.board
        user = UserFactory(organisation_id=organisation.id, organisation=None, role=role)
        stranger = UserFactory(organisation=BoardFactory())
    with world.sessions.begin() as db:
        record(db, "case.read", by=world.worker, at=NOON, subject=need.case_id)
        record(db, "card.read", by=world.staff, at=NOON, subject=need.id)
        record(db, "case.read", by=actor(stranger), at=NOON)

    with known(user, login)() as db:
        assert db.execute(text("select count(action) from audit_row")).scalar_one() == count


def test_the_webs_walk_along_the_chain_gives_three_numbers_and_no_row(world: World, known: KnownAs) -> None:
    """S33: the one question about rows that one may not see."""
    with world.sessions.begin() as db:
        record(db, "case.read", by=world.worker, at=NOON)

    with known(world.worker_user, Login.SOCIAL)() as db:
        rows, done, broken = db.execute(text("select * from audit_walked(100000)")).one()

    assert (rows > 0, done, broken) == (True, True, None)
