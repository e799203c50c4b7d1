"""Whatever is done in whatever order: each move of a placement has its one row of the log, and no row is alone."""

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from bostad.audit.tables import AuditRow
from bostad.audit.verifying import broken_at
from bostad.errors import BostadError
from bostad.homes.states import WithdrawnBecause
from bostad.homes.tables import Home
from bostad.needs.household import ContractForm, Risk
from bostad.needs.states import ClosedBecause
from bostad.needs.tables import Consent, Need
from bostad.placements import service
from bostad.placements.answers import Contract
from bostad.placements.by_hand import place_by_hand
from bostad.placements.endings import close_case, end_consents, pause_need, revoke_consent, withdraw_home
from bostad.placements.lapsing import lapse_overdue
from bostad.placements.lifecycle import Move, Stage
from bostad.placements.reasons import Closed
from bostad.placements.tables import Placement, PlacementEvent
from bostad.records import Sessions
from tests.factories import NOON, TODAY
from tests.worlds import World, make_world

STEPS = int(os.environ.get("BOSTAD_PROOF_STEPS", "150"))
SEED = int(os.environ.get("BOSTAD_PROOF_SEED", "20261122"))
NOT_MOVES = ("placement.propose", "placement.by_hand", "placement.viewing")


@pytest.fixture
def world(sessions: Sessions) -> World:
    return make_world(sessions, per_month=6)


@dataclass
class Chance:
    """Does one thing after another to a world, chosen by lot; what is refused leaves the world as it was."""

    world: World
    lot: random.Random

    def some(self, kind: type[Placement | Need | Home | Consent]) -> UUID:
        with self.world.sessions() as db:
            ids: Sequence[UUID] = db.exec(select(kind.id).order_by(col(kind.id))).all()
        return self.lot.choice(ids)

    def live(self) -> UUID:
        """Choose among those that go on, most of the time: most moves are theirs."""
        with self.world.sessions() as db:
            going_on = select(Placement.id).where(col(Placement.stage).not_in([Stage.CLOSED, Stage.MOVED_IN]))
            ids = db.exec(going_on.order_by(col(Placement.id))).all()
        return self.lot.choice(ids) if ids else self.some(Placement)

    def case(self) -> UUID:
        with self.world.sessions() as db:
            return db.get_one(Need, self.some(Need)).case_id

    def acts(self) -> Sequence[Callable[[], object]]:
        sessions, worker, staff = self.world.sessions, self.world.worker, self.world.staff
        contract = Contract(contract=ContractForm.FIRST_HAND, contract_from=TODAY)
        return (
            lambda: self.world.need(risk=self.lot.choice(list(Risk)), rent_max=self.lot.choice([7_000, 9_000])),
            self.world.home,
            self.world.run,
            self.world.run,
            self.world.work,
            lambda: service.put_to_household(sessions, self.live(), by=worker, at=NOON),
            lambda: service.release(sessions, self.live(), by=worker, at=NOON),
            lambda: service.release(sessions, self.live(), by=worker, at=NOON),
            lambda: service.decline(sessions, self.live(), Closed.TOO_FAR, by=worker, at=NOON),
            lambda: service.reserve(sessions, self.live(), by=staff, at=NOON),
            lambda: service.reserve(sessions, self.live(), by=staff, at=NOON),
            lambda: service.refuse(sessions, self.live(), Closed.LET_ELSEWHERE, by=staff, at=NOON),
            lambda: service.sign(sessions, self.live(), contract, by=staff, at=NOON),
            lambda: service.hand_over(sessions, self.live(), TODAY, by=self.lot.choice([worker, staff]), at=NOON),
            lambda: service.call_off(sessions, self.live(), Closed.HOUSEHOLD_WITHDREW, by=worker, at=NOON),
            lambda: place_by_hand(sessions, self.case(), self.some(Home), "Nära", by=worker, at=NOON),
            lambda: revoke_consent(sessions, self.some(Consent), by=worker, at=NOON),
            lambda: pause_need(sessions, self.case(), by=worker, at=NOON),
            lambda: close_case(sessions, self.case(), ClosedBecause.MOVED, by=worker, at=NOON),
            lambda: withdraw_home(sessions, self.some(Home), WithdrawnBecause.MISTAKE, by=staff, at=NOON),
            lambda: lapse_overdue(sessions, at=NOON + timedelta(days=self.lot.choice([0, 30]))),
            lambda: end_consents(sessions, at=NOON + timedelta(days=self.lot.choice([0, 0, 400]))),
        )

    def step(self) -> None:
        with suppress(BostadError, IndexError):
            self.lot.choice(self.acts())()


