"""What is hidden and what never was are refused alike: the same code, the same words (S06, S32).

Raw SQL as each side's role, with the id of something hidden, which one may have been told, and with one of nothing.
"""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.needs.tables import Case
from bostad.protection.answers import NamedPerson
from bostad.protection.excluding import exclude_person
from bostad.records import Sessions
from bostad.zones.logins import Login
from tests.conftest import KnownAs
from tests.factories import NOON, UserFactory
from tests.worlds import World, make_world

OF_THE_COMPANY = (
    "update placement set stage = 'reserved' where id = :placement",
    "select id from placement where id = :placement for update",
    (
        "insert into placement_event (id, placement_id, at, move, stage)"
        " values (gen_random_uuid(), :placement, now(), 'reserve', 'reserved')"
    ),
    (
        "insert into acknowledgement (id, card_id, user_id, reservation, at)"
        " values (gen_random_uuid(), :card, who_user(), '2026-11', now())"
    ),
    "select card_is_open(:card, who_user(), current_date), card_is_bound(:card, who_user())",
)
OF_THE_BOARD = (
    "update case_ set worker_id = who_user() where id = :case",
    "insert into deputy (id, case_id, user_id, until) values (gen_random_uuid(), :case, who_user(), current_date)",
    (
        "insert into need (id, case_id, board_id, state, opted_in, started_at, sections_done, version, couples,"
        " child_ages, municipalities, contracts, target_group, must, wish) values (gen_random_uuid(), :case,"
        " who_organisation(), 'draft', true, now(), '{}', 1, 0, '{}', '{}', '{}', 'violence', '{}', '{}')"
    ),
    "insert into blocked_company (id, need_id, company_id) values (gen_random_uuid(), :need, :company)",
    "insert into excluded_staff (id, need_id, company_id, name) values (gen_random_uuid(), :need, :company, 'Prov')",
    (
        "insert into kept_apart (id, board_id, case_id, other_id, scope, made_by, made_at)"
        " values (gen_random_uuid(), who_organisation(), least(:case, :own), greatest(:case, :own), 'building',"
        " who_user(), now())"
    ),
    (
        "insert into what_if (id, board_id, asked_by, asked_at, case_id, kind, details, answer)"
        " values (gen_random_uuid(), who_organisation(), who_user(), now(), :case, 'other_rule', '{}', '{}')"
    ),
    "select others_in_the_way(:need, array[:home])",
    "select count(*) from household_key where case_id = :case",
    "select may_be_opened(:case)",
)
OF_ANOTHER_BOARD = (
    "update home set state = 'paused' where id = :home",
    "select make_way(:home, now())",
    "select * from going_on_under(:agreement)",
    "select month_is_full(:line, date '2026-11-01')",
    "select count_homes(:line, date '2026-11-01', 'approved', 1)",
    "select ledger_anew(:line, date '2026-11-01')",
    (
        "insert into quota_line (id, agreement_id, code, name, groups, contracts, per_month, carry_over, required,"
        " districts_excluded)"
        " values (gen_random_uuid(), :agreement, 'x', 'x', '{violence}', '{}', 1, 'none', '{}', '{}')"
    ),
    *OF_THE_BOARD,
)


@pytest.fixture
def hidden(world: World) -> dict[str, UUID]:
    """Give the ids of a case with heightened protection, whose card one person at the company must not hear of."""
    with world.writing():
        UserFactory(organisation=world.company, role=Role.HOUSING_STAFF, name="Kristina Provgren", username="kripro")
    placement = world.released()
    need, own = world.again_need(placement), world.need()
    answers = NamedPerson(company_id=world.company.id, person="Kristina Provgren")
    exclude_person(world.sessions, need.case_id, answers, by=world.worker, at=NOON)
    with world.sessions.begin() as db:
        db.get_one(Case, need.case_id).heightened = True
    return {
        "placement": placement.id,
        "card": world.card_of(placement).id,
        "case": need.case_id,
        "need": need.id,
        "home": placement.home_id,
        "company": world.company.id,
        "agreement": world.agreement.id,
        "line": world.line.id,
        "own": own.case_id,
    }


def answer(way: Sessions, statement: str, ids: dict[str, UUID]) -> str:
    """Give what PostgreSQL answers, the ids that were asked with left out."""
    wanted = {name: value for name, value in ids.items() if f":{name}" in statement}
    try:
        with way() as db:
            found = db.connection().execute(text(statement), wanted)
            said = f"{found.rowcount} {[tuple(row) for row in found] if found.returns_rows else ''}"
            db.rollback()
    except DBAPIError as refused:
        said = f"{getattr(refused.orig, 'sqlstate', '')} {refused.orig}"
    for value in wanted.values():
        said = said.replace(str(value), "...")
    return said


def nothing_like(ids: dict[str, UUID], *kept: str) -> dict[str, UUID]:
    return {name: value if name in kept else uuid4() for name, value in ids.items()}


def person(world: World, username: str) -> User:
    with world.sessions() as db:
        return db.get_one(
            User, db.execute(text("select id from account where username = :n"), {"n": username}).scalar()
        )


@pytest.mark.parametrize("statement", OF_THE_COMPANY)
def test_to_somebody_excluded_a_placement_is_like_one_that_never_was(
    world: World, known: KnownAs, hidden: dict[str, UUID], statement: str
) -> None:
    way = known(person(world, "kripro"), Login.HOUSING)

    assert answer(way, statement, hidden) == answer(way, statement, nothing_like(hidden))


@pytest.mark.parametrize("statement", OF_THE_BOARD)
def test_to_a_colleague_a_case_she_is_not_named_for_is_like_one_that_never_was(
    world: World, known: KnownAs, hidden: dict[str, UUID], statement: str
) -> None:
    with world.writing():
        colleague = UserFactory(organisation=world.board, unit_id=world.unit_id)
    with world.sessions.begin() as db:
        db.get_one(Case, hidden["own"]).worker_id = colleague.id
    way, kept = known(colleague, Login.SOCIAL), ("company", "home", "own")

    assert answer(way, statement, hidden) == answer(way, statement, nothing_like(hidden, *kept))


@pytest.mark.parametrize("statement", OF_ANOTHER_BOARD)
def test_to_another_board_what_is_not_its_own_is_like_what_never_was(
    world: World, known: KnownAs, hidden: dict[str, UUID], statement: str
) -> None:
    other = make_world(world.sessions)
    way = known(other.worker_user, Login.SOCIAL)

    assert answer(way, statement, hidden) == answer(way, statement, nothing_like(hidden, "company", "own"))
