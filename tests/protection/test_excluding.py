"""A person or a company that must not hear of a household: nothing of it is there for her, and nothing says why."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bostad.accounts.access import Actor, Role
from bostad.accounts.tables import User
from bostad.agreements.pages import ledger
from bostad.errors import Invalid, Missing, NotAllowed
from bostad.needs.avoiding import block_companies
from bostad.needs.household import ContractForm
from bostad.needs.sharing import card_for
from bostad.needs.tables import Need
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.placements.lists import to_answer
from bostad.placements.tables import Placement
from bostad.protection.answers import NamedPerson
from bostad.protection.closed import is_closed
from bostad.protection.deciding import decisions
from bostad.protection.excluding import ask_to_lift, decide_to_lift, exclude_person
from bostad.protection.tables import BlockedCompany, ExcludedStaff
from tests import factories
from tests.browsing import Browser
from tests.factories import NOON, TODAY, actor
from tests.worlds import World


def colleague_of(world: World, name: str = "Kristina Provgren", username: str = "kripro") -> User:
    """Let one more person work at the company."""
    with world.writing():
        user: User = factories.UserFactory(
            organisation=world.company, role=Role.HOUSING_STAFF, name=name, username=username
        )
    return user


def exclude(world: World, need: Need, name: str = "Kristina Provgren") -> None:
    answers = NamedPerson(company_id=world.company.id, person=name)
    exclude_person(world.sessions, need.case_id, answers, by=world.worker, at=NOON)


def manager_of(world: World) -> Actor:
    with world.writing():
        unit = world.unit_id
        user = factories.UserFactory(
            organisation=world.board, unit=None, unit_id=unit, role=Role.UNIT_MANAGER, username="provchef"
        )
    return actor(user, world.board)


NAMED_ALIKE = [
    ("Kristina Provgren", True),
    ("kristina  PROVGREN", True),
    ("Provgren, Kristina Maria", True),
    ("Christina Provgren", True),
    ("Kristína Provgrenn", True),
    ("kripro", True),
    ("Kristina", False),
    ("Provgren", False),
    ("Kristina Provkvist", False),
    ("-", False),
]


@pytest.mark.parametrize(("written", "meant"), NAMED_ALIKE)
def test_a_person_is_meant_however_her_name_is_spelt_and_a_namesake_by_half_is_not(
    world: World, written: str, *, meant: bool
) -> None:
    """S05: the service compares; nobody is shown a list of a company's people."""
    colleague = actor(colleague_of(world), world.company)
    placement = world.released()
    need = world.again_need(placement)
    with world.sessions.begin() as db:
        db.add(ExcludedStaff(need_id=need.id, company_id=world.company.id, name=written))

    hers = [line.id for line in to_answer(world.sessions, by=colleague, at=NOON).lines]
    assert hers == ([] if meant else [placement.id])


@pytest.mark.parametrize("stage", ["released", "reserved", "signed"])
def test_a_placement_is_absent_to_the_byte_for_the_person_excluded_and_as_before_for_her_colleagues(
    world: World, browse: Callable[[User | None], Browser], stage: str
) -> None:
    """S05, S06: page, move, list and card; at every stage, also when a contract binds the company."""
    colleague = colleague_of(world)
    placement = {"released": world.released, "reserved": world.reserved, "signed": lambda: signed(world)}[stage]()
    exclude(world, world.again_need(placement))

    browser = browse(colleague)
    hers, absent = (browser.get(f"/placements/{one}") for one in (placement.id, UUID(int=7)))
    assert (hers.status_code, hers.text) == (404, absent.text)
    assert browse(world.staff_user).get(f"/placements/{placement.id}").status_code == 200
    with world.sessions() as db, pytest.raises(Missing):
        card_for(db, world.card_of(placement).id, by=actor(colleague, world.company), on=TODAY)
    with pytest.raises(Missing):
        service.hand_over(world.sessions, placement.id, TODAY, by=actor(colleague, world.company), at=NOON)


def signed(world: World) -> Placement:
    placement = world.reserved()
    contract = Contract(contract=ContractForm.FIRST_HAND, contract_from=TODAY)
    service.sign(world.sessions, placement.id, contract, by=world.staff, at=NOON)
    return placement


def test_the_count_of_a_month_leaves_out_what_is_hidden_from_the_one_who_reads_it(world: World) -> None:
    """S05: also in counts."""
    colleague = actor(colleague_of(world), world.company)
    placement = world.released()
    exclude(world, world.again_need(placement))

    assert [line.now.released for line in ledger(world.sessions, by=colleague, on=TODAY)] == [0]
    assert [line.now.released for line in ledger(world.sessions, by=world.staff, on=TODAY)] == [1]