def _consent_of(world: World, placement: Placement) -> UUID:
    with world.sessions() as db:
        return db.exec(select(Consent.id).where(Consent.need_id == placement.need_id)).one()


def test_after_any_commands_moves_and_rows_of_the_log_answer_each_other_one_to_one(world: World) -> None:
    """I06: and every placement's beginning has its row too. `BOSTAD_PROOF_STEPS` says how many commands."""
    revoke_consent(world.sessions, _consent_of(world, world.released()), by=world.worker, at=NOON)
    world.need()
    world.run()
    world.need(risk=Risk.ACUTE)
    world.run()
    chance = Chance(world, random.Random(SEED))  # noqa: S311 - a lot among commands
    for _ in range(STEPS):
        chance.step()

    with world.sessions() as db:
        moves = Counter((event.placement_id, event.move.value) for event in db.exec(select(PlacementEvent)).all())
        rows = db.exec(select(AuditRow).where(col(AuditRow.action).like("placement.%"))).all()
        begun = db.exec(select(Placement.id)).all()
        db.execute(text("set constraints all immediate"))
    logged = Counter((row.subject_id, row.action.partition(".")[2]) for row in rows if row.action not in NOT_MOVES)
    beginnings = Counter(row.subject_id for row in rows if row.action == "placement.by_hand")
    beginnings.update(UUID(one) for row in rows for one in row.facts.get("placements", ()))
    assert moves == logged
    assert set(moves.values()) == {1}
    assert beginnings == Counter(begun)
    assert {move for _, move in moves} >= {Move.PREEMPT, Move.STOP, Move.RELEASE}
    assert broken_at(world.sessions) is None


def test_the_database_takes_no_move_without_its_row(world: World) -> None:
    """I06: even from the table's owner."""
    placement = world.proposal()
    with world.sessions() as db:
        db.add(PlacementEvent(placement_id=placement.id, at=NOON, move=Move.PUT, stage=Stage.PROPOSED))
        db.flush()
        with pytest.raises(IntegrityError, match="exactly one row of the log"):
            db.execute(text("set constraints all immediate"))


def test_a_run_that_takes_back_a_proposal_says_so_of_that_proposal(world: World) -> None:
    """I06: the service's row, for the board, with the run that had the better plan."""
    placement = world.proposal()
    world.need(risk=Risk.ACUTE)
    run_id = world.run()

    with world.sessions() as db:
        row = db.exec(select(AuditRow).where(AuditRow.action == "placement.preempt")).one()
    assert (row.subject_id, row.actor_id, row.board_id) == (placement.id, None, world.board.id)
    assert row.facts == {"because": "better_plan", "run": str(run_id)}
    assert row.case_id == world.again_need(placement).case_id


def test_a_proposal_that_gives_way_to_a_hand_names_whose_hand(world: World) -> None:
    """I06: the person whose act caused it."""
    placement, other = world.proposal(), world.need()

    place_by_hand(world.sessions, other.case_id, placement.home_id, "Nära", by=world.worker, at=NOON)

    with world.sessions() as db:
        row = db.exec(select(AuditRow).where(AuditRow.action == "placement.preempt")).one()
    assert (row.subject_id, row.actor_id) == (placement.id, world.worker.id)
    assert row.facts == {"because": "better_plan"}
