"""Raw SQL in a company's session: all that its role may read, compared between worlds that she may not tell apart.

S05, S31, S39: row by row, column by column, and every function that the role may call.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.agreements.states import CarryOver
from bostad.agreements.tables import LineMonth, QuotaLine
from bostad.needs.household import ContractForm
from bostad.needs.tables import Consent, Need
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.placements.endings import revoke_consent
from bostad.placements.tables import Placement
from bostad.protection.answers import NamedPerson
from bostad.protection.excluding import exclude_person
from bostad.protection.tables import BlockedCompany, ExcludedStaff
from bostad.records import Sessions
from bostad.zones.logins import Login
from bostad.zones.tables import TABLES
from tests.conftest import KnownAs
from tests.factories import NOON, UserFactory
from tests.worlds import World

CHANGES_SOMETHING = {"count_homes", "post_message"}
ASKED_WITHOUT_A_ROW = {"folded_name", "is_named_alike", "place_name", "lie_together", "agreed_in", "carried_into"}
"""They reckon with what they are given and read no table."""
OF_A_CARD = {"card_is_open", "card_is_bound"}
OF_HERSELF = {"who_user", "who_organisation", "who_role", "who_unit", "may_ask_about"}
ANSWERED = {"ledger_shown", *OF_A_CARD, *OF_HERSELF}
OF_BOARDS = {"homes_with_guests", "may_ask_for"}
"""Answered with nothing to a company: asked for a board whose session it is not."""

Dump = dict[str, list[str]]
COLUMNS = text(
    "select c.relname, string_agg(quote_ident(a.attname), ', ' order by a.attname) from pg_class c"
    " join pg_attribute a on a.attrelid = c.oid and not a.attisdropped"
    " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')"
    " and has_column_privilege('bostad_housing', c.oid, a.attnum, 'select') group by 1 order by 1"
)
CALLABLE = text(
    "select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace"
    " and p.prorettype <> 'trigger'::regtype and has_function_privilege('bostad_housing', p.oid, 'execute')"
)


@pytest.fixture
def excluded(world: World) -> User:
    """Give a person at the company who is to be excluded; the world's own staff are her colleagues.

    There are two homes, and what a month leaves goes on to the next: a promise shows in both.
    """
    with world.writing():
        user: User = UserFactory(
            organisation=world.company, role=Role.HOUSING_STAFF, name="Kristina Provgren", username="kripro"
        )
    world.home(), world.home()
    with world.sessions.begin() as db:
        month = db.exec(select(LineMonth)).one()
        month.agreed = 5
        line = db.get_one(QuotaLine, world.line.id)
        line.carry_over, line.carry_limit = CarryOver.LIMITED, 9
        db.add(LineMonth(line_id=line.id, month=(month.month + timedelta(days=31)).replace(day=1), agreed=5, carried=5))
    return user


@pytest.fixture
def dump(world: World, known: KnownAs) -> Callable[[User], Dump]:
    """Give everything that a person's session can read as the companies' role; cards are asked for by every id."""
    ways: dict[UUID, Sessions] = {}
    nobodys = uuid4()

    def dumped(user: User) -> Dump:
        if user.id not in ways:
            ways[user.id] = known(user, Login.HOUSING)
        with world.sessions() as db:
            columns = {row[0]: row[1] for row in db.execute(COLUMNS)}
            cards = list(db.execute(text("select id from card")).scalars())
            lines = list(db.execute(text("select id from quota_line")).scalars())
        with ways[user.id]() as db:
            found = {name: _rows(db, f"select {listed} from {name}") for name, listed in columns.items()}
            found["ledger"] = _rows(db, "select * from ledger_shown(:lines, who_user())", lines=lines)
            found["herself"] = _rows(db, "select who_user(), who_organisation(), who_role(), who_unit()")
            for name in OF_A_CARD:
                day = ", current_date" if name == "card_is_open" else ""
                asked = f"select {name}(one, who_user(){day}) from unnest(cast(:cards as uuid[])) one"
                found[name] = sorted(set(_rows(db, asked, cards=[*cards, nobodys])))
        return found

    return dumped


def _rows(db: Any, query: str, **values: Any) -> list[str]:
    return sorted(str(row) for row in db.connection().execute(text(query), values).all())


def _proposed(world: World, need: Need) -> Placement:
    world.run()
    placement = world.placement_of(need)
    assert placement is not None
    return placement


def _released(world: World, need: Need) -> Placement:
    placement = _proposed(world, need)
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)
    return placement


def _reserved(world: World, need: Need) -> Placement:
    placement = _released(world, need)
    service.reserve(world.sessions, placement.id, by=world.staff, at=NOON)
    return placement


def _signed(world: World, need: Need) -> Placement:
    placement = _reserved(world, need)
    contract = Contract(contract=ContractForm.FIRST_HAND, contract_from=NOON.date(), takeover_on=None)
    service.sign(world.sessions, placement.id, contract, by=world.staff, at=NOON)
    return placement


STAGES = [_proposed, _released, _reserved, _signed]


@pytest.mark.parametrize("go", STAGES)
def test_a_person_excluded_reads_the_same_as_if_there_were_no_such_case(
    world: World, excluded: User, dump: Callable[[User], Dump], go: Callable[[World, Need], Placement]
) -> None:
    """Whatever stage it has come to, and while her colleague does read it from the card on."""
    hers, colleagues = dump(excluded), dump(world.staff_user)
    need = world.need()
    answers = NamedPerson(company_id=world.company.id, person="Kristina Provgren")
    exclude_person(world.sessions, need.case_id, answers, by=world.worker, at=NOON)
    go(world, need)

    assert dump(excluded) == hers
    assert (dump(world.staff_user) == colleagues) == (go is _proposed)


def test_a_person_excluded_afterwards_reads_what_she_had_read_before_it_all(
    world: World, excluded: User, dump: Callable[[User], Dump]
) -> None:
    before = dump(excluded)
    need = world.need()
    _reserved(world, need)
    assert dump(excluded) != before
    with world.sessions.begin() as db:
        db.add(ExcludedStaff(need_id=need.id, company_id=world.company.id, name="Provgren, Kristina"))

    after = dump(excluded)

    # That a card once was open to her she knows; asked for by its id it is like one that never was.
    assert after == before


def test_a_company_excluded_whole_reads_the_same_as_if_there_were_no_such_case(
    world: World, dump: Callable[[User], Dump]
) -> None:
    world.home()
    before = dump(world.staff_user)
    need = world.need(consent=False)
    with world.sessions.begin() as db:
        db.add(BlockedCompany(need_id=need.id, company_id=world.company.id))
    world.run()

    assert world.placement_of(need) is None
    assert dump(world.staff_user) == before


def test_after_consent_is_taken_back_or_has_ended_nothing_is_left_to_read(
    world: World, dump: Callable[[User], Dump]
) -> None:
    """S11: the sums too, before anything has been tidied away."""
    world.home()
    before = dump(world.staff_user)
    need = world.need()
    placement = _reserved(world, need)
    with world.sessions.begin() as db:
        consent = db.exec(select(Consent).where(Consent.need_id == need.id)).one()
        held, long_ago = consent.ends_on, consent.given_on - timedelta(days=300)
        given, consent.given_on, consent.ends_on = consent.given_on, long_ago, long_ago + timedelta(days=90)
    assert dump(world.staff_user) == before
    with world.sessions.begin() as db:
        consent = db.get_one(Consent, consent.id)
        consent.given_on, consent.ends_on = given, held
    assert dump(world.staff_user) != before

    revoke_consent(world.sessions, consent.id, by=world.worker, at=NOON)

    assert world.again(placement).stage == "closed"
    assert dump(world.staff_user) == before


def test_every_function_that_the_role_may_call_is_one_that_is_asked_here(world: World) -> None:
    """S33: a new one must be thought of."""
    with world.sessions() as db:
        may = set(db.execute(CALLABLE).scalars())

    assert may - OF_BOARDS == ANSWERED | ASKED_WITHOUT_A_ROW | CHANGES_SOMETHING


@pytest.mark.parametrize(
    "question",
    [
        "select xmax from home",
        "select ctid, xmin from organisation",
        "select * from line_month",
        "select number from audit_row",
        "select n_tup_ins from pg_stat_user_tables",
        "select pg_stat_get_live_tuples('excluded_staff'::regclass)",
        "select pg_relation_size('excluded_staff')",
        "select * from pg_locks",
        "select * from pg_stat_activity",
        "select pg_current_wal_lsn()",
        "select count_homes((select id from quota_line limit 1), date '2026-11-01', 'released', -1)",
    ],
)
def test_what_the_server_counts_and_locks_is_not_for_the_companys_role(
    world: World, known: KnownAs, question: str
) -> None:
    """Locks taken, rows counted, bytes written: they would tell that something goes on with a home, or in a table."""
    world.released()
    way = known(world.staff_user, Login.HOUSING)

    with way() as db, pytest.raises(ProgrammingError, match=r"permission denied|not for you to count"):
        db.execute(text(question))


def test_no_table_is_forgotten(world: World) -> None:
    with world.sessions() as db:
        readable = {row[0] for row in db.execute(COLUMNS)}

    assert readable == {name for name, table in TABLES.items() if Login.HOUSING in table.ways} | {"alembic_version"}