def test_a_company_where_nobody_would_be_left_takes_no_part(world: World) -> None:
    """S05: its silence would tell; so the matching treats it as excluded whole."""
    need, _ = world.need(consent=False), world.home()
    exclude(world, need, world.staff_user.name)
    with world.writing():
        factories.ConsentFactory(need=need, company=world.company, by=world.worker_user)

    world.run()

    assert world.placement_of(need) is None
    with world.sessions() as db:
        assert is_closed(db, need.id, world.company.id)


def test_the_last_person_is_not_excluded_beside_a_consent_that_holds(world: World) -> None:
    need = world.need()

    with pytest.raises(Invalid):
        exclude(world, need, world.staff_user.name)
    colleague_of(world)
    exclude(world, need, world.staff_user.name)


@pytest.mark.parametrize("how", ["whole", "by name"])
def test_the_database_refuses_a_proposal_that_the_code_forgot_to_refuse(world: World, how: str) -> None:
    """S05: a trigger, whoever writes."""
    need, home = world.need(consent=False), world.home()
    if how == "whole":
        block_companies(world.sessions, need.case_id, [world.company.id], by=world.worker, at=NOON)
    else:
        exclude(world, need, world.staff_user.name)

    placement = Placement(
        need_id=need.id,
        home_id=home.id,
        board_id=world.board.id,
        company_id=world.company.id,
        proposed_at=NOON,
        stage_since=NOON,
    )
    with pytest.raises(IntegrityError, match="closed to this company"), world.sessions.begin() as db:
        db.add(placement)


def test_an_exclusion_is_lifted_by_two_and_by_nobody_alone(world: World) -> None:
    """S24: a single person is refused by the service and by the database; the manager decides. ASVS V2.3.5."""
    need, manager = world.need(consent=False), manager_of(world)
    exclude(world, need)
    [exclusion] = rows_of(world)
    ask_to_lift(world.sessions, need.case_id, exclusion.id, by=world.worker, at=NOON)

    with pytest.raises(NotAllowed):
        decide_to_lift(world.sessions, exclusion.id, lift=True, by=world.worker, at=NOON)
    assert [one.id for one in decisions(world.sessions, by=manager, at=NOON).waiting] == [exclusion.id]
    assert decisions(world.sessions, by=world.worker, at=NOON).waiting == ()
    decide_to_lift(world.sessions, exclusion.id, lift=True, by=manager, at=NOON)

    [exclusion] = rows_of(world)
    assert (exclusion.lift_asked_by, exclusion.lifted_by) == (world.worker.id, manager.id)


def test_the_database_lets_nobody_lift_an_exclusion_alone_or_delete_it(world: World) -> None:
    """S24."""
    need = world.need(consent=False)
    exclude(world, need)
    block_companies(world.sessions, need.case_id, [world.company.id], by=world.worker, at=NOON)

    for kind in (ExcludedStaff, BlockedCompany):
        with pytest.raises(IntegrityError, match="lifted by two"), world.sessions.begin() as db:
            db.exec(select(kind)).one().lifted_by = world.worker.id
        with pytest.raises(IntegrityError, match="lifted by two"), world.sessions.begin() as db:
            db.delete(db.exec(select(kind)).one())


def test_a_company_that_is_unticked_stays_excluded_until_somebody_else_agrees(world: World) -> None:
    """S24."""
    need, manager = world.need(consent=False), manager_of(world)
    block_companies(world.sessions, need.case_id, [world.company.id], by=world.worker, at=NOON)
    block_companies(world.sessions, need.case_id, [], by=world.worker, at=NOON)

    [asked] = decisions(world.sessions, by=manager, at=NOON).waiting
    with world.sessions() as db:
        assert is_closed(db, need.id, world.company.id)
    decide_to_lift(world.sessions, asked.id, lift=False, by=manager, at=NOON)
    assert decisions(world.sessions, by=manager, at=NOON).waiting == ()
    block_companies(world.sessions, need.case_id, [], by=world.worker, at=NOON)
    decide_to_lift(world.sessions, asked.id, lift=True, by=manager, at=NOON)
    with world.sessions() as db:
        assert not is_closed(db, need.id, world.company.id)


def test_whoever_names_a_person_is_not_told_whether_she_works_there(
    world: World, browse: Callable[[User | None], Browser]
) -> None:
    """S05: naming people one after the other gives no list of a company's staff."""
    colleague_of(world)
    need, worker = world.need(consent=False), browse(world.worker_user)
    here = f"/cases/{need.case_id}/answers/areas"

    answers = [
        worker.post(f"{here}/people", company_id=str(world.company.id), person=name, follow=False)
        for name in ("Kristina Provgren", "Ingen Alls")
    ]

    assert [(one.status_code, one.headers["location"]) for one in answers] == [(303, here), (303, here)]
    assert "kripro" not in worker.get(here).text


def rows_of(world: World) -> list[ExcludedStaff]:
    with world.sessions() as db:
        return list(db.exec(select(ExcludedStaff)).all())
