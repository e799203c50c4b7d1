"""Within a board each person's session finds the cases that stand open to her, and what belongs to them (S31, S34)."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import select

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.errors import Invalid
from bostad.needs.case_answers import Colleague
from bostad.needs.loading import led_by, open_to
from bostad.needs.people import hand_over
from bostad.needs.tables import Case, Deputy
from bostad.oversight.answers import EmergencyAnswers, Hours
from bostad.oversight.emergency import open_in_emergency
from bostad.oversight.states import Emergency
from bostad.oversight.tables import EmergencyOpening
from bostad.protection.disclosures import disclosures_of_board
from bostad.records import Sessions, clock
from bostad.zones.logins import Login
from tests.conftest import KnownAs
from tests.factories import NOON, UnitFactory, UserFactory, actor
from tests.worlds import World

OF_A_CASE = ("case_", "need", "consent", "placement", "card", "household_key", "placement_event")
ALL, NONE = dict.fromkeys(OF_A_CASE, 1), dict.fromkeys(OF_A_CASE, 0)
KEY_OF_THE_BOARD = NONE | {"household_key": 1}
"""A case that goes on may be opened in an emergency, and its key seals the note of that; alone it opens nothing."""


@pytest.fixture
def people(world: World) -> dict[str, User]:
    """Give the people of a board, none of whom works with the world's case but its own worker."""
    with world.writing():
        of_unit = {"organisation": world.board, "unit_id": world.unit_id}
        return {
            "worker": world.worker_user,
            "colleague": UserFactory(**of_unit),
            "stand-in": UserFactory(**of_unit),
            "manager": UserFactory(**of_unit, role=Role.UNIT_MANAGER),
            "manager elsewhere": UserFactory(
                organisation=world.board, unit=UnitFactory(board=world.board), role=Role.UNIT_MANAGER
            ),
            "officer": UserFactory(organisation=world.board, role=Role.DATA_PROTECTION_OFFICER),
            "administrator": UserFactory(organisation=world.board, role=Role.ADMINISTRATOR),
        }


def stand_in(world: World, case_id: UUID, user: User, *, days: int) -> None:
    until = clock(world.sessions).date() + timedelta(days=days)
    with world.sessions.begin() as db:
        db.add(Deputy(case_id=case_id, user_id=user.id, until=until))


def counted(way: Sessions) -> dict[str, int]:
    with way() as db:
        return {name: db.execute(text(f"select count(*) from {name}")).scalar_one() for name in OF_A_CASE}


def opened(world: World, way: Sessions, case_id: UUID, user: User) -> UUID:
    with world.sessions() as db:
        number = db.get_one(Case, case_id).case_number
    given = EmergencyAnswers(
        case_number=number, because=Emergency.ON_CALL, note="Kollegan svarar inte.", may_change=False, hours=Hours.FOUR
    )
    return open_in_emergency(way, given, by=actor(user, world.board), at=clock(world.sessions))


def test_each_person_finds_what_her_work_asks_for_and_no_more(
    world: World, known: KnownAs, people: dict[str, User]
) -> None:
    case_id = world.again_need(world.released()).case_id
    stand_in(world, case_id, people["stand-in"], days=3)

    found = {name: counted(known(user, Login.SOCIAL)) for name, user in people.items()}

    assert found == {
        "worker": ALL,
        "colleague": KEY_OF_THE_BOARD,
        "stand-in": ALL,
        "manager": ALL,
        "manager elsewhere": NONE,
        "officer": NONE | {"case_": 1, "household_key": 1},
        "administrator": NONE,
    }


def test_who_stood_in_until_yesterday_finds_nothing_any_more(
    world: World, known: KnownAs, people: dict[str, User]
) -> None:
    case_id = world.again_need(world.released()).case_id
    stand_in(world, case_id, people["stand-in"], days=-1)

    assert counted(known(people["stand-in"], Login.SOCIAL)) == KEY_OF_THE_BOARD


def test_an_emergency_opens_a_case_for_its_hours_and_shuts_it_by_itself(
    world: World, known: KnownAs, people: dict[str, User]
) -> None:
    case_id = world.again_need(world.released()).case_id
    way = known(people["colleague"], Login.SOCIAL)
    assert counted(way) == KEY_OF_THE_BOARD

    assert opened(world, way, case_id, people["colleague"]) == case_id
    assert counted(way) == ALL

    with world.sessions.begin() as db:
        opening = db.exec(select(EmergencyOpening)).one()
        opening.opened_at, opening.until = (
            moment - timedelta(hours=5) for moment in (opening.opened_at, opening.until)
        )
    assert counted(way) == KEY_OF_THE_BOARD


