"""Two at once: the database lets one through, and the other is told in plain words."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bostad.agreements.tables import LineMonth
from bostad.audit.verifying import broken_at
from bostad.errors import BostadError
from bostad.needs.tables import Consent
from bostad.placements import service
from bostad.placements.by_hand import place_by_hand
from bostad.placements.endings import revoke_consent
from bostad.placements.lifecycle import STEPS, Stage
from bostad.placements.proposing import Busy
from bostad.placements.reasons import Closed
from bostad.placements.tables import Placement
from tests.factories import NOON
from tests.worlds import World


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do several things at the same moment; give what became of each."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        barrier.wait()
        try:
            act()
        except BostadError as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(one, acts))


def test_of_many_accepts_at_once_one_wins_and_the_others_are_told(real_world: World) -> None:
    """I01, F05. ASVS V2.3.4."""
    world = real_world
    placement = world.proposal()
    acts = [lambda: service.release(world.sessions, placement.id, by=world.worker, at=NOON)] * 8
    assert at_once(*acts) == ["OutOfStep"] * 7 + ["done"]
    assert world.tally().released == 1


def test_one_home_is_placed_by_hand_once(real_world: World) -> None:
    """I01: two households, one home."""
    world = real_world
    home = world.home()
    needs = [world.need() for _ in range(4)]
    acts = [
        lambda need=need: place_by_hand(world.sessions, need.case_id, home.id, "Nära", by=world.worker, at=NOON)
        for need in needs
    ]
    assert at_once(*acts) == ["OutOfStep"] * 3 + ["done"]


def test_one_household_is_promised_one_home(real_world: World) -> None:
    """I02: two homes, one household."""
    world = real_world
    need = world.need()
    acts = [
        lambda home=home: place_by_hand(world.sessions, need.case_id, home.id, "Nära", by=world.worker, at=NOON)
        for home in [world.home() for _ in range(4)]
    ]
    assert at_once(*acts) == ["OutOfStep"] * 3 + ["done"]


def test_two_colleagues_at_the_company_answer_differently_at_once(real_world: World) -> None:
    """F05: either the home is reserved and then declined, or the card is gone before it can be reserved."""
    world = real_world
    placement = world.proposal()
    service.release(world.sessions, placement.id, by=world.worker, at=NOON)
    outcome = at_once(
        lambda: service.reserve(world.sessions, placement.id, by=world.staff, at=NOON),
        lambda: service.refuse(world.sessions, placement.id, Closed.LET_ELSEWHERE, by=world.staff, at=NOON),
    )
    assert outcome in (["done", "done"], ["Missing", "done"], ["OutOfStep", "done"])
    assert world.again(placement).stage is Stage.CLOSED
    assert world.card_of(placement).withdrawn_at == NOON


@pytest.mark.slow
def test_nothing_is_shared_after_a_consent_was_taken_back(real_world: World) -> None:
    """I04: revoke against accept, over and over; whatever the order, no card lives on. ASVS V15.4.2."""
    world = real_world
    for _ in range(10):
        _accept_and_revoke(world)
    assert world.tally().released == 0
    assert broken_at(world.sessions) is None


def _accept_and_revoke(world: World) -> None:
    placement = world.proposal()
    with world.sessions() as db:
        consent = db.exec(select(Consent).where(Consent.need_id == placement.need_id)).one()
    at_once(
        lambda: service.release(world.sessions, placement.id, by=world.worker, at=NOON),
        lambda: revoke_consent(world.sessions, consent.id, by=world.worker, at=NOON),
    )
    now = world.again(placement)
    assert now.stage is Stage.CLOSED
    assert now.card_id is None or world.card_of(now).withdrawn_at is not None
    with world.sessions.begin() as db:
        db.execute(text("update home set state = 'let' where id = :id"), {"id": placement.home_id})


def test_one_run_at_a_time(real_world: World) -> None:
    world = real_world
    world.need()
    world.home()

    def run() -> str:
        try:
            world.run()
        except Busy:
            return "busy"
        return "done"

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda _: run(), range(4)))
    assert "done" in outcomes
    with world.sessions() as db:
        assert len(db.exec(select(Placement)).all()) == 1


def test_the_database_itself_refuses_a_second_promise_and_an_overdrawn_month(real_world: World) -> None:
    """I01, I02, I03: with no Python in between."""
    world = real_world
    placement = world.proposal()
    other = world.need()
    copied = text(
        "insert into placement select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(),"
        " 'need_id', coalesce(:need, p.need_id), 'home_id', coalesce(:home, p.home_id)))).* from placement p"
    )
    for changed in ({"need": other.id, "home": None}, {"need": None, "home": world.home().id}):
        with pytest.raises(IntegrityError, match="uq_placement_live"), world.sessions.begin() as db:
            db.execute(copied, changed)
    with pytest.raises(IntegrityError, match="quota_kept"), world.sessions.begin() as db:
        db.exec(select(LineMonth)).one().released = 2
    assert world.again(placement).stage is Stage.PROPOSED


@pytest.mark.parametrize("before", list(Stage))
def test_the_database_knows_the_same_steps_as_the_rules(world: World, before: Stage) -> None:
    """I08: legal stages only, whoever writes. ASVS V2.3.1."""
    placement = world.proposal()
    legal = {step.to for (stage, _), step in STEPS.items() if stage is before} | {before}
    for after in Stage:
        with world.sessions() as db:
            db.execute(text("alter table placement disable trigger placement_moves_legally"))
            put_aside = (
                "update placement set stage = :stage, closed_because = :because, contract = 'first_hand',"
                " moved_in_on = now() where id = :id"
            )
            db.execute(text("alter table placement drop constraint ck_placement_shared_by_card"))
            values = {"id": placement.id, "stage": before, "because": "unsafe" if before is Stage.CLOSED else None}
            db.execute(text(put_aside), values)
            db.execute(text("alter table placement enable trigger placement_moves_legally"))
            values = {"id": placement.id, "stage": after, "because": "unsafe" if after is Stage.CLOSED else None}
            try:
                db.execute(text(put_aside), values)
                allowed = True
            except IntegrityError:
                allowed = False
            db.rollback()
        assert allowed == (after in legal), f"{before} -> {after}"
