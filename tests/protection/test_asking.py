"""What somebody who writes SQL as the housing role can find out about exclusions: nothing of a colleague's."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.exc import ProgrammingError

from bostad.accounts.sessions import begin_session
from bostad.accounts.tokens import hash_of
from bostad.needs.household import ContractForm
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.records import clock
from bostad.web.auth import new_token
from bostad.zones.logins import Login
from tests.factories import NOON
from tests.protection.test_excluding import colleague_of, exclude
from tests.roles import in_role
from tests.worlds import World

AS_HOUSING = "set local session authorization bostad_housing"
BOUND = text("select card_is_bound(:card, :reader)")
OPEN = text("select card_is_open(:card, :reader, (now() at time zone 'Europe/Stockholm')::date)")


def told(world: World, question: TextClause, card: UUID, reader: UUID) -> bool:
    """Ask as the housing role does, in the session of the company's first person."""
    at, token = clock(world.sessions), new_token()
    with world.sessions.begin() as db:
        begin_session(db, world.staff_user, token, at=at, proved_at=at)
    with world.sessions() as db:
        db.execute(text("select set_config('bostad.session', :whose, true)"), {"whose": hash_of(token)})
        db.execute(text(AS_HOUSING))
        answer: bool = db.execute(question, {"card": card, "reader": reader}).scalar_one()
        db.execute(text("reset session authorization"))
        db.execute(text("select set_config('bostad.session', '', true)"))
    return answer


def test_a_person_is_answered_about_herself_and_alike_about_every_colleague(world: World) -> None:
    """S05, S31: whether a colleague is kept from something is told to nobody at the company."""
    kept, other = colleague_of(world), colleague_of(world, "Prov Annansson", "annan")
    placement = world.reserved()
    contract = Contract(contract=ContractForm.FIRST_HAND, contract_from=NOON.date(), takeover_on=None)
    service.sign(world.sessions, placement.id, contract, by=world.staff, at=NOON)
    exclude(world, world.again_need(placement))
    card = world.card_of(placement).id

    assert (told(world, BOUND, card, world.staff.id), told(world, OPEN, card, world.staff.id)) == (True, True)
    for question in (BOUND, OPEN):
        assert told(world, question, card, kept.id) == told(world, question, card, other.id)


def test_what_is_kept_from_her_is_answered_like_a_card_that_never_was(world: World) -> None:
    """S05, S06: she may remember an id from before she was excluded, or be told it by a colleague."""
    colleague_of(world)
    placement = world.released()
    card = world.card_of(placement).id
    exclude(world, world.again_need(placement), world.staff_user.username)

    answers = {
        (told(world, BOUND, one, world.staff.id), told(world, OPEN, one, world.staff.id)) for one in (card, uuid4())
    }

    assert answers == {(False, False)}


@pytest.mark.parametrize("question", ["select companies_closed_to(array[:need])", "select is_kept_from(:need, :need)"])
def test_what_a_need_is_closed_to_is_not_for_the_companys_role(world: World, question: str) -> None:
    """S33."""
    need = world.need()

    with in_role(world.sessions, Login.HOUSING)() as db, pytest.raises(ProgrammingError, match="permission denied"):
        db.execute(text(question), {"need": need.id})