def test_what_cannot_be_opened_in_an_emergency_is_not_found_and_has_no_key(
    world: World, known: KnownAs, people: dict[str, User]
) -> None:
    """S06: heightened, closed, another's: one answer, in the database too."""
    case_id = world.again_need(world.released()).case_id
    with world.sessions.begin() as db:
        db.get_one(Case, case_id).heightened = True
    way = known(people["colleague"], Login.SOCIAL)

    with pytest.raises(Invalid):
        opened(world, way, case_id, people["colleague"])
    assert counted(way) == NONE
    forged = text(
        "insert into emergency_opening (id, case_id, user_id, because, may_change, opened_at, until, sealed)"
        " values (gen_random_uuid(), :case, who_user(), 'on_call', true, now(), now() + interval '1 hour', '')"
    )
    with way() as db, pytest.raises(ProgrammingError, match="row-level security"):
        db.execute(forged, {"case": case_id})


def test_a_case_that_is_handed_over_is_no_longer_hers_and_nobody_stands_in(
    world: World, known: KnownAs, people: dict[str, User]
) -> None:
    case_id = world.again_need(world.released()).case_id
    stand_in(world, case_id, people["stand-in"], days=3)
    way = known(people["worker"], Login.SOCIAL)

    hand_over(way, case_id, Colleague(colleague_id=people["colleague"].id), by=world.worker, at=NOON)

    assert counted(way) == counted(known(people["stand-in"], Login.SOCIAL)) == KEY_OF_THE_BOARD
    assert counted(known(people["colleague"], Login.SOCIAL)) == ALL


def test_the_officer_reads_the_ledger_of_disclosures_without_a_row_of_need_or_consent(
    world: World, known: KnownAs, people: dict[str, User]
) -> None:
    card = world.card_of(world.released())
    ways = {name: known(user, Login.SOCIAL) for name, user in people.items()}

    (line,) = disclosures_of_board(ways["officer"], skip=0, by=actor(people["officer"], world.board)).disclosures

    assert (line.code, line.company, line.lines) == (card.code, world.company.name, ())
    asked = text("select * from board_disclosures(:board, 0, 9)")
    for name in ("worker", "manager", "administrator"):
        with ways[name]() as db:
            assert db.execute(asked, {"board": world.board.id}).all() == []


def test_the_policies_and_the_loaders_are_one_rule(world: World, known: KnownAs, people: dict[str, User]) -> None:
    """Every person against every kind of case: hers, a colleague's, of another unit, heightened, stood in for."""
    on = clock(world.sessions).date()
    cases = list(_every_kind(world, people))
    for name, user in people.items():
        by = actor(user, world.board)
        with world.sessions() as db:
            expected = set(db.exec(select(Case.id).where(open_to(by, on) | led_by(by))).all())
        with known(user, Login.SOCIAL)() as db:
            assert set(db.execute(text("select case_id from need")).scalars()) == expected, name
            own = set(db.execute(text("select id from case_")).scalars())
        assert own == (set(cases) if name == "officer" else expected), name


def _every_kind(world: World, people: dict[str, User]) -> Iterator[UUID]:
    for worker in ("worker", "colleague"):
        for heightened in (False, True):
            for stood_in in (False, True):
                need = world.need()
                with world.sessions.begin() as db:
                    case = db.get_one(Case, need.case_id)
                    case.worker_id, case.heightened = people[worker].id, heightened
                    if worker == "colleague" and not heightened:
                        case.unit_id = people["manager elsewhere"].unit_id or case.unit_id
                if stood_in:
                    stand_in(world, need.case_id, people["stand-in"], days=0)
                yield need.case_id


def test_nobody_writes_into_a_case_that_does_not_stand_open_to_her(
    world: World, known: KnownAs, people: dict[str, User]
) -> None:
    """S34: raw SQL as the boards' role, with ids that somebody has been told."""
    placement = world.released()
    need = world.again_need(placement)
    way = known(people["colleague"], Login.SOCIAL)
    ids = {"case": need.case_id, "need": need.id, "placement": placement.id, "company": world.company.id}
    for touched in ("update case_ set worker_id = who_user() where id = :case", "delete from need where id = :need"):
        with way.begin() as db:
            assert db.connection().execute(text(touched), ids).rowcount == 0
    for added in (
        "insert into deputy (id, case_id, user_id, until) values (gen_random_uuid(), :case, who_user(), 'infinity')",
        "insert into blocked_company (id, need_id, company_id) values (gen_random_uuid(), :need, :company)",
        (
            "insert into never_again (id, need_id, company_id, object_number)"
            " values (gen_random_uuid(), :need, :company, '1')"
        ),
    ):
        with way() as db, pytest.raises((ProgrammingError, IntegrityError), match="row-level security"):
            db.execute(text(added), ids)
    with world.sessions() as db:
        assert db.exec(select(Deputy)).all() == []
